import PyConfig
import Torch

/// The decoder of ED-Pose: its first layers refine boxes; the best of them then get a query for each keypoint, and further
/// layers refine boxes and keypoints together.
///
/// From then on a group of queries is one person: the box's, then each keypoint's. Queries look at their own group; boxes
/// look at each other, too.
///
/// Keys, under `decoder`: `layers.N`, `norm`, `ref_point_head`, `hw`, `keypoint_embed`, and those of `EDPosePredictors`.
final class EDPoseDecoder: Sendable {
    let width, levels: Int
    /// People that go on to have keypoints, `num_group`.
    let groups: Int
    let predictors: EDPosePredictors
    private let layers: [DeformableDecoderLayer]
    private let boxLayers, keypointCount: Int
    private let norm: LayerNorm
    private let places: BranchPerceptron
    private let keypointSizes, keypointContents: Embedding

    /// - Parameter path: of the head.
    init(at path: ParameterPath, _ arguments: Arguments, predictions: Arguments, keypoints: Int) throws {
        let own = path / "decoder"
        let style = try DeformableDecoderLayer.Style(arguments.requiredChild("layer_cfg"))
        width = try arguments.int("embed_dims", default: 256, in: 4...65536)
        levels = style.crossAttention.levels
        guard style.crossAttention.width == width, width % 4 == 0 else {
            throw arguments.invalid(
                "embed_dims", "must be that of the layers, \(style.crossAttention.width), and 4 divide it")
        }
        guard try arguments.int("query_dim", default: 4) == 4 else {
            throw arguments.invalid("query_dim", "queries have boxes: 4")
        }
        groups = try arguments.int("num_group", default: 100, in: 1...65536)
        boxLayers = try arguments.int("num_box_decoder_layers", default: 2, in: 1...1024)
        keypointCount = keypoints
        let depth = try arguments.int("num_layers", in: 1...1024)
        guard depth > boxLayers else {
            throw arguments.invalid("num_layers", "must be over num_box_decoder_layers \(boxLayers)")
        }
        layers = try (0..<depth).map { try DeformableDecoderLayer(at: own / "layers" / $0, style) }
        norm = try LayerNorm(at: own / "norm", shape: [width])
        places = try BranchPerceptron(at: own / "ref_point_head", widths: [2 * width, width, width])
        keypointSizes = try Embedding(at: own / "hw", count: keypoints, dimension: 2)
        keypointContents = try Embedding(at: own / "keypoint_embed", count: keypoints, dimension: width)
        predictors = try EDPosePredictors(
            at: path / "out_head", copies: own, predictions, width: width, keypointCount: keypoints,
            boxLayers: boxLayers)
        guard depth <= predictors.boxes.count else {
            throw arguments.invalid(
                "num_layers", "\(depth) layers have \(predictors.boxes.count) predictors (num_pred_layer)")
        }
        // Queries of training alone, the maps' number, which the layers say, and intermediate results, which are needed.
        arguments.ignore("num_dn", "num_feature_levels", "return_intermediate")
        try arguments.finish()
    }

    /// - Parameter memory: `(B, ΣHᵢWᵢ, width)`, the encoder's.
    func callAsFunction(_ start: EDPoseQueries.Start, memory: Tensor, sizes: [MapSize]) throws -> HeadTensors {
        var (content, boxes) = (start.content, start.boxes)
        let mask = try groupMask().to(device: memory.device)
        for (index, layer) in layers.enumerated() {
            let input = boxes
            content = try layer(
                content, positions: places(code(input)), mask: index < boxLayers ? nil : mask, values: memory,
                references: input, sizes: sizes)
            if index == layers.count - 1 { return try output(norm(content), references: input) }
            if index < boxLayers {
                boxes = try (predictors.boxes[index](content) + input.boundedLogit()).sigmoid()
            } else {
                boxes = try refined(content, input, layer: index)
            }
            if index == boxLayers - 1 { (content, boxes) = try people(content, boxes, layer: index) }
            boxes = try boxes.detach()
        }
        throw ModelError.invalidInput("ED-Pose's decoder has no layers")
    }

