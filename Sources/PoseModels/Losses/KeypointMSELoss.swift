import PyConfig
public import Torch

/// Mean squared error of heatmaps. The mean is over all pixels: weights and mask only take away from the sum.
///
/// As in MMPose weights count whenever there are some; the argument `use_target_weight` changes nothing.
public struct KeypointMSELoss: MaskableLoss {
    private let masking: HeatmapMasking
    private let weight: Double

    init(_ arguments: Arguments) throws {
        masking = try HeatmapMasking(arguments)
        weight = try arguments.lossWeight()
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?, mask: Tensor?) throws -> Tensor {
        guard let mask = try masking(target, weights: weights, mask: mask) else {
            return try output.mseLoss(target) * weight
        }
        return try (output.mseLoss(target, reduction: .none) * mask).mean() * weight
    }
}

/// Which pixels of heatmaps a loss looks at, and how much each counts.
struct HeatmapMasking: Sendable {
    private let skipsEmptyChannels: Bool

    init(_ arguments: Arguments) throws {
        skipsEmptyChannels = try arguments.bool("skip_empty_channel", default: false)
        arguments.ignore("use_target_weight")
    }

    /// One mask of everything that is given, broadcastable to the target; nil when all pixels count alike.
    ///
    /// - Throws: `ModelError.invalidInput` when weights or mask do not fit the target.
    func callAsFunction(_ target: Tensor, weights: Tensor?, mask: Tensor?) throws -> Tensor? {
        let shape = target.shape
        if let mask {
            let fits = mask.rank == shape.count && zip(mask.shape, shape).allSatisfy { $0 == $1 || $0 == 1 }
            guard fits else {
                throw ModelError.invalidInput("a mask of shape \(mask.shape) does not fit heatmaps of shape \(shape)")
            }
        }
        var factors = mask.map { [$0] } ?? []
        if let weights {
            guard weights.shape == Array(shape.prefix(weights.rank)), [2, 4].contains(weights.rank) else {
                throw ModelError.invalidInput(
                    "target weights of shape \(weights.shape) do not fit heatmaps of shape \(shape)")
            }
            factors.append(try weights.paddedRank(to: shape.count))
        }
        if skipsEmptyChannels {
            factors.append(try target.ne(0).flatten(from: 2).any(dim: 2).paddedRank(to: shape.count))
        }
        guard let first = factors.first else { return nil }
        return try factors.dropFirst().reduce(first) { try $0 * $1 }
    }
}
