import PyConfig
public import Torch

/// Focal loss of heatmaps (CornerNet, Law and Deng 2018): pixels with the value 1 are positive, the others count less the
/// closer they are to one.
///
/// Shapes: output (probabilities) and target `(B, K, H, W)`, weights `(B, K)` or `(B, K, H, W)`.
public struct FocalHeatmapLoss: MaskableLoss {
    private let alpha, beta: Double
    private let masking: HeatmapMasking
    private let weight: Double

    init(_ arguments: Arguments) throws {
        alpha = try arguments.double("alpha", default: 2)
        beta = try arguments.double("beta", default: 4)
        masking = try HeatmapMasking(arguments)
        weight = try arguments.lossWeight()
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?, mask: Tensor?) throws -> Tensor {
        var positive = try target.eq(1).to(.float32)
        var negative = try target.lt(1).to(.float32)
        if let mask = try masking(target, weights: weights, mask: mask) {
            positive = try positive * mask
            negative = try negative * mask
        }
        let distance = try (1 - target).pow(beta)
        let found = try output.log() * (1 - output).pow(alpha) * positive
        let rejected = try (1 - output).log() * output.pow(alpha) * distance * negative
        let count = try positive.sum()
        let loss = try count.item() == 0 ? -rejected.sum() : -(found.sum() + rejected.sum()) / count
        return try loss * weight
    }
}
