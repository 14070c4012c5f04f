public import PoseCore
public import PyConfig
import Synchronization
public import Torch

/// One-stage head of YOLOX-Pose (Maji et al. 2022 on Ge et al. 2021): every pixel of every level may be a person, with a
/// box and keypoints as offsets from there.
///
/// Shapes: reads maps `(B, C, Hᵢ, Wᵢ)`, one for each stride; gives for every level scores `(B, classes, …)`, objectness
/// `(B, 1, …)`, boxes `(B, 4, …)`, keypoints `(B, 2K, …)` and visibilities `(B, K, …)`.
public final class YOLOXPoseHead: BottomupHead {
    private let branches: [YOLOXPoseBranch]
    let priors: MlvlPointGenerator
    /// What it learns by; training may change it.
    var criteria: GridCriteria { learning.withLock { $0 } }
    private let learning: Mutex<GridCriteria>
    private let path: ParameterPath
    public let keypointCount: Int
    public var decoder: ConfigDict? { nil }

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        self.path = path
        keypointCount = try arguments.int("num_keypoints", in: 1...65536)
        let strides = try arguments.ints("featmap_strides", default: [8, 16, 32])
        let module = try arguments.requiredChild("head_module_cfg")
        branches = try YOLOXPoseBranch.levels(
            at: path / "head_module", strides.count, keypoints: keypointCount, module)
        try module.finish()
        priors = try MlvlPointGenerator(arguments.requiredChild("prior_generator"))
        learning = Mutex(try GridCriteria(at: path, arguments))
        arguments.ignore("num_classes", "init_cfg", "_scope_")
    }

    static var adjustable: [String] { ["overlaps_power", "use_aux_loss"] }

    func adjust(_ arguments: Arguments) throws {
        let criteria = try GridCriteria(adjusted: arguments, on: path.store.device)
        learning.withLock { $0 = criteria }
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        let levels = try predictions(features)
        return .levels([
            levels.map(\.scores), levels.map(\.objectness), levels.map(\.boxes), levels.map(\.keypoints),
            levels.map(\.visibility),
        ])
    }

    func predictions(_ features: [Tensor]) throws -> [YOLOXPoseBranch.Output] {
        guard features.count == branches.count else {
            throw ModelError.invalidInput("the head reads \(branches.count) maps, not \(features.count)")
        }
        return try zip(branches, features).map { try $0($1) }
    }

    // MARK: test time

    public var augmentations: TestTimeAugmentations { [] }

    public func people(_ scales: [TestTimeFeatures], _ test: BottomupTest) throws -> [DecodedPose] {
        let levels = try predictions(scales.atOwnScale().maps)
        let points = try priors.points(levels.map { ($0.scores.shape[2], $0.scores.shape[3]) })
        let boxes = try GridPredictions.boxes(GridPredictions.flattened(levels.map(\.boxes)), at: points)
        let scores =
            try GridPredictions.flattened(levels.map(\.scores)).sigmoid()
            * GridPredictions.flattened(levels.map(\.objectness)).sigmoid()
        let found = try GridSelection(scores[0], boxes: boxes[0], test.settings)
        let offsets = try GridPredictions.flattened(levels.map(\.keypoints))[0]
        let keypoints = try GridPredictions.keypoints(
            offsets.indexSelect(dim: 0, index: found.indices).unsqueeze(0),
            at: points.indexSelect(dim: 0, index: found.indices))
        let visibility = try GridPredictions.flattened(levels.map(\.visibility))[0].sigmoid()
        return try found.people(
            keypoints: keypoints, visibility: visibility.indexSelect(dim: 0, index: found.indices), in: test.inputSize)
    }
}

/// The branches of one level: classes, boxes, keypoints.
///
/// Keys are by kind of layer, then by level: `conv_cls.N`, `out_cls.N`, `out_obj.N`, `conv_reg.N`, `out_bbox.N`,
/// `conv_pose.N`, `out_kpt.N`, `out_kpt_vis.N`.
final class YOLOXPoseBranch: Sendable {
    /// What a branch gives for its level.
    struct Output {
        let scores, objectness, boxes, keypoints, visibility: Tensor
    }

