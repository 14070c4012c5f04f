import PyConfig
public import Torch

/// Mean squared error of the worst heatmaps of each sample (online hard keypoint mining, Chen et al. 2018).
///
/// Shapes: output and target `(B, K, H, W)`, weights `(B, K)`, which multiply before squaring.
public struct KeypointOHKMMSELoss: TargetLoss {
    private let use: WeightUse
    private let weight: Double
    private let count: Int

    init(_ arguments: Arguments) throws {
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
        count = try arguments.int("topk", default: 8, in: 1...65536)
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        guard try output.size(1) >= count else {
            throw ModelError.invalidInput(
                "the loss keeps \(count) keypoints (topk), but there are \(try output.size(1))")
        }
        var (output, target) = (output, target)
        if let weights = try use(weights)?.paddedRank(to: output.rank) {
            output = try output * weights
            target = try target * weights
        }
        let errors = try output.mseLoss(target, reduction: .none).mean(dims: [2, 3])
        return try errors.topk(count, dim: 1).values.sum(dim: 1).mean() / count * weight
    }
}
