import PyConfig
public import Torch

/// Mean squared error of UDP's combined maps (Huang et al. 2020): half of each of presence, x offset and y offset; the
/// offsets only where the true presence map says so.
///
/// Shapes: output and target `(B, 3K, H, W)`, weights `(B, K)`.
public struct CombinedTargetMSELoss: TargetLoss {
    private let use: WeightUse
    private let weight: Double

    init(_ arguments: Arguments) throws {
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        func parts(_ maps: Tensor) throws -> [Tensor] {
            try maps.flatten(from: 2).unflatten(1, [-1, 3]).unbind(dim: 2)
        }
        let predicted = try parts(output)
        let truth = try parts(target)
        var presence = predicted[0]
        var truePresence = truth[0]
        if let weights = try use(weights)?.unsqueeze(-1) {
            presence = try presence * weights
            truePresence = try truePresence * weights
        }
        let errors = try [
            presence.mseLoss(truePresence),
            (truePresence * predicted[1]).mseLoss(truePresence * truth[1]),
            (truePresence * predicted[2]).mseLoss(truePresence * truth[2]),
        ]
        return try (errors[0] + errors[1] + errors[2]) * 0.5 * weight
    }
}
