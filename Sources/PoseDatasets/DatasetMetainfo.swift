public import Foundation
public import PoseCore
public import PyConfig

/// Finds the keypoint definition (names, symmetry, sigmas, colours) that a config means.
///
/// MMPose gives every dataset class a file of its zoo, `configs/_base_/datasets/NAME.py`; a config overrides it with
/// `metainfo`, either spelled out or as `from_file`.
public struct DatasetMetainfo: Sendable {
    /// Folders that hold MMPose's `configs` tree, searched in order after the neighbourhood of the config itself.
    private let zooFolders: [URL]

    /// - Parameter zooFolders: `configs` folders of MMPose, such as the one `scripts/bootstrap` brings.
    public init(zooFolders: [URL]) {
        self.zooFolders = zooFolders
    }

    /// The definition a dataset dictionary of a config means, `nil` when it names none.
    ///
    /// - Parameters:
    ///   - dataset: the dictionary with `type` and maybe `metainfo`.
    ///   - config: where the config was read, since `from_file` may be relative to it.
    /// - Throws: `SkeletonError` when the definition is broken, `ConfigError` when its file is missing or does not parse.
    public func skeleton(of dataset: ConfigDict, config: URL) throws -> Skeleton? {
        if let metainfo = dataset["metainfo"]?.dictValue, !metainfo.isEmpty {
            return try skeleton(metainfo, config: config)
        }
        guard let type = dataset["type"]?.stringValue, let file = Self.fileName(type: type, dataset) else { return nil }
        return try skeleton(file: "configs/_base_/datasets/\(file).py", config: config)
    }

    /// The definition that a `metainfo` dictionary gives.
    public func skeleton(_ metainfo: ConfigDict, config: URL) throws -> Skeleton {
        if let file = metainfo["from_file"]?.stringValue { return try skeleton(file: file, config: config) }
        return try Skeleton(metainfo: metainfo)
    }

    /// The definition in a metainfo file, found relative to the config, to the folders above it, or in the zoo.
    public func skeleton(file: String, config: URL) throws -> Skeleton {
        try Skeleton(metainfo: definition(file: file, config: config))
    }

    /// The `dataset_info` of a metainfo file, found as `skeleton(file:config:)` finds it.
    public func definition(file: String, config: URL) throws -> ConfigDict {
        let candidates = candidates(for: file, config: config)
        guard let url = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw ConfigError.file(
                path: file, reason: "no such metainfo file, neither near \(config.path) nor in MMPose's zoo")
        }
        let loaded = try Config.load(contentsOf: url)
        guard let info = loaded.root["dataset_info"]?.dictValue else {
            throw ConfigError.file(path: url.path, reason: "defines no dataset_info")
        }
        return info
    }

    private func candidates(for file: String, config: URL) -> [URL] {
        if file.hasPrefix("/") { return [URL(fileURLWithPath: file)] }
        var found: [URL] = [URL(fileURLWithPath: file)]
        var folder = config.deletingLastPathComponent().standardizedFileURL
        while true {
            found.append(folder.appendingPathComponent(file))
            guard folder.path != "/" else { break }
            folder.deleteLastPathComponent()
        }
        // MMPose looks a missing file up by its base name in its own copy of the zoo.
        let name = URL(fileURLWithPath: file).lastPathComponent
        return found + zooFolders.map { $0.appendingPathComponent("_base_/datasets/\(name)") }
    }

    static func fileName(type: String, _ dataset: ConfigDict) -> String? {
        let name = type.split(separator: ".").last.map(String.init) ?? type
        if name == "DeepFashionDataset" {
            // Its three subsets have different keypoints; the class itself has none.
            let subset = dataset["subset"]?.stringValue ?? ""
            return [
                "": "deepfashion_full", "full": "deepfashion_full", "upper": "deepfashion_upper",
                "lower": "deepfashion_lower",
            ][subset]
        }
        return files[name]
    }

    /// Metainfo file, without suffix, of each dataset class.
    private static let files: [String: String] = [
        "AFLWDataset": "aflw", "AP10KDataset": "ap10k", "ATRWDataset": "atrw", "AicDataset": "aic",
        "AnimalKingdomDataset": "ak", "AnimalPoseDataset": "animalpose", "COFWDataset": "cofw", "CocoDataset": "coco",
        "CocoWholeBodyDataset": "coco_wholebody", "CocoWholeBodyFaceDataset": "coco_wholebody_face",
        "CocoWholeBodyHandDataset": "coco_wholebody_hand", "CrowdPoseDataset": "crowdpose",
        "DeepFashion2Dataset": "deepfashion2", "ExlposeDataset": "exlpose", "Face300VWDataset": "300vw",
        "Face300WDataset": "300w", "Face300WLPDataset": "300wlp", "FlyDataset": "fly", "FreiHandDataset": "freihand2d",
        "H36MWholeBodyDataset": "h3wb", "HalpeDataset": "halpe", "HalpeHandDataset": "coco_wholebody_hand",
        "Horse10Dataset": "horse10", "Human36mDataset": "h36m", "HumanArt21Dataset": "humanart21",
        "HumanArtDataset": "humanart", "InterHand2DDoubleDataset": "interhand3d", "InterHand3DDataset": "interhand3d",
        "JhmdbDataset": "jhmdb", "LapaDataset": "lapa", "LocustDataset": "locust", "MacaqueDataset": "macaque",
        "MhpDataset": "mhp", "MpiiDataset": "mpii", "MpiiTrbDataset": "mpii_trb", "OCHumanDataset": "ochuman",
        "OneHand10KDataset": "onehand10k", "PanopticHand2DDataset": "panoptic_hand2d",
        "PoseTrack18Dataset": "posetrack18",
        "PoseTrack18VideoDataset": "posetrack18", "Rhd2DDataset": "rhd2d", "UBody2dDataset": "ubody2d",
        "UBody3dDataset": "ubody3d", "WFLWDataset": "wflw", "ZebraDataset": "zebra",
    ]
}
