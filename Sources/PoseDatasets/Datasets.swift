public import Foundation
import PoseCore
import PoseTransforms
public import PyConfig

/// Builds datasets from the dictionaries of a config.
public struct Datasets: Sendable {
    /// Finds the key point definitions.
    public let metainfo: DatasetMetainfo
    /// The config, since `from_file` may be relative to it.
    public let config: URL
    /// Whether the transforms are built too; without, samples are bare annotations.
    public var buildsPipeline = true

    /// - Parameter config: the file that the dictionaries come from.
    public init(metainfo: DatasetMetainfo, config: URL, buildsPipeline: Bool = true) {
        self.metainfo = metainfo
        self.config = config
        self.buildsPipeline = buildsPipeline
    }

    /// Type names that can be built, sorted.
    public static var names: [String] {
        (Array(DatasetClass.all.keys) + ["CombinedDataset", "ConcatDataset", "RepeatDataset"]).sorted()
    }

    /// The dataset that a dictionary describes; its annotation files are indexed at once.
    ///
    /// - Throws: `ConfigError` for arguments, `SkeletonError` for key point definitions, `DatasetError` for files.
    public func make(_ arguments: Arguments) throws -> any PoseDataset {
        let type = try arguments.type()
        switch type.split(separator: ".").last.map(String.init) ?? type {
        case "CombinedDataset": return try combined(arguments)
        case "RepeatDataset": return try repeated(arguments)
        case "ConcatDataset": return try concatenated(arguments)
        default: break
        }
        guard let kind = DatasetClass.named(type) else {
            let hint = nearestName(to: type, among: Self.names).map { "; did you mean '\($0)'?" } ?? ""
            throw arguments.invalid(
                "type", "unknown dataset '\(type)'\(hint) (known: \(Self.names.joined(separator: ", ")))")
        }
        let dataset = try make(kind, arguments)
        try arguments.finish()
        return dataset
    }

    func pipeline(_ arguments: Arguments) throws -> [any Transform] {
        guard buildsPipeline else {
            arguments.ignore("pipeline")
            return []
        }
        return try Transforms.pipeline(try arguments.children("pipeline"))
    }

    private func make(_ kind: DatasetClass, _ arguments: Arguments) throws -> any PoseDataset {
        let options = try DatasetOptions(arguments)
        switch kind.reading {
        case .human36m, .human36mWholeBody, .uBody3d:
            return try motionCapture(kind, options, arguments)
        case .mpii: return try mpii(options, arguments)
        default: return try coco(kind, options, arguments)
        }
    }

    /// The definition of the key points, from the config, the class's file, or the annotation file's categories.
    func skeleton(_ arguments: Arguments, categories: [JSONValue] = []) throws -> Skeleton {
        if let skeleton = try metainfo.skeleton(of: arguments.all, config: config) { return skeleton }
        let described = categories.first { $0["keypoints"]?.elements?.isEmpty == false }
        guard let described, let names = described["keypoints"]?.elements?.compactMap(\.text) else {
            throw arguments.invalid(
                "metainfo", "is needed: neither the class nor the annotation file's categories name the key points")
        }
        let links = described["skeleton"]?.elements?.compactMap { $0.elements?.compactMap(\.integer) }
        return try Skeleton(
            category: COCOCategory(
                id: described["id"]?.integer ?? 1, name: described["name"]?.text ?? "custom", keypoints: names,
                skeleton: links))
    }

    private func url(_ path: String) -> URL { URL(fileURLWithPath: path) }

    private func coco(
        _ kind: DatasetClass, _ options: DatasetOptions, _ arguments: Arguments
    ) throws -> any PoseDataset {
        guard !options.annotationFile.isEmpty else { throw arguments.invalid("ann_file", "is empty") }
        if case .coco = kind.reading, options.type.hasSuffix("DeepFashionDataset") {
            try Self.checkSubset(arguments)
        }
        let index = try CocoIndex(url(options.annotationFile))
        let skeleton = try skeleton(arguments, categories: index.categories)
        let context = FormatContext(keypointCount: skeleton.count, isTest: options.isTest)
        var frames: FrameSampling?
        if case .poseTrackVideo = kind.reading { frames = try FrameSampling(arguments) }
        let reader = try reader(kind, options, arguments)
        let source: any InstanceSource
        if let file = options.boxFile {
            source = try DetectionSource(
                url(file), index: index, options: options, keypointCount: skeleton.count, isVideo: frames != nil)
        } else {
            source = CocoSource(index, reader: reader, prefix: options.imagePrefix, context: context)
        }
        return try AnnotatedDataset(
            options: options, skeleton: skeleton, pipeline: try pipeline(arguments), source: source,
            categories: index.categories, frames: frames)
    }

    private static func checkSubset(_ arguments: Arguments) throws {
        let subset = try arguments.string("subset", default: "")
        guard ["", "full", "upper", "lower"].contains(subset) else {
            throw arguments.invalid("subset", "'\(subset)' is none of full, upper, lower")
        }
    }

    private func reader(
        _ kind: DatasetClass, _ options: DatasetOptions, _ arguments: Arguments
    ) throws -> any AnnotationReader {
        switch kind.reading {
        case .wholeBodyHands: return WholeBodyHandReader()
        case .mpiiTrb: return MpiiTrbReader()
        case .poseTrackVideo: return PoseTrackVideoReader()
        case .interHand(let depth): return try interHand(options, arguments, depth: depth)
        case .coco(let format):
            return FormatReader(format: format, selection: .byImage(interval: options.sampleInterval))
        case .mpii, .human36m, .human36mWholeBody, .uBody3d:
            throw arguments.invalid("type", "has no COCO-style file")
        }
    }

    private func interHand(
        _ options: DatasetOptions, _ arguments: Arguments, depth: Bool
    ) throws -> InterHandReader {
        func file(_ name: String) throws -> URL {
            let path = try arguments.string(name)
            return url(options.root.map { PythonPath.join($0, path) } ?? path)
        }
        let cameras = try file("camera_param_file")
        let joints = try file("joint_file")
        var roots: [Int: InterHandReader.RootNetResult]?
        if try !arguments.bool("use_gt_root_depth", default: true) {
            roots = try InterHandReader.rootResults(try file("rootnet_result_file"))
        } else {
            arguments.ignore("rootnet_result_file")
        }
        return InterHandReader(
            cameras: try JSONValue(contentsOf: cameras), joints: try InterHandJoints(joints), roots: roots,
            hasDepth: depth, interval: options.sampleInterval, camerasPath: cameras.path)
    }

    private func mpii(_ options: DatasetOptions, _ arguments: Arguments) throws -> any PoseDataset {
        guard options.boxFile == nil else {
            throw arguments.invalid("bbox_file", "MPII's file has no images that detections could refer to")
        }
        let skeleton = try skeleton(arguments)
        var heads: [Double]?
        if let file = try arguments.optionalString("headbox_file"), !file.isEmpty {
            guard options.isTest, options.mode == .topdown else {
                throw arguments.invalid("headbox_file", "is for top-down test datasets only")
            }
            heads = try HeadBoxFile.lengths(url(file))
        }
        let source = try MpiiSource(
            url(options.annotationFile), options: options,
            context: FormatContext(keypointCount: skeleton.count, isTest: options.isTest), headSizes: heads)
        return try AnnotatedDataset(
            options: options, skeleton: skeleton, pipeline: try pipeline(arguments), source: source, categories: [])
    }
}
