public import PyConfig
public import Torch

/// The heads of InterNet (Moon et al. 2020, "InterHand2.6M") for both hands: volumes of the keypoints, the depth between
/// the wrists, and which hands are there.
///
/// Shapes: reads the last feature map `(B, C, H, W)`; gives volumes `(B, 2K, D, 8H, 8W)`, the right hand's first, with
/// three transposed convolutions; depth `(B, 1)` in steps, half of all steps when both wrists are equally far; and
/// `(B, 2)` for right and left, positive where there is a hand. With `hand_type_head_cfg.use_sigmoid=True`, an option
/// beside MMPose 1.x's own, the latter are probabilities as in MMPose 0.x, and so is what a flip test averages.
public final class InternetHead: TrainableHead {
    private let right, left: VolumeHead
    private let root, handType: FullyConnected
    private let rootSteps: Int
    private let givesProbabilities: Bool
    private let volumeCriterion, rootCriterion, typeCriterion: any TargetLoss
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        right = try VolumeHead(at: path / "right_hand_head", arguments.requiredChild("keypoint_head_cfg"))
        left = try VolumeHead(at: path / "left_hand_head", arguments.requiredChild("keypoint_head_cfg"))
        let rootArguments = try arguments.requiredChild("root_head_cfg")
        rootSteps = try rootArguments.int("heatmap_size", default: 64, in: 1...4096)
        root = try FullyConnected(at: path / "root_head" / "fc", rootArguments, outputs: rootSteps)
        let typeArguments = try arguments.requiredChild("hand_type_head_cfg")
        handType = try FullyConnected(
            at: path / "hand_type_head" / "fc", typeArguments,
            outputs: typeArguments.int("num_labels", default: 2, in: 2...2))
        givesProbabilities = try typeArguments.bool("use_sigmoid", default: false)
        try rootArguments.finish()
        try typeArguments.finish()
        keypointCount = right.keypointCount + left.keypointCount
        decoder = arguments.decoder()
        func criterion(_ name: String, _ module: String, _ type: String) throws -> any TargetLoss {
            try arguments.loss(
                name, at: path / module, default: ["type": .string(type), "use_target_weight": true])
        }
        volumeCriterion = try criterion("loss", "loss_module", "KeypointMSELoss")
        rootCriterion = try criterion("loss_root_depth", "root_loss_module", "L1Loss")
        typeCriterion = try criterion("loss_hand_type", "hand_loss_module", "BCELoss")
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        let output = try outputs(features)
        let presence = try HandPresence(
            values: givesProbabilities ? output.handType.sigmoid() : output.handType,
            areProbabilities: givesProbabilities)
        return .hands(heatmaps: output.volumes, rootDepth: output.depth, presence: presence, rootSteps: rootSteps)
    }

    /// Targets: fields `heatmaps`; labels `keypoint_weights`, `root_depth`, `root_depth_weight`, `type` and `type_weight`.
    /// Gives `loss_kpt`, `loss_rel_root`, `loss_hand_type` and `acc_pose`, the part of samples whose hands are found.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let output = try outputs(features)
        let maps = try batch.stacked(.fields, "heatmaps")
        let shape = output.volumes.shape
        guard maps.count == shape.reduce(1, *) else {
            throw ModelError.invalidInput("targets of shape \(maps.shape) for volumes of shape \(shape)")
        }
        let types = try batch.stacked(.labels, "type").flatten(from: 1)
        let typeWeights = try batch.stacked(.labels, "type_weight")
        var losses = TrainingLosses([
            "loss_kpt": try volumeCriterion(
                output.volumes, maps.reshape(shape), weights: batch.joined(.labels, "keypoint_weights")),
            "loss_rel_root": try rootCriterion(
                output.depth, batch.stacked(.labels, "root_depth"),
                weights: batch.stacked(.labels, "root_depth_weight")),
            "loss_hand_type": try typeCriterion(output.handType, types, weights: typeWeights),
        ])
        if batch.measuresAccuracy {
            try losses.set("acc_pose", PoseAccuracy.labels(output.handType, types, mask: typeWeights))
        }
        return losses
    }

    private func outputs(_ features: [Tensor]) throws -> (volumes: Tensor, depth: Tensor, handType: Tensor) {
        let x = try features.element(at: -1)
        let volumes = try Tensor.cat([right(x), left(x)], dim: 1)
        let pooled = try x.mean(dims: [2, 3])
        let steps = try Tensor((0..<rootSteps).map(Float.init), shape: [rootSteps]).to(device: x.device)
        let depth = try (root(pooled).softmax(dim: 1) * steps).sum(dims: [1], keepDim: true)
        return (volumes, depth, try handType(pooled))
    }

    public var conversions: [any StateDictRule] {
        [("right_hand_head", right), ("left_hand_head", left)].map { name, head in
            NestedRule(module: name, rule: SplitFinalLayer(hiddenLayers: head.hiddenLayers))
        }
    }
}

/// Which hands are in a picture.
public struct HandPresence: Sendable {
    /// Shape `(B, 2)`, right and left.
    let values: Tensor
    /// Whether the values are probabilities instead of logits.
    let areProbabilities: Bool

    /// The values, shifted where needed so that they are positive where there is a hand.
    ///
    /// - Throws: `TorchError`.
    func signed() throws -> Tensor { try areProbabilities ? values - 0.5 : values }
}

/// A heatmap head whose channels are the depths of its keypoints' volumes.
private final class VolumeHead: Sendable {
    private let layers: DeconvolutionLayers
    private let depth: Int
    let keypointCount, hiddenLayers: Int

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        depth = try arguments.int("depth_size", default: 64, in: 1...4096)
        let configuration = try DeconvolutionConfiguration(arguments)
        layers = try DeconvolutionLayers(
            at: path, inChannels: arguments.singleInChannels(), outChannels: arguments.int("out_channels"),
            configuration)
        hiddenLayers = 3 * configuration.convolutions.count
        guard layers.outChannels % depth == 0 else {
            throw arguments.invalid(
                "out_channels", "\(layers.outChannels) channels are not volumes of \(depth) depths (depth_size)")
        }
        keypointCount = layers.outChannels / depth
        arguments.ignore("init_cfg")
        try arguments.finish()
    }

    /// Shapes: `(B, C, H, W)` → `(B, K, D, 8H, 8W)`.
    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let maps = try layers(x)
        return try maps.reshape([maps.size(0), keypointCount, depth, maps.size(2), maps.size(3)])
    }
}

/// Linear layers with ReLU between them.
///
/// Keys: `0`, `2`, `4`, ….
private final class FullyConnected: Sendable {
    private let layers: [Linear]

    /// Arguments: `in_channels=2048`, `hidden_dims=(512,)`.
    init(at path: ParameterPath, _ arguments: Arguments, outputs: Int) throws {
        let hidden = try arguments.ints("hidden_dims", default: [512])
        let widths = try [arguments.int("in_channels", default: 2048)] + hidden + [outputs]
        layers = try (1..<widths.count).map { index in
            try Linear(
                at: path / (2 * (index - 1)), in: widths[index - 1], out: widths[index],
                initializer: .normal(std: 0.01))
        }
    }

    /// Shapes: `(B, in_channels)` → `(B, outputs)`.
    func callAsFunction(_ x: Tensor) throws -> Tensor {
        var y = x
        for (index, layer) in layers.enumerated() {
            y = try layer(index == 0 ? y : y.relu())
        }
        return y
    }
}