    /// Where the queries are as sines and cosines, `(B, Q, 4)` → `(B, Q, 2·width)`: rows, columns, widths, heights.
    private func code(_ boxes: Tensor) throws -> Tensor {
        let codes = try SineCode(count: width / 2, temperature: 10000)(boxes * (2 * Double.pi)).unbind(dim: 2)
        return try Tensor.cat([codes[1], codes[0], codes[2], codes[3]], dim: 2)
    }

    /// The groups that the best boxes become.
    private func people(_ content: Tensor, _ boxes: Tensor, layer: Int) throws -> (content: Tensor, boxes: Tensor) {
        let best = try predictors.scores[layer](content).amax(dim: -1).topk(groups, dim: 1).indices.unsqueeze(-1)
        let person = try content.takeAlong(dim: 1, index: best).unsqueeze(2)
        let box = try boxes.takeAlong(dim: 1, index: best).unsqueeze(2)
        let keypoints = try person + keypointContents.weight.tensor
        let shift = try predictors.startingKeypoints(keypointCount)(keypoints)
        let centers = try (box[.ellipsis, ..<2].boundedLogit() + shift).sigmoid()
        let extents = try keypointSizes.weight.tensor.sigmoid() * box[.ellipsis, 2...]
        let parts = try Tensor.cat([centers, extents], dim: -1)
        return (
            try Tensor.cat([person, keypoints], dim: 2).flatten(from: 1, to: 2),
            try Tensor.cat([box, parts], dim: 2).flatten(from: 1, to: 2)
        )
    }

    /// Boxes and keypoints of all groups after a layer, `(B, G·(K + 1), 4)`.
    private func refined(_ content: Tensor, _ boxes: Tensor, layer: Int) throws -> Tensor {
        let (queries, references) = try (grouped(content), grouped(boxes).boundedLogit())
        let box = try predictors.boxes[layer](queries[.all, .all, ..<1]) + references[.all, .all, ..<1]
        let keypoints = try queries[.all, .all, 1...]
        let change = try Tensor.cat(
            [predictors.keypoints[layer - boxLayers](keypoints), predictors.sizes(keypoints)], dim: -1)
        return try Tensor.cat([box, references[.all, .all, 1...] + change], dim: 2).sigmoid().flatten(from: 1, to: 2)
    }

    /// What the last layer's queries, normalised, say about people.
    private func output(_ content: Tensor, references: Tensor) throws -> HeadTensors {
        let last = layers.count - 1
        let (queries, places) = try (grouped(content), grouped(references).boundedLogit())
        let person = try queries[.all, .all, 0]
        let boxes = try (predictors.boxes[last](person) + places[.all, .all, 0]).sigmoid()
        let points = try
            (predictors.keypoints[last - boxLayers](queries[.all, .all, 1...])
            + places[.all, .all, 1..., ..<2]).sigmoid().flatten(from: 2)
        let visible = try points[.all, .all, ..<keypointCount].onesLike().sigmoid()
        return .queries(
            scores: try predictors.scores[last](person), boxes: boxes,
            keypoints: try Tensor.cat([points, visible], dim: 2))
    }

    /// `(B, G·(K + 1), …)` → `(B, G, K + 1, …)`.
    private func grouped(_ x: Tensor) throws -> Tensor { try x.unflatten(1, [groups, keypointCount + 1]) }

    /// True where a query may look at another, `(G·(K + 1), G·(K + 1))`.
    private func groupMask() throws -> Tensor {
        let index = try Tensor.arange(groups * (keypointCount + 1))
        let group = try index.divide(by: keypointCount + 1, rounding: .floor)
        let isBox = try index.remainder(keypointCount + 1).eq(0)
        return try group.unsqueeze(1).eq(group.unsqueeze(0))
            .logicalOr(isBox.unsqueeze(1).logicalAnd(isBox.unsqueeze(0)))
    }
}
