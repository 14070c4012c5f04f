public import PoseCore
public import PyConfig

/// Boxes and key points as parts of the image, for ED-Pose's transformer (Yang et al. 2023).
///
/// Targets: instances `bboxes` `(N, 4)` as centre and size, `keypoints` `(N, K, 2)`, `keypoints_visible` `(N, K)` and
/// `areas` `(N)`, all but the visibilities divided by the image's size. Decodes `.queries` with the image's size in the
/// context into the best `num_select` poses.
public struct EDPoseLabel: KeypointCodec {
    public let selected: Int
    public let keypointCount: Int
    private let checks = CodecChecks(codec: "EDPoseLabel")

    /// Arguments: `num_select=100`, `num_keypoints=17`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        selected = try arguments.int("num_select", default: 100)
        keypointCount = try arguments.int("num_keypoints", default: 17)
        guard selected > 0 else { throw arguments.invalid("num_select", "must be more than 0") }
        guard (1...1 << 16).contains(keypointCount) else {
            throw arguments.invalid("num_keypoints", "must be more than 0, found \(keypointCount)")
        }
    }

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        _ = try checks.annotation(annotation, single: false)
        guard let size = annotation.imageSize, size.width > 0, size.height > 0 else {
            throw CodecError.missing(codec: checks.codec, "the image's size")
        }
        let extent = [Double(size.width), Double(size.height)]
        let dimensions = annotation.keypoints.shape[2]
        var keypoints = annotation.keypoints
        for index in 0..<keypoints.count where index % dimensions < 2 {
            keypoints.values.elements[index] = keypoints.precision.round(
                keypoints.elements[index] / extent[index % dimensions])
        }
        var targets = EncodedTargets(instances: [
            "keypoints": keypoints.array, "keypoints_visible": annotation.visible.array,
        ])
        if let areas = annotation.areas {
            let area = areas.precision.round(extent[0] * extent[1])
            targets.instances["areas"] = areas.map { $0 / area }.array
        }
        if let boxes = annotation.boxes {
            guard boxes.rank == 2, boxes.shape[1] == 4 else {
                throw CodecError.shape(codec: checks.codec, array: "boxes", expected: "(N, 4)", found: boxes.shape)
            }
            targets.instances["bboxes"] = try centered(boxes, extent).array
        }
        return targets
    }

    /// Centres and sizes as parts of the image.
    private func centered(_ boxes: RealArray, _ extent: [Double]) throws -> RealArray {
        let precision = boxes.precision
        var values: [Double] = []
        for start in stride(from: 0, to: boxes.count, by: 4) {
            let box = boxes.elements[start..<start + 4].map { $0 }
            values += [0, 1].map { precision.round(box[$0 + 2] + box[$0]) * 0.5 / extent[$0] }
            values += [0, 1].map { precision.round(box[$0 + 2] - box[$0]) / extent[$0] }
        }
        return try RealArray(values, shape: boxes.shape, precision: precision)
    }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .queries(let batchScores, let batchBoxes, let batchKeypoints) = output else {
            throw checks.unexpected(output, expected: "queries")
        }
        guard let size = context.imageSize else { throw CodecError.missing(codec: checks.codec, "the image's size") }
        let scores = try checks.image(index, of: batchScores, named: "scores", rank: 3, expected: "(B, Q, C)")
        let boxes = try checks.image(index, of: batchBoxes, named: "boxes", rank: 3, expected: "(B, Q, 4)")
        let keypoints = try checks.image(
            index, of: batchKeypoints, named: "key points", rank: 3, expected: "(B, Q, 3K)")
        let (queries, classes) = (scores.shape[0], scores.shape[1])
        guard boxes.shape == [queries, 4], keypoints.shape == [queries, 3 * keypointCount] else {
            throw CodecError.shape(
                codec: checks.codec, array: "key points",
                expected: "(B, \(queries), \(3 * keypointCount)) with boxes (B, \(queries), 4)",
                found: batchKeypoints.shape)
        }
        // What is not a number comes last.
        let order = scores.values.indices.sorted { first, second in
            let (a, b) = (scores.values[first], scores.values[second])
            return a == b || (a.isNaN && b.isNaN) ? first < second : a > b || b.isNaN
        }
        return order.prefix(selected).map { place in
            let query = place / classes
            let score = Double(scores.values[place])
            let row = keypoints.values[query * 3 * keypointCount..<(query + 1) * 3 * keypointCount].map(Double.init)
            let points = (0..<keypointCount).map { SIMD2(row[2 * $0], row[2 * $0 + 1]) * size }
            let box = boxes.values[query * 4..<query * 4 + 4].map { $0 }
            return DecodedPose(
                keypoints: Keypoints(points: points, score: score), score: score, box: imageBox(box, size))
        }
    }

    /// Corners in pixels from centre and size as parts.
    private func imageBox(_ box: [Float], _ size: SIMD2<Double>) -> Box {
        let (left, top) = (box[0] - 0.5 * box[2], box[1] - 0.5 * box[3])
        return Box(
            x1: Double(left) * size.x, y1: Double(top) * size.y, x2: Double(left + box[2]) * size.x,
            y2: Double(top + box[3]) * size.y)
    }

    public var packing: TargetPacking {
        TargetPacking(
            instances: ["bboxes", "keypoints", "keypoints_visible", "areas"], visibleWeights: true, heatmapMask: true)
    }
}
