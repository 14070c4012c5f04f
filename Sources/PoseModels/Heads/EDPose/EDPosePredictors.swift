import Foundation
import PyConfig
import Torch

/// What ED-Pose reads off its queries: for each layer of the decoder a box, scores, keypoints and their sizes.
///
/// Keys: `bbox_embed.N`, `class_embed.N`, `pose_embed.N`, `pose_hw_embed.N`, under `out_head` and again under `decoder`.
final class EDPosePredictors: Sendable {
    let boxes: [BranchPerceptron]
    let scores: [Linear]
    /// One for every layer that has keypoints; with 17 keypoints one more, by which they start.
    let keypoints: [BranchPerceptron]
    /// The same for all layers.
    let sizes: BranchPerceptron
    private let width, classes: Int
    private let hasBias: Bool

    /// Arguments: `num_classes`, `num_pred_layer=6`, `cls_no_bias=False`, `dec_pred_class_embed_share=False`,
    /// `dec_pred_bbox_embed_share=False`, `dec_pred_pose_embed_share=False`.
    ///
    /// - Parameters:
    ///   - path: of the head's outputs, which get second keys at `copies`.
    ///   - boxLayers: layers that have boxes alone.
    init(
        at path: ParameterPath, copies: ParameterPath, _ arguments: Arguments, width: Int, keypointCount: Int,
        boxLayers: Int
    ) throws {
        let layers = try arguments.int("num_pred_layer", default: 6, in: 1...1024)
        guard layers > boxLayers else {
            throw arguments.invalid("num_pred_layer", "must be over num_box_decoder_layers \(boxLayers)")
        }
        classes = try arguments.int("num_classes", in: 1...1 << 20)
        hasBias = try !arguments.bool("cls_no_bias", default: false)
        self.width = width
        func branches(
            _ name: String, _ count: Int, outputs: Int, shares: Bool, endsAtZero: Bool
        ) throws -> [BranchPerceptron] {
            var result: [BranchPerceptron] = []
            for index in 0..<count {
                if shares, let first = result.first {
                    try first.share(at: path / name / index)
                    result.append(first)
                } else {
                    result.append(
                        try BranchPerceptron(
                            at: path / name / index, widths: [width, width, width, outputs], endsAtZero: endsAtZero))
                }
            }
            return result
        }
        boxes = try branches(
            "bbox_embed", layers, outputs: 4, shares: arguments.bool("dec_pred_bbox_embed_share", default: false),
            endsAtZero: true)
        let sharesScores = try arguments.bool("dec_pred_class_embed_share", default: false)
        var scores: [Linear] = []
        for index in 0..<layers {
            let place = path / "class_embed" / index
            if sharesScores, let first = scores.first {
                try first.share(at: place)
                scores.append(first)
            } else {
                scores.append(try Self.scoreLayer(at: place, width: width, classes: classes, hasBias: hasBias))
            }
        }
        self.scores = scores
        let poseLayers = layers - boxLayers
        keypoints = try branches(
            "pose_embed", poseLayers + (keypointCount == 17 ? 1 : 0), outputs: 2,
            shares: arguments.bool("dec_pred_pose_embed_share", default: false), endsAtZero: true)
        sizes = try branches("pose_hw_embed", poseLayers, outputs: 2, shares: true, endsAtZero: false)[0]
        for (index, branch) in boxes.enumerated() { try branch.share(at: copies / "bbox_embed" / index) }
        for (index, branch) in keypoints.enumerated() { try branch.share(at: copies / "pose_embed" / index) }
        for index in 0..<poseLayers { try sizes.share(at: copies / "pose_hw_embed" / index) }
        for (index, layer) in scores.enumerated() { try layer.share(at: copies / "class_embed" / index) }
        arguments.ignore("num_queries", "refine_queries_num", "init_cfg")
        try arguments.finish()
    }

    /// The branch by which keypoints start from their box.
    func startingKeypoints(_ keypointCount: Int) -> BranchPerceptron {
        keypointCount == 17 ? keypoints[keypoints.count - 1] : keypoints[0]
    }

    /// Another layer of scores like those of the decoder's layers.
    func scoreLayer(at path: ParameterPath) throws -> Linear {
        try Self.scoreLayer(at: path, width: width, classes: classes, hasBias: hasBias)
    }

    private static func scoreLayer(at path: ParameterPath, width: Int, classes: Int, hasBias: Bool) throws -> Linear {
        let layer = try Linear(at: path, in: width, out: classes, bias: hasBias, initializer: .normal(std: 0.01))
        // At first one query in a hundred is somebody.
        layer.bias?.initializer = .constant(-log(99))
        return layer
    }
}

/// Linear layers with ReLU between them, without a shortcut.
///
/// Keys: `layers.0`, `layers.1`, ….
/// Shapes: `(…, widths.first)` → `(…, widths.last)`.
final class BranchPerceptron: Sendable {
    private let layers: [Linear]

    /// - Parameter endsAtZero: whether the last layer gives nothing before it has learned.
    init(at path: ParameterPath, widths: [Int], endsAtZero: Bool = false) throws {
        layers = try (1..<widths.count).map { index in
            let isLast = index == widths.count - 1
            let layer = try Linear(
                at: path / "layers" / (index - 1), in: widths[index - 1], out: widths[index],
                initializer: isLast && endsAtZero ? .zeros : .normal(std: 0.01))
            layer.bias?.initializer = .zeros
            return layer
        }
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        try layers.enumerated().reduce(x) { y, layer in
            try layer.element(layer.offset == 0 ? y : y.relu())
        }
    }

    /// Gives the parameters second keys.
    func share(at path: ParameterPath) throws {
        for (index, layer) in layers.enumerated() { try layer.share(at: path / "layers" / index) }
    }
}

extension Linear {
    /// Gives the parameters second keys.
    func share(at path: ParameterPath) throws {
        try path.share(weight, as: "weight")
        if let bias { try path.share(bias, as: "bias") }
    }
}
