import Checkpoint
import PoseCodecs
public import PoseCore
public import PyConfig
import Synchronization
public import Torch

/// A model that finds everybody in an image at once: backbone, neck, head.
public final class BottomupPoseEstimator: AdjustableEstimator {
    public let store: ParameterStore
    public let preprocessor: PoseDataPreprocessor
    /// What the config's `test_cfg` asks for; callers may ask for something else.
    public let settings: BottomupSettings
    public var keypointCount: Int { head.keypointCount }

    private let backbone: any Backbone
    private let neck: (any Neck)?
    private let head: any Head
    /// The head's arguments, as training may have changed them.
    private let learnedHead: Mutex<ConfigDict>
    private let headPath: String
    /// The codec of the head, if it has one.
    public let codec: (any KeypointCodec)?
    /// `train_cfg.max_train_instances`
    private let maximalTrainingInstances: Int?

    init(_ arguments: Arguments) throws {
        store = ParameterStore()
        let root = store.root
        preprocessor = try PoseDataPreprocessor(arguments.child("data_preprocessor"))
        backbone = try Backbones.build(at: root / "backbone", arguments.requiredChild("backbone"))
        let headArguments = try arguments.requiredChild("head").all
        let parts = try EarlyHeadArguments.updated(
            neck: arguments.value("neck")?.dictValue, head: headArguments, at: arguments.path)
        neck = try parts.neck.map {
            try Necks.build(at: root / "neck", Arguments($0, at: "\(arguments.path).neck"))
        }
        headPath = "\(arguments.path).head"
        learnedHead = Mutex(parts.head)
        head = try Heads.build(at: root / "head", Arguments(parts.head, at: headPath))
        codec = try head.decoder.map { try Codecs.make(Arguments($0, at: "\(arguments.path).head.decoder")) }
        settings = try arguments.child("test_cfg").map(BottomupSettings.init) ?? BottomupSettings()
        try Self.check(settings, head, at: "\(arguments.path).test_cfg")
        let training = try arguments.child("train_cfg")
        maximalTrainingInstances = try training?.optionalInt("max_train_instances")
        training?.ignore("max_epochs", "val_interval")
        try training?.finish()
        if try arguments.bool("use_syncbn", default: false) { root.shareStatistics() }
        arguments.ignore("init_cfg", "metainfo", "_scope_", "pretrained")
    }

    public func forward(_ x: Tensor) throws -> HeadTensors { try head(features(x)) }

    /// What the head reads.
    private func features(_ x: Tensor) throws -> [Tensor] {
        let features = try backbone(x)
        return try neck?(features) ?? features
    }

    /// The people in one image, in pixels of the network's input.
    ///
    /// - Parameters:
    ///   - images: `(1, 3, H, W)`, uint8, channels as decoded (BGR): the image at its own scale, then at others.
    ///   - flipIndices: for each keypoint, the one that takes its place in a mirror image.
    ///   - links: keypoints that a limb connects.
    /// - Throws: `ModelError.invalidInput` when the head finds no people or lacks what it needs, `TorchError`.
    public func predict(
        _ images: [Tensor], settings: BottomupSettings? = nil, flipIndices: [Int], links: [SIMD2<Int>] = []
    ) throws -> [DecodedPose] {
        let settings = settings ?? self.settings
        guard let head = head as? any BottomupHead else {
            throw ModelError.invalidInput("\(type(of: head)) does not find the people in an image")
        }
        guard let first = images.first, first.rank == 4, settings.usesScales || images.count == 1 else {
            throw ModelError.invalidInput("\(images.count) images where the test is of one, or of several scales of it")
        }
        let scales = try images.map { image in
            let x = try preprocessor(image)
            return TestTimeFeatures(
                maps: try features(x), mirrored: settings.flips ? try features(x.flip([-1])) : nil)
        }
        let size = ImageSize(width: first.shape[3], height: first.shape[2])
        return try head.people(
            scales,
            BottomupTest(settings: settings, codec: codec, flipIndices: flipIndices, links: links, inputSize: size))
    }

    public func prepare(_ inputs: Tensor) throws -> Tensor { try preprocessor(inputs) }

    public var batchResize: BatchSyncRandomResize? { preprocessor.batchResize }

    public func adjustHead(_ changes: [(name: String, value: ConfigValue)]) throws {
        guard let head = head as? any AdjustableHead else {
            throw ModelError.invalidInput("\(type(of: head)) cannot learn otherwise from some epoch on")
        }
        let arguments = try type(of: head).changed(learnedHead.withLock { $0 }, by: changes)
        try head.adjust(Arguments(arguments, at: headPath))
        learnedHead.withLock { $0 = arguments }
    }

    public func loss(_ x: Tensor, _ batch: TrainingBatch) throws -> TrainingLosses {
        var batch = batch
        batch.maximalInstances = maximalTrainingInstances
        return try trainable(head).loss(features(x), batch)
    }

    public var conversions: [any StateDictRule] {
        [KeepStudent(), DropPreprocessorStatistics(), RenameKeypointHead(), DropBatchCounts(below: store.root)]
            + ((head as? any BottomupHead)?.modelConversions ?? [])
            + backbone.conversions.map { NestedRule(module: "backbone", rule: $0) }
            + head.conversions.map { NestedRule(module: "head", rule: $0) }
    }

    private static func check(_ settings: BottomupSettings, _ head: any Head, at path: String) throws {
        let known = (head as? any BottomupHead)?.augmentations ?? []
        if settings.flips, !known.contains(.flip) {
            throw ConfigError.invalidArgument(path: "\(path).flip_test", reason: "\(type(of: head)) has no flip test")
        }
        if settings.usesScales, !known.contains(.scales) {
            throw ConfigError.invalidArgument(
                path: "\(path).multiscale_test", reason: "\(type(of: head)) runs at one scale only")
        }
    }
}
