import Checkpoint
public import PyConfig
public import Torch

/// A model that predicts the keypoints of one person in a crop around them: backbone, neck, head.
public final class TopdownPoseEstimator: TrainableEstimator {
    public let store: ParameterStore
    public let preprocessor: PoseDataPreprocessor
    /// The codec of the head, as the config gives it.
    public var decoder: ConfigDict? { head.decoder }
    /// Averages with the mirror image when the config asks for it.
    public let flipTest: FlipTest?
    /// The keypoints to report, when the model predicts more than that.
    public let outputKeypointIndices: [Int]?

    public var keypointCount: Int { head.keypointCount }

    private let backbone: any Backbone
    private let neck: (any Neck)?
    private let head: any Head
    /// Whether training logs accuracies (`train_cfg.compute_acc`).
    private let measuresAccuracy: Bool

    init(_ arguments: Arguments) throws {
        store = ParameterStore()
        let root = store.root
        preprocessor = try PoseDataPreprocessor(arguments.child("data_preprocessor"))
        backbone = try Backbones.build(at: root / "backbone", arguments.requiredChild("backbone"))
        let parts = try EarlyHeadArguments.updated(
            neck: arguments.value("neck")?.dictValue, head: arguments.requiredChild("head").all, at: arguments.path)
        neck = try parts.neck.map {
            try Necks.build(at: root / "neck", Arguments($0, at: "\(arguments.path).neck"))
        }
        head = try Heads.build(at: root / "head", Arguments(parts.head, at: "\(arguments.path).head"))
        let test = try arguments.child("test_cfg")
        flipTest = try test.flatMap(FlipTest.init)
        outputKeypointIndices = try test?.optionalInts("output_keypoint_indices")
        // Maps for display are asked for by other means.
        test?.ignore("output_heatmaps")
        try test?.finish()
        let training = try arguments.child("train_cfg")
        measuresAccuracy = try training?.bool("compute_acc", default: true) ?? true
        // Some configs keep the length of the run here.
        training?.ignore("max_epochs", "val_interval")
        try training?.finish()
        arguments.ignore("init_cfg", "metainfo", "use_syncbn", "_scope_", "pretrained")
    }

    public func forward(_ x: Tensor) throws -> HeadTensors {
        try head(features(x))
    }

    /// What the head reads.
    private func features(_ x: Tensor) throws -> [Tensor] {
        let features = try backbone(x)
        return try neck?(features) ?? features
    }

    public func prepare(_ inputs: Tensor) throws -> Tensor { try preprocessor(inputs) }

    public func loss(_ x: Tensor, _ batch: TrainingBatch) throws -> TrainingLosses {
        var batch = batch
        batch.measuresAccuracy = measuresAccuracy
        return try trainable(head).loss(features(x), batch)
    }

    /// Runs the network on a batch of crops, with the flip test if the config asks for it.
    ///
    /// - Parameters:
    ///   - crops: `(B, 3, H, W)`, uint8, channels as decoded (BGR).
    ///   - flipIndices: for each keypoint, the one that takes its place in a mirror image.
    /// - Returns: the head's outputs for the batch, for the codec to decode, as `HeadTensors.decodable()` has them.
    public func predict(_ crops: Tensor, flipIndices: [Int]) throws -> HeadTensors {
        let x = try preprocessor(crops)
        let output = try forward(x)
        guard let flipTest else { return try output.decodable() }
        return try flipTest.merge(
            output, mirrored: forward(x.flip([-1])), flipIndices: Tensor(flipIndices, shape: [flipIndices.count]),
            inputWidth: x.size(-1))
    }

    public var conversions: [any StateDictRule] {
        [KeepStudent(), DropPreprocessorStatistics(), RenameKeypointHead()]
            + backbone.conversions.map { NestedRule(module: "backbone", rule: $0) }
            + head.conversions.map { NestedRule(module: "head", rule: $0) }
    }
}
