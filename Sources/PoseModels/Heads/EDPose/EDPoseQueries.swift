import PyConfig
import Torch

/// Where the decoder of ED-Pose starts: the pixels most likely to be people (two stages), or learned queries.
///
/// Keys: `query_embedding`, `refpoint_embedding`; or `memory_trans_fc`, `memory_trans_norm`, `enc_out_bbox_embed`,
/// `enc_out_class_embed`.
final class EDPoseQueries: Sendable {
    /// Content `(B, Q, width)` and boxes `(B, Q, 4)`, centre and size as parts of the input.
    struct Start {
        let content, boxes: Tensor
    }

    private enum Source: Sendable {
        case learned(content: Embedding, boxes: Embedding)
        case pixels(projection: Linear, norm: LayerNorm, box: BranchPerceptron, score: Linear)
    }

    /// `num_queries`
    let count: Int
    private let source: Source

    init(at path: ParameterPath, _ arguments: Arguments, width: Int, predictors: EDPosePredictors) throws {
        count = try arguments.int("num_queries", default: 100, in: 1...1 << 20)
        let sharesScore = try arguments.bool("dec_pred_class_embed_share", default: false)
        let sharesBox = try arguments.bool("dec_pred_bbox_embed_share", default: false)
        guard try arguments.bool("as_two_stage", default: false) else {
            source = .learned(
                content: try Embedding(at: path / "query_embedding", count: count, dimension: width),
                boxes: try Embedding(at: path / "refpoint_embedding", count: count, dimension: 4))
            return
        }
        let projection = try Linear(
            at: path / "memory_trans_fc", in: width, out: width, initializer: .xavierUniform())
        let norm = try LayerNorm(at: path / "memory_trans_norm", shape: [width])
        let (boxPath, scorePath) = (path / "enc_out_bbox_embed", path / "enc_out_class_embed")
        if sharesScore, sharesBox {
            try predictors.boxes[0].share(at: boxPath)
            try predictors.scores[0].share(at: scorePath)
            source = .pixels(
                projection: projection, norm: norm, box: predictors.boxes[0], score: predictors.scores[0])
        } else {
            source = .pixels(
                projection: projection, norm: norm,
                box: try BranchPerceptron(at: boxPath, widths: [width, width, width, 4], endsAtZero: true),
                score: try predictors.scoreLayer(at: scorePath))
        }
    }

    /// - Parameter centers: of the pixels of all maps, `(1, ΣHᵢWᵢ, 2)`.
    func callAsFunction(_ memory: Tensor, centers: Tensor, sizes: [MapSize]) throws -> Start {
        switch source {
        case .learned(let content, let boxes):
            let batch = memory.shape[0]
            return Start(
                content: try content.weight.tensor.unsqueeze(0).expand([batch, -1, -1]),
                boxes: try boxes.weight.tensor.unsqueeze(0).expand([batch, -1, -1]).sigmoid())
        case .pixels(let projection, let norm, let box, let score):
            let tokens = try memory.size(1)
            guard tokens >= count else {
                throw ModelError.invalidInput(
                    "maps of \(tokens) pixels together are too small for \(count) queries (num_queries)")
            }
            // A box around every pixel, larger on coarser maps; those at the border do not count.
            let extents = try Tensor.cat(
                sizes.enumerated().map { level, size in
                    try Tensor.full([1, size.count, 2], 0.05 * Double(1 << min(level, 62)))
                }, dim: 1
            ).to(device: memory.device)
            let proposals = try Tensor.cat([centers, extents], dim: 2)
            let outside = try proposals.gt(0.01).logicalAnd(proposals.lt(0.99)).all(dim: -1, keepDim: true).logicalNot()
            let content = try norm(projection(memory.maskedFill(outside, 0)))
            let boxes = try box(content) + proposals.boundedLogit().maskedFill(outside, .infinity)
            let best = try score(content).amax(dim: -1).topk(count, dim: 1).indices.unsqueeze(-1)
            return Start(
                content: try content.takeAlong(dim: 1, index: best).detach(),
                boxes: try boxes.takeAlong(dim: 1, index: best).detach().sigmoid())
        }
    }

    /// The centres of a map's pixels as parts of it, `(HW, 2)`.
    static func centers(_ size: MapSize) throws -> Tensor {
        func along(_ extent: Int) throws -> Tensor {
            try (Tensor.arange(extent, dtype: .float32) + 0.5) / Double(extent)
        }
        let rows = try along(size.height).repeatInterleave(size.width, dim: 0)
        return try Tensor.stack([along(size.width).repeat([size.height]), rows], dim: -1)
    }
}
