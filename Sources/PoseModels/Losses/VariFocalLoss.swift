import PyConfig
public import Torch

/// Varifocal loss of logits (Zhang et al. 2021): positives count by their target, negatives the more the surer the output
/// is. What is infinite or not a number counts nothing.
///
/// Shapes: output and target `(N, K)`, weights `(N, K)` or `(N)`.
public struct VariFocalLoss: TargetLoss {
    private let alpha, gamma: Double
    private let reduction: LossReduction
    private let use: WeightUse
    private let weight: Double

    init(_ arguments: Arguments) throws {
        alpha = try arguments.double("alpha", default: 0.75)
        gamma = try arguments.double("gamma", default: 2)
        reduction = try arguments.reduction()
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        let isPositive = try target.gt(1e-4).to(target.dtype)
        let focus = try output.sigmoid().pow(gamma) * alpha * (1 - isPositive) + target
        var loss =
            try output.clamp(min: -10, max: 10).binaryCrossEntropyWithLogits(target, reduction: .none) * focus
        if let weights = try use(weights) { loss = try loss * (weights.rank == 1 ? weights.unsqueeze(1) : weights) }
        loss = try loss.maskedFill(loss.isinf(), 0)
        loss = try loss.maskedFill(loss.isnan(), 0)
        return try loss.reduced(reduction) * weight
    }
}
