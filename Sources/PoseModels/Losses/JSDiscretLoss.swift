import PyConfig
public import Torch

/// Jensen–Shannon divergence of heatmaps that are distributions (DSNT, Nibali et al. 2018), summed and divided by the
/// number of samples.
///
/// Shapes: output and target `(N, K, H, W)`, weights `(N, K)` or `(N)`, which multiply both.
public struct JSDiscretLoss: TargetLoss {
    private let use: WeightUse
    private let averages: Bool

    init(_ arguments: Arguments) throws {
        use = try arguments.weightUse(default: true)
        averages = try arguments.bool("size_average", default: true)
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        var (output, target) = (output, target)
        if let weights = try use(weights)?.paddedRank(to: output.rank) {
            output = try output * weights
            target = try target * weights
        }
        let middle = try ((output + target) * 0.5 + 1e-24).log()
        let loss =
            try (middle.klDivergence(output, reduction: .none) + middle.klDivergence(target, reduction: .none)) * 0.5
        return try (averages ? loss / target.size(0) : loss).sum()
    }
}
