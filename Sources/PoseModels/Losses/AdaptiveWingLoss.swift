import PyConfig
public import Torch

/// Adaptive wing loss of heatmaps (Wang et al. 2019): steep where the truth is bright, lenient on the background.
///
/// Shapes: output and target `(B, K, H, W)`, weights `(B, K)` or `(B, K, H, W)`, which multiply both.
public struct AdaptiveWingLoss: TargetLoss {
    private let alpha, omega, epsilon, theta: Double
    private let use: WeightUse
    private let weight: Double

    init(_ arguments: Arguments) throws {
        alpha = try arguments.double("alpha", default: 2.1)
        omega = try arguments.double("omega", default: 14)
        epsilon = try arguments.double("epsilon", default: 1)
        theta = try arguments.double("theta", default: 0.5)
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        var (output, target) = (output, target)
        if let weights = try use(weights)?.paddedRank(to: target.rank) {
            output = try output * weights
            target = try target * weights
        }
        let difference = try (target - output).abs()
        let exponent = try alpha - target
        let ratio = try Tensor.full([], theta / epsilon, dtype: output.dtype, device: output.device)
        let power = try ratio.pow(exponent)
        // Slope and offset that continue the logarithm beyond theta without a kink.
        let slope = try (power + 1).reciprocal() * omega * exponent * ratio.pow(exponent - 1) * (1 / epsilon)
        let offset = try slope * theta - (power + 1).log() * omega
        let near = try ((difference / epsilon).pow(exponent) + 1).log() * omega
        return try Tensor.where(difference.lt(theta), near, slope * difference - offset).mean() * weight
    }
}
