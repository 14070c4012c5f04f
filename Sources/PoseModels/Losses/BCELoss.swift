import PyConfig
public import Torch

/// Binary cross entropy of logits, or of probabilities when the config says `use_sigmoid=True` (the sigmoid has been
/// applied already).
///
/// Shapes: output and target `(N, K)`, weights `(N, K)` or `(N)`.
public struct BCELoss: TargetLoss {
    /// Whether weights count.
    var usesWeights: Bool { use.isOn }
    /// Whether the outputs are probabilities.
    let takesProbabilities: Bool
    private let reduction: LossReduction
    private let use: WeightUse
    private let weight: Double

    init(_ arguments: Arguments) throws {
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
        reduction = try arguments.reduction()
        takesProbabilities = try arguments.bool("use_sigmoid", default: false)
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        var loss =
            try takesProbabilities
            ? output.binaryCrossEntropy(target, reduction: .none)
            : output.binaryCrossEntropyWithLogits(target, reduction: .none)
        if let weights = try use(weights) { loss = try loss * (weights.rank == 1 ? weights.unsqueeze(1) : weights) }
        return try loss.reduced(reduction) * weight
    }
}
