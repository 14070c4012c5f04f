public import PoseCore
public import PyConfig
import Synchronization
public import Torch

/// One-stage head of RTMO (Lu et al. 2024): every pixel of every level may be a person, with a box and a vector, from which
/// a classification of columns and rows of the box gives the keypoints.
///
/// Shapes: reads maps `(B, 2C, Hᵢ, Wᵢ)`, one for each stride; gives for every level scores `(B, classes, …)`, boxes
/// `(B, 4, …)`, in training keypoints `(B, 2K, …)`, visibilities `(B, K, …)` and vectors `(B, V, …)`.
public final class RTMOHead: BottomupHead {
    private let branches: [RTMOBranch]
    let priors: MlvlPointGenerator
    /// What it learns by; training may change it.
    var criteria: GridCriteria { learning.withLock { $0.criteria } }
    private let learning: Mutex<(criteria: GridCriteria, fromClassifier: Bool)>
    let classifier: DynamicCoordinateClassifier
    /// By what a box grows before its columns and rows are classified.
    let padding: Double
    /// Whether regressed keypoints learn from classified ones (`proxy_target_cc`).
    var learnsFromClassifier: Bool { learning.withLock { $0.fromClassifier } }
    private let path: ParameterPath
    public let keypointCount: Int
    public var decoder: ConfigDict? { nil }

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        self.path = path
        keypointCount = try arguments.int("num_keypoints", in: 1...65536)
        let strides = try arguments.ints("featmap_strides", default: [16, 32])
        priors = try MlvlPointGenerator(arguments.requiredChild("prior_generator"))
        learning = Mutex(
            (try GridCriteria(at: path, arguments), try arguments.bool("proxy_target_cc", default: false)))
        let module = try arguments.requiredChild("head_module_cfg")
        branches = try RTMOBranch.levels(at: path / "head_module", strides.count, keypoints: keypointCount, module)
        try module.finish()
        padding = try arguments.double("bbox_padding", default: 1.25)
        let classification = try arguments.requiredChild("dcc_cfg")
        classifier = try DynamicCoordinateClassifier(
            at: path / "dcc", keypoints: keypointCount, classification)
        try classification.finish()
        arguments.ignore("num_classes", "init_cfg", "_scope_")
    }

    static var adjustable: [String] { ["overlaps_power", "proxy_target_cc", "use_aux_loss"] }

    func adjust(_ arguments: Arguments) throws {
        let criteria = try GridCriteria(adjusted: arguments, on: path.store.device)
        let fromClassifier = try arguments.bool("proxy_target_cc", default: false)
        learning.withLock { $0 = (criteria, fromClassifier) }
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        let levels = try predictions(features)
        return .levels([
            levels.map(\.scores), levels.map(\.boxes), levels.compactMap(\.keypoints), levels.map(\.visibility),
            levels.map(\.vectors),
        ])
    }

    func predictions(_ features: [Tensor]) throws -> [RTMOBranch.Output] {
        guard features.count == branches.count else {
            throw ModelError.invalidInput("the head reads \(branches.count) maps, not \(features.count)")
        }
        return try zip(branches, features).map { try $0($1, withKeypoints: path.isTraining) }
    }

    // MARK: test time

    public var augmentations: TestTimeAugmentations { [] }

    /// Only of the people found are the keypoints computed.
    public func people(_ scales: [TestTimeFeatures], _ test: BottomupTest) throws -> [DecodedPose] {
        let levels = try predictions(scales.atOwnScale().maps)
        let points = try priors.points(levels.map { ($0.scores.shape[2], $0.scores.shape[3]) })
        let boxes = try GridPredictions.boxes(GridPredictions.flattened(levels.map(\.boxes)), at: points)
        let scores = try GridPredictions.flattened(levels.map(\.scores)).sigmoid()
        let found = try GridSelection(scores[0], boxes: boxes[0], test.settings)
        guard found.count > 0 else { return [] }
        func chosen(_ maps: [Tensor]) throws -> Tensor {
            try GridPredictions.flattened(maps)[0].indexSelect(dim: 0, index: found.indices)
        }
        let grid = try points.indexSelect(dim: 0, index: found.indices)[.all, ..<2]
        let keypoints = try classifier.keypoints(
            chosen(levels.map(\.vectors)), in: CenteredBoxes(found.boxes, padding: padding), grid: grid)
        return try found.people(
            keypoints: keypoints, visibility: chosen(levels.map(\.visibility)).sigmoid(), in: test.inputSize)
    }
}

/// The branches of one level: classes from one half of the channels, everything else from the other.
///
/// Keys are by kind of layer, then by level: `conv_cls.N`, `out_cls.N`, `conv_pose.N`, `out_bbox.N`, `out_kpt_reg.N`,
/// `out_kpt_vis.N`, `out_pose.N`.
final class RTMOBranch: Sendable {
    /// What a branch gives for its level; keypoints are for training alone.
    struct Output {
        let scores, boxes: Tensor
        let keypoints: Tensor?
        let visibility, vectors: Tensor
    }

    private let classConvolutions, poseConvolutions: Sequential
    private let score, box, keypoint, visibility: Conv2d
    private let vector: Conv2d?

    private init(
        at path: ParameterPath, level: Int, keypoints: Int, _ style: GridHeadStyle, groups: Int, poseChannels: Int,
        vectorChannels: Int
    ) throws {
        func output(_ name: String, _ inChannels: Int, _ channels: Int) throws -> Conv2d {
            try Conv2d(at: path / name / level, inChannels: inChannels, outChannels: channels, kernel: 1)
        }
        classConvolutions = try style.stack(
            at: path / "conv_cls" / level, count: style.convolutions, inChannels: style.inChannels,
            outChannels: style.channels)
        score = try output("out_cls", style.channels, style.classes)
        poseConvolutions = try style.stack(
            at: path / "conv_pose" / level, count: 2 * style.convolutions, inChannels: style.inChannels,
            outChannels: poseChannels, groups: groups)
        box = try output("out_bbox", poseChannels, 4)
        keypoint = try output("out_kpt_reg", poseChannels, 2 * keypoints)
        visibility = try output("out_kpt_vis", poseChannels, keypoints)
        vector = try vectorChannels > 0 ? output("out_pose", poseChannels, vectorChannels) : nil
    }

    static func levels(
        at path: ParameterPath, _ count: Int, keypoints: Int, _ arguments: Arguments
    ) throws -> [RTMOBranch] {
        let style = try GridHeadStyle(arguments, channels: "cls_feat_channels")
        let groups = try arguments.int("num_groups", default: 8, in: 1...65536)
        let perGroup = Int(style.widen * Double(try arguments.int("channels_per_group", default: 36, in: 1...65536)))
        let vectorChannels = try arguments.int("pose_vec_channels", default: -1, in: -1...1 << 20)
        return try (0..<count).map {
            try RTMOBranch(
                at: path, level: $0, keypoints: keypoints, style, groups: groups, poseChannels: groups * perGroup,
                vectorChannels: vectorChannels)
        }
    }

    func callAsFunction(_ x: Tensor, withKeypoints: Bool) throws -> Output {
        let channels = try x.size(1)
        guard channels % 2 == 0 else {
            throw ModelError.invalidInput("RTMO's head splits the channels of a map in halves, not \(channels)")
        }
        let halves = try x.split(channels / 2, dim: 1)
        let poses = try poseConvolutions(halves[1])
        return Output(
            scores: try score(classConvolutions(halves[0])), boxes: try box(poses),
            keypoints: withKeypoints ? try keypoint(poses) : nil, visibility: try visibility(poses),
            vectors: try vector?(poses) ?? poses)
    }
}
