import PyConfig
public import Torch

/// How little boxes overlap (Yu et al. 2016).
///
/// Shapes: boxes as left, top, right, bottom `(N, 4)`, weights `(N)`.
public struct IoULoss: TargetLoss {
    private let reduction: LossReduction
    private let mode: SimilarityMode
    private let epsilon: Double
    private let weight: Double

    init(_ arguments: Arguments) throws {
        reduction = try arguments.reduction()
        mode = try arguments.similarityMode(default: .log)
        epsilon = try arguments.double("eps", default: 1e-16)
        weight = try arguments.lossWeight()
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        var loss = try mode.loss(BoxOverlap.aligned(output, target).clamp(min: epsilon))
        if let weights { loss = try loss * weights.paddedRank(to: loss.rank) }
        return try loss.reduced(reduction) * weight
    }
}

/// Intersection over union of boxes as tensors: left, top, right, bottom along the last dimension.
enum BoxOverlap {
    /// Of each box with the one in its place: `(…, N, 4)` twice → `(…, N)`.
    static func aligned(_ first: Tensor, _ second: Tensor) throws -> Tensor {
        try overlap(first, second)
    }

    /// Of every box with every other: `(…, M, 4)` and `(…, N, 4)` → `(…, M, N)`.
    static func pairs(_ first: Tensor, _ second: Tensor) throws -> Tensor {
        try overlap(first.unsqueeze(-2), second.unsqueeze(-3))
    }

    private static func overlap(_ first: Tensor, _ second: Tensor) throws -> Tensor {
        func corners(_ boxes: Tensor) throws -> (low: Tensor, high: Tensor) {
            (try boxes[.ellipsis, ..<2], try boxes[.ellipsis, 2...])
        }
        func area(_ size: Tensor) throws -> Tensor { try size[.ellipsis, 0] * size[.ellipsis, 1] }
        let (a, b) = (try corners(first), try corners(second))
        let common = try area((a.high.minimum(b.high) - a.low.maximum(b.low)).clamp(min: 0))
        let union = try area(a.high - a.low) + area(b.high - b.low) - common
        // A tensor as the limit, as PyTorch code has it: equal values share the gradient.
        return try common / union.maximum(Tensor.full([1], 1e-6, dtype: union.dtype, device: union.device))
    }
}
