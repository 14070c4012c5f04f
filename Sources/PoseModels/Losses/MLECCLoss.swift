import PyConfig
public import Torch

/// Maximum likelihood of coordinates that are classified (RTMO, Lu et al. 2023): the probability that the predicted
/// distributions give to the true ones, all axes multiplied.
///
/// Shapes: for each axis `(N, K, bins)`; weights `(N)` or `(N, K)`. Reductions other than "none" leave `(N)`.
public struct MLECCLoss: DistributionLoss {
    private let reduction: LossReduction
    private let mode: SimilarityMode
    private let use: WeightUse
    private let weight: Double

    init(_ arguments: Arguments) throws {
        reduction = try arguments.reduction()
        mode = try arguments.similarityMode(default: .log)
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
    }

    public func callAsFunction(_ output: [Tensor], _ target: [Tensor], weights: Tensor?) throws -> Tensor {
        guard output.count == target.count, !output.isEmpty else {
            throw ModelError.invalidInput("\(output.count) predicted axes against \(target.count) true ones")
        }
        let likelihoods = try zip(output, target).map { try ($0 * $1).sum(dim: -1) }
        let probability = try likelihoods.dropFirst().reduce(likelihoods[0]) { try $0 * $1 }
        var loss = try mode == .log ? -(probability + 1e-4).log() : mode.loss(probability)
        loss = try loss.maskedFill(loss.isnan(), 0)
        if let weights = try use(weights) { loss = try loss * weights.paddedRank(to: loss.rank) }
        switch reduction {
        case .none: break
        case .sum: loss = try loss.flatten(from: 1).sum(dim: 1)
        case .mean: loss = try loss.flatten(from: 1).mean(dim: 1)
        }
        return try loss * weight
    }
}

/// How a similarity between 0 and 1 becomes a loss.
enum SimilarityMode: String, CaseIterable, Sendable {
    case linear, square, log

    func loss(_ similarity: Tensor) throws -> Tensor {
        switch self {
        case .linear: try 1 - similarity
        case .square: try 1 - similarity.pow(2)
        case .log: try -similarity.log()
        }
    }
}

extension Arguments {
    /// `mode` of a loss that starts from a similarity.
    func similarityMode(default value: SimilarityMode) throws -> SimilarityMode {
        let name = try string("mode", default: value.rawValue)
        guard let mode = SimilarityMode(rawValue: name) else {
            throw invalid("mode", "must be 'linear', 'square' or 'log', not '\(name)'")
        }
        return mode
    }
}
