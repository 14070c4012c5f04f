import PoseCore
import Testing

@testable import PoseCodecs

/// The annotation that the fixture recorded.
func recordedAnnotation(_ arrays: [String: AnyNDArray]) throws -> KeypointAnnotation {
    let visible = try RealArray(#require(arrays["keypoints_visible"]))
    var annotation = try KeypointAnnotation(keypoints: RealArray(#require(arrays["keypoints"])), visible: visible)
    annotation.boxes = try (arrays["bbox"] ?? arrays["bboxes"]).map(RealArray.init)
    annotation.areas = try arrays["area"].map(RealArray.init)
    annotation.categories = arrays["category_id"]?.integers?.elements ?? []
    annotation.datasetKeypointWeights = try arrays["dataset_keypoint_weights"].map(RealArray.init)
    if let shape = arrays["img_shape"]?.integers?.elements {
        annotation.imageSize = ImageSize(width: shape[1], height: shape[0])
    }
    annotation.hands = try hands(arrays)
    annotation.lifting = try lifting(arrays)
    return annotation
}

/// Encodes what the fixture recorded, with the draws it recorded.
func encodeRecorded(_ codec: any KeypointCodec, _ arrays: [String: AnyNDArray]) throws -> EncodedTargets {
    let annotation = try recordedAnnotation(arrays)
    if let codec = codec as? DecoupledHeatmap {
        var steps = try #require(arrays["draw.steps"]?.integers).elements[...]
        let indices = try #require(arrays["draw.indices"]?.integers).elements
        return try codec.encode(annotation) {
            SIMD2(steps.popFirst() ?? 9, steps.popFirst() ?? 9)
        } choose: { _, size in
            Array(indices.prefix(size))
        }
    }
    var generator = SeededGenerator(seed: 0)
    return try codec.encode(annotation, using: &generator)
}

private func hands(_ arrays: [String: AnyNDArray]) throws -> HandAnnotation? {
    guard let type = arrays["hand_type"] else { return nil }
    return HandAnnotation(
        relativeRootDepth: try #require(arrays["rel_root_depth"]?.doubles).elements[0],
        relativeRootValid: try #require(arrays["rel_root_valid"]?.doubles).elements[0],
        handType: try RealArray(type), handTypeValid: try RealArray(#require(arrays["hand_type_valid"])))
}

private func lifting(_ arrays: [String: AnyNDArray]) throws -> LiftingAnnotation? {
    guard let target = arrays["lifting_target"] else { return nil }
    func pair(_ name: String) -> SIMD2<Double>? {
        arrays[name]?.doubles.map { SIMD2($0.elements[0], $0.elements[1]) }
    }
    let camera = LiftingCamera(
        width: try #require(arrays["camera.w"]?.doubles ?? NDArray([0])).elements[0],
        height: try #require(arrays["camera.h"]?.doubles ?? NDArray([0])).elements[0],
        focal: pair("camera.f"), center: pair("camera.c"))
    return LiftingAnnotation(
        target: try RealArray(target), targetVisible: try arrays["lifting_target_visible"].map(RealArray.init),
        camera: camera, factor: try arrays["factor"].map(RealArray.init))
}

/// Decodes what the fixture recorded, as a batch of one.
func decodeRecorded(_ codec: any KeypointCodec, _ arrays: [String: AnyNDArray]) throws -> [DecodedPose] {
    /// As the only image of a batch. The recorded array may have a dimension of one image already.
    func batch(_ name: String, rank: Int, _ body: (BorrowedArray) throws -> [DecodedPose]) throws -> [DecodedPose] {
        let array = try #require(arrays[name]?.floats)
        return try array.reshaped([1] + array.shape.suffix(rank - 1)).withBorrowed(body)
    }
    var context = DecodingContext()
    context.targetRoot = try arrays["target_root"].map(RealArray.init)
    context.factor = try arrays["factor"].map(RealArray.init)
    if let width = arrays["w"]?.doubles?.elements.first, let height = arrays["h"]?.doubles?.elements.first {
        context.imageSize = SIMD2(width, height)
    }
    if let shape = arrays["input_shapes"]?.doubles?.elements { context.imageSize = SIMD2(shape[1], shape[0]) }
    func decode(_ output: HeadOutput) throws -> [DecodedPose] {
        try codec.decode(output, image: 0, context: context)
    }
    let names = Set(arrays.keys)
    if names.contains("simcc_x") {
        return try batch("simcc_x", rank: 3) { x in try batch("simcc_y", rank: 3) { try decode(.simcc(x: x, y: $0)) } }
    }
    if names.contains("regression") { return try batch("regression", rank: 3) { try decode(.regression($0)) } }
    if names.contains("lifted") { return try batch("lifted", rank: 4) { try decode(.lifted($0)) } }
    if names.contains("pred_logits") {
        return try batch("pred_logits", rank: 3) { scores in
            try batch("pred_boxes", rank: 3) { boxes in
                try batch("pred_keypoints", rank: 3) {
                    try decode(.queries(scores: scores, boxes: boxes, keypoints: $0))
                }
            }
        }
    }
    if names.contains("instance_heatmaps") {
        return try #require(arrays["instance_heatmaps"]?.floats).withBorrowed { maps in
            try #require(arrays["instance_scores"]?.floats).withBorrowed {
                try decode(.instances([(heatmaps: maps, scores: $0)]))
            }
        }
    }
    if names.contains("hand_type") {
        return try batch("heatmaps", rank: 5) { maps in
            try batch("root_depth", rank: 2) { depth in
                try batch("hand_type", rank: 2) {
                    try decode(.hands(heatmaps: maps, rootDepth: depth, handType: $0))
                }
            }
        }
    }
    return try batch("heatmaps", rank: 4) { maps in
        if names.contains("displacements") {
            return try batch("displacements", rank: 4) { try decode(.roots(heatmaps: maps, displacements: $0)) }
        }
        if names.contains("tags") {
            return try batch("tags", rank: 4) { try decode(.tagged(heatmaps: maps, tags: $0)) }
        }
        return try decode(.heatmaps(maps))
    }
}
