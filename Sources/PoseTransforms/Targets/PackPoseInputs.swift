public import PoseCore
public import PyConfig

/// Gathers what training and evaluation need into `packed`, under MMPose's names.
public struct PackPoseInputs: Transform {
    /// Facts about the sample that are packed if there are such.
    public let metaKeys: [String]
    /// Whether key points in the network's input are packed too.
    public let packTransformed: Bool
    /// Further arrays that go with the labels: the sample's name for them, and theirs.
    public let extraLabels: [(source: String, label: String)]

    public static let defaultMetaKeys = [
        "id", "img_id", "img_path", "category_id", "crowd_index", "ori_shape", "img_shape", "input_size",
        "input_center", "input_scale", "flip", "flip_direction", "flip_indices", "raw_ann_info", "dataset_name",
    ]

    public init(metaKeys: [String] = defaultMetaKeys, packTransformed: Bool = false) {
        self.metaKeys = metaKeys
        self.packTransformed = packTransformed
        extraLabels = []
    }

    /// Arguments: `meta_keys=(…)`, `pack_transformed=False`, `extra_mapping_labels=None` (a dict of names; MMPose's
    /// configs use it, MMPose itself does not know it).
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        metaKeys = try arguments.strings("meta_keys", default: Self.defaultMetaKeys, orScalar: true)
        packTransformed = try arguments.bool("pack_transformed", default: false)
        guard arguments.has("extra_mapping_labels") else {
            extraLabels = []
            return
        }
        guard let names = arguments.value("extra_mapping_labels")?.dictValue else {
            throw arguments.invalid("extra_mapping_labels", "expected a dict of names")
        }
        extraLabels = try names.map { key, value in
            guard let source = key.stringValue, let label = value.stringValue else {
                throw arguments.invalid("extra_mapping_labels", "expected a dict of names")
            }
            return (source, label)
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        let targets = sample.targets ?? SampleTargets(packing: TargetPacking(visibleWeights: true, heatmapMask: true))
        var packed = PackedSample(inputs: try inputs(of: sample, targets))
        packed.labels = targets.labels
        if targets.packing.visibleWeights, let weights = sample.keypointsVisibleWeights {
            packed.labels["keypoints_visible_weights"] = weights.array
        }
        for (source, label) in extraLabels where packed.labels[label] == nil {
            packed.labels[label] = sample.instanceArray(Self.packedName(source))
        }
        packed.instances = instances(of: sample, targets)
        for (name, levels) in targets.fields where name != "heatmap_mask" || targets.packing.heatmapMask {
            if targets.isMultilevel {
                for (index, level) in levels.enumerated() { packed.fields["\(name).\(index)"] = level }
            } else {
                packed.fields[name] = levels.first
            }
        }
        for key in metaKeys { packed.metainfo.merge(sample.metainfo(key)) { first, _ in first } }
        sample.packed = packed
    }

    private func inputs(of sample: PoseSample, _ targets: SampleTargets) throws -> AnyNDArray {
        if let image = sample.image { return try image.planes() }
        if sample.lifting != nil, let inputs = targets.inputs ?? sample.keypoints?.array { return inputs }
        throw PoseSampleError.missing("image, nor key points to lift")
    }

    private static let defaultInstances = [
        "bboxes", "bbox_scores", "keypoints", "keypoints_cam", "keypoints_visible", "bbox_scales", "head_size",
    ]

    private func instances(of sample: PoseSample, _ targets: SampleTargets) -> [String: AnyNDArray] {
        var result: [String: AnyNDArray] = [:]
        for name in targets.packing.instances ?? Self.defaultInstances {
            result[name] = targets.instances[name] ?? sample.instanceArray(name)
        }
        if packTransformed { result["transformed_keypoints"] = sample.transformedKeypoints?.array }
        return result
    }

    /// The packed name of an array that MMPose's transforms know by another.
    private static func packedName(_ name: String) -> String {
        switch name {
        case "bbox": "bboxes"
        case "bbox_score": "bbox_scores"
        case "area": "areas"
        default: name
        }
    }
}

extension PoseSample {
    /// An array of the instances by the name it is packed under.
    func instanceArray(_ name: String) -> AnyNDArray? {
        switch name {
        case "bboxes": boxes?.array
        case "bbox_scores": boxScores?.array
        case "bbox_scales": boxScales?.array
        case "keypoints": keypoints?.array
        case "keypoints_visible": keypointsVisible?.array
        case "keypoints_cam": cameraKeypoints?.array
        case "areas": areas?.array
        case "head_size": headSizes?.array
        case "lifting_target": lifting?.target.array
        case "lifting_target_visible": lifting?.targetVisible?.array
        default: extras[name]
        }
    }
}