    private let classConvolutions, boxConvolutions, poseConvolutions: Sequential
    private let score, objectness, box, keypoint, visibility: Conv2d

    private init(at path: ParameterPath, level: Int, keypoints: Int, _ style: GridHeadStyle) throws {
        let (inChannels, width) = (style.inChannels, style.channels)
        func stack(_ name: String, _ count: Int) throws -> Sequential {
            try style.stack(at: path / name / level, count: count, inChannels: inChannels, outChannels: width)
        }
        func output(_ name: String, _ channels: Int) throws -> Conv2d {
            try Conv2d(at: path / name / level, inChannels: width, outChannels: channels, kernel: 1)
        }
        classConvolutions = try stack("conv_cls", style.convolutions)
        score = try output("out_cls", style.classes)
        boxConvolutions = try stack("conv_reg", style.convolutions)
        box = try output("out_bbox", 4)
        objectness = try output("out_obj", 1)
        poseConvolutions = try stack("conv_pose", 2 * style.convolutions)
        keypoint = try output("out_kpt", 2 * keypoints)
        visibility = try output("out_kpt_vis", keypoints)
    }

    static func levels(
        at path: ParameterPath, _ count: Int, keypoints: Int, _ arguments: Arguments
    ) throws -> [YOLOXPoseBranch] {
        let style = try GridHeadStyle(arguments, channels: "feat_channels")
        // The order of the state dict.
        for name in [
            "conv_cls", "out_cls", "out_obj", "conv_reg", "out_bbox", "conv_pose", "out_kpt", "out_kpt_vis",
        ] {
            _ = path / name
        }
        return try (0..<count).map { try YOLOXPoseBranch(at: path, level: $0, keypoints: keypoints, style) }
    }

    func callAsFunction(_ x: Tensor) throws -> Output {
        let (classes, boxes, poses) = (try classConvolutions(x), try boxConvolutions(x), try poseConvolutions(x))
        return Output(
            scores: try score(classes), objectness: try objectness(boxes), boxes: try box(boxes),
            keypoints: try keypoint(poses), visibility: try visibility(poses))
    }
}

/// What the branches of a one-stage head share: the `head_module_cfg`.
struct GridHeadStyle {
    /// Of the maps, after widening; of RTMO's, half of each map's.
    let inChannels: Int
    /// Of the hidden maps, after widening.
    let channels: Int
    let classes, convolutions: Int
    let widen: Double
    private let bias: Bool?
    private let normalization: Normalization?
    private let activation: Activation?

    /// - Parameter channels: the name of the argument for the hidden channels.
    init(_ arguments: Arguments, channels name: String) throws {
        widen = try arguments.widenFactor()
        inChannels = Int(Double(try arguments.int("in_channels", in: 1...1 << 20)) * widen)
        channels = Int(Double(try arguments.int(name, default: 256, in: 1...1 << 20)) * widen)
        classes = try arguments.int("num_classes", default: 1, in: 1...65536)
        convolutions = try arguments.int("stacked_convs", default: 2, in: 1...64)
        bias = try arguments.convolutionBias("conv_bias")
        normalization = try arguments.normalization(default: .yolo)
        activation = try arguments.activation(default: .silu)
        try arguments.requirePlainConvolution()
        // The head's own arguments win.
        arguments.ignore("featmap_strides", "num_keypoints", "init_cfg")
    }

    /// So many 3×3 convolutions, of which all but the first may be in groups.
    func stack(
        at path: ParameterPath, count: Int, inChannels: Int, outChannels: Int, groups: Int = 1
    ) throws -> Sequential {
        Sequential(
            try (0..<count).map { index in
                try ConvModule(
                    at: path / index, inChannels: index == 0 ? inChannels : outChannels, outChannels: outChannels,
                    kernel: 3, padding: 1, groups: index == 0 ? 1 : groups, bias: bias, normalization: normalization,
                    activation: activation)
            })
    }
}
