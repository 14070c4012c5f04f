import PoseCore
import PoseMetrics

extension EvaluatedSample {
    /// Poses found in a sample, in pixels of its image, beside what the sample's `gt_instances` say.
    ///
    /// - Throws: `PoseSampleError.missing` for a sample that is not packed or has no key points.
    init(_ poses: [DecodedPose], keypointCount: Int, of sample: PoseSample, index: Int) throws {
        guard let packed = sample.packed else {
            throw PoseSampleError.missing("packed annotation; the pipeline does not end with PackPoseInputs")
        }
        let isLifted = packed.instances["lifting_target"] != nil
        let predicted = try Self.points(poses.map(\.keypoints), keypointCount: keypointCount)
        // An image without annotations has none to compare with.
        let nobody = try RealArray(repeating: 0, shape: [0, keypointCount, 2])
        let annotated = packed.instances[isLifted ? "lifting_target" : "keypoints"].flatMap(RealArray.init) ?? nobody
        let target = try Self.frames(annotated)
        self.init(
            predicted: predicted, annotated: target, visible: try Self.visible(packed, of: target, isLifted: isLifted))
        scores = try RealArray(
            poses.flatMap(\.keypoints.scores), shape: [poses.count, keypointCount], precision: .double)
        boxes = packed.instances["bboxes"].flatMap(RealArray.init)
        boxScores = packed.instances["bbox_scores"].flatMap(RealArray.init)
        boxScales = packed.instances["bbox_scales"].flatMap(RealArray.init)
        for name in ["head_size", "box_size"] {
            sizes[name] = (packed.instances[name] ?? sample.extras[name])?.doubles?.elements.first
        }
        self.index = index
        ids = sample.ids
        isWholeImage = sample.listsInstances
        imageID = sample.imageID
        category = packed.metainfo["category_id"]?.integers?.elements.first
        imagePath = packed.metainfo["target_img_path"]?.strings?.elements.first ?? sample.imagePath
        datasetName = sample.datasetName
    }

    /// A sample's annotation, itself taken for the prediction.
    ///
    /// - Throws: `PoseSampleError.missing` for a sample that is not packed.
    init(annotationOf sample: PoseSample) throws {
        try self.init([], keypointCount: sample.keypoints?.shape.dropFirst().first ?? 0, of: sample, index: 0)
        predicted = annotated
        scores = try RealArray(repeating: 1, shape: Array(annotated.shape.prefix(2)))
        guard let hands = sample.hands else { return }
        let present = hands.handType.elements.map { $0 != 0 }
        self.hands = try EvaluatedHands(
            DecodedHands(relativeRootDepth: hands.relativeRootDepth, present: present), of: sample)
    }

    private static func points(_ poses: [Keypoints], keypointCount: Int) throws -> RealArray {
        let width = poses.first?.is3D ?? false ? 3 : 2
        for pose in poses where pose.count != keypointCount {
            throw MetricError.keypointCount(of: "a prediction", found: pose.count, expected: keypointCount)
        }
        return try RealArray(
            poses.flatMap { $0.coordinates.flatMap { $0 } }, shape: [poses.count, keypointCount, width],
            precision: .double)
    }

    /// `(T, K, 3)` also of one frame.
    private static func frames(_ array: RealArray) throws -> RealArray {
        guard array.rank == 2 else { return array }
        return try RealArray(array.elements, shape: [1] + array.shape, precision: array.precision)
    }

    private static func visible(_ packed: PackedSample, of target: RealArray, isLifted: Bool) throws -> RealArray {
        let shape = Array(target.shape.prefix(2))
        let name = isLifted ? "lifting_target_visible" : "keypoints_visible"
        guard let array = packed.instances[name].flatMap(RealArray.init) else {
            return try RealArray(repeating: 1, shape: shape)
        }
        // One mask of all frames, or one for each; some codecs add a weight to every visibility.
        let count = shape.reduce(1, *)
        if array.count == count { return try RealArray(array.elements, shape: shape, precision: array.precision) }
        if array.count > 0, array.count == shape.last, count.isMultiple(of: array.count) {
            let repeated = Array(repeating: array.elements, count: count / array.count).flatMap { $0 }
            return try RealArray(repeated, shape: shape, precision: array.precision)
        }
        return array
    }
}

extension EvaluatedHands {
    /// - Throws: `PoseSampleError.missing` when `meta_keys` do not pack what measuring needs.
    init?(_ predicted: DecodedHands, of sample: PoseSample) throws {
        guard let hands = sample.hands, let camera = sample.cameraKeypoints else { return nil }
        func pair(_ name: String) throws -> SIMD2<Double> {
            guard let values = (sample.packed?.metainfo[name] ?? sample.extras[name])?.doubles?.elements,
                values.count == 2
            else { throw PoseSampleError.missing("\(name), two numbers") }
            return SIMD2(values[0], values[1])
        }
        self.init(
            predictedRootDepth: predicted.relativeRootDepth, predictedHands: predicted.present,
            hands: hands.handType.elements.map { $0 != 0 },
            handsAreKnown: hands.handTypeValid.elements.allSatisfy { $0 > 0 }, cameraKeypoints: camera,
            rootDepths: try pair("abs_depth"), focalLength: try pair("focal"),
            principalPoint: try pair("principal_pt"))
    }
}

extension RealArray {
    /// Numbers of an array; nil for text.
    init?(_ array: AnyNDArray) {
        guard let values = array.doubles else { return nil }
        if case .float32 = array { self.init(values) } else { self.init(values, precision: .double) }
    }
}
