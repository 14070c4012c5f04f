import PoseCore
public import PyConfig

/// The arguments that every dataset class takes, with MMPose's names and defaults.
public struct DatasetOptions: Sendable {
    /// One sample an instance, or one an image.
    public enum Mode: String, Sendable {
        case topdown, bottomup
    }

    /// The class, as the config names it.
    public var type: String
    /// Annotation file, joined with `data_root`.
    public var annotationFile: String
    /// Person detections to use instead of annotated boxes; not joined with `data_root`, as in MMPose.
    public var boxFile: String?
    /// Categories of detections that are people. MMPose takes 1 and nothing else.
    public var boxCategories: [Int] = [1]
    public var mode = Mode.topdown
    public var root: String?
    /// Folders that file names are relative to, joined with `data_root`; `img` is the pictures'.
    public var prefixes: [String: String]
    /// Samples whose box scores less are left out.
    public var scoreThreshold: Float?
    public var subset: Subset?
    public var isTest = false
    /// How many other samples are tried in place of one that cannot be made.
    public var maxRefetch = 1000
    /// Only images whose id is a multiple of this.
    public var sampleInterval = 1
    /// The transforms, in order.
    public var pipeline: [ConfigDict]

    /// Which samples to keep: the first ones (or, negative, the last), or those at some positions.
    public enum Subset: Hashable, Sendable {
        case count(Int)
        case positions([Int])
    }

    public var imagePrefix: String { prefixes["img"] ?? "" }

    /// Reads the common arguments; the caller reads what is special to its class and then calls `finish()`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        type = try arguments.type()
        let root = try arguments.optionalString("data_root")
        self.root = root
        func joined(_ path: String) -> String {
            guard let root, !path.hasPrefix("/") else { return path }
            return PythonPath.join(root, path)
        }
        let file = try arguments.optionalString("ann_file") ?? ""
        annotationFile = file.isEmpty ? "" : joined(file)
        boxFile = try arguments.optionalString("bbox_file").flatMap { $0.isEmpty ? nil : $0 }
        boxCategories = try arguments.ints("det_cat_ids", default: [1], orScalar: true)
        let modeName = try arguments.string("data_mode", default: "topdown")
        guard let mode = Mode(rawValue: modeName) else {
            throw arguments.invalid("data_mode", "'\(modeName)' is neither topdown nor bottomup")
        }
        self.mode = mode
        isTest = try arguments.bool("test_mode", default: false)
        maxRefetch = try arguments.int("max_refetch", default: 1000)
        sampleInterval = try arguments.int("sample_interval", default: 1)
        prefixes = ["img": joined("")]
        if let given = try arguments.child("data_prefix") {
            for name in given.all.names { prefixes[name] = joined(try given.string(name)) }
        }
        pipeline = try arguments.children("pipeline").map(\.all)
        subset = try Self.subset(arguments)
        scoreThreshold = try Self.scoreThreshold(arguments)
        // Python's memory layout and start-up have no counterpart here; the metainfo is read by `DatasetMetainfo`.
        arguments.ignore("serialize_data", "lazy_init", "metainfo")
        try check(arguments)
    }

    private static func subset(_ arguments: Arguments) throws -> Subset? {
        guard let value = arguments.value("indices"), !value.isNone else { return nil }
        if let count = value.intValue { return .count(count) }
        return .positions(try arguments.ints("indices"))
    }

    private static func scoreThreshold(_ arguments: Arguments) throws -> Float? {
        guard let filter = try arguments.child("filter_cfg") else { return nil }
        let threshold = try filter.optionalDouble("bbox_score_thr")
        // MMEngine's other filters, which MMPose's datasets do not look at.
        filter.ignore("filter_empty_gt", "min_size")
        try filter.finish()
        return threshold.map { Float($0) }
    }

    private func check(_ arguments: Arguments) throws {
        if boxFile != nil, mode != .topdown {
            throw arguments.invalid("bbox_file", "detections are for data_mode='topdown' only")
        }
        if boxFile != nil, !isTest {
            throw arguments.invalid("bbox_file", "detections are for test_mode=True only: they have no key points")
        }
        if scoreThreshold != nil, mode != .topdown {
            throw arguments.invalid("filter_cfg.bbox_score_thr", "is for data_mode='topdown' only")
        }
        guard sampleInterval > 0 else { throw arguments.invalid("sample_interval", "must be positive") }
        guard maxRefetch >= 0 else { throw arguments.invalid("max_refetch", "must not be negative") }
    }
}
