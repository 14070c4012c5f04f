import Checkpoint
public import PyConfig
public import Torch

/// A model that predicts the keypoints of one person in a crop around them: backbone, neck, head.
public final class TopdownPoseEstimator: CropEstimator, TrainableEstimator {
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
    let head: any Head
    /// Whether training logs accuracies (`train_cfg.compute_acc`).
    private let measuresAccuracy: Bool

    /// - Parameter root: where the model is inside a larger one; by itself it is a whole.
    init(_ arguments: Arguments, at root: ParameterPath = ParameterStore().root) throws {
        store = root.store
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
        if try arguments.bool("use_syncbn", default: false) { root.shareStatistics() }
        arguments.ignore("init_cfg", "metainfo", "_scope_", "pretrained")
    }

    public func forward(_ x: Tensor) throws -> HeadTensors {
        try head(features(x))
    }

    /// What the head reads.
    func features(_ x: Tensor) throws -> [Tensor] {
        let features = try backbone(x)
        return try neck?(features) ?? features
    }

    public func prepare(_ inputs: Tensor) throws -> Tensor { try preprocessor(inputs) }

    public var batchResize: BatchSyncRandomResize? { preprocessor.batchResize }

    public func loss(_ x: Tensor, _ batch: TrainingBatch) throws -> TrainingLosses {
        var batch = batch
        batch.measuresAccuracy = measuresAccuracy
        return try trainable(head).loss(features(x), batch)
    }

    public func predict(_ crops: Tensor, flipIndices: [Int]) throws -> HeadTensors {
        try predict(preprocessor(crops), flipIndices: flipIndices, features: features)
    }

    /// The head's outputs for a prepared input, with the flip test if the config asks for it.
    ///
    /// - Parameter features: what the head reads, of an input.
    func predict(
        _ x: Tensor, flipIndices: [Int], features: (Tensor) throws -> [Tensor]
    ) throws -> HeadTensors {
        let output = try head(features(x))
        guard let flipTest else { return try output.decodable() }
        return try flipTest.merge(
            output, mirrored: head(features(x.flip([-1]))),
            flipIndices: Tensor(flipIndices, shape: [flipIndices.count]), inputWidth: x.size(-1))
    }

    public var conversions: [any StateDictRule] {
        [KeepStudent(), DropPreprocessorStatistics(), RenameKeypointHead(), DropBatchCounts(below: store.root)]
            + backbone.conversions.map { NestedRule(module: "backbone", rule: $0) }
            + head.conversions.map { NestedRule(module: "head", rule: $0) }
    }
}
