public import PoseCore
public import PyConfig

/// Passes annotations on to heads that make their targets themselves (YOLOX-Pose, RTMO).
///
/// Labels: `bboxes`, `labels` (category − 1, int8), `keypoints`, `keypoints_visible`, `areas`. Nothing to decode.
public struct YOLOXPoseAnnotationProcessor: KeypointCodec {
    /// Whether boxes grow to hold all visible key points.
    public let expandBox: Bool
    private let checks = CodecChecks(codec: "YOLOXPoseAnnotationProcessor")

    /// Arguments: `expand_bbox=False`, `input_size=None` (has no effect).
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        expandBox = try arguments.bool("expand_bbox", default: false)
        arguments.ignore("input_size")
    }

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        _ = try checks.annotation(annotation, single: false)
        var targets = EncodedTargets(labels: [
            "keypoints": annotation.keypoints.array, "keypoints_visible": annotation.visible.array,
        ])
        targets.labels["areas"] = annotation.areas?.array
        if let boxes = annotation.boxes {
            let grown = expandBox ? try expanded(boxes, annotation) : boxes
            targets.labels["bboxes"] = grown.array
            if expandBox { targets.instances["bboxes"] = grown.array }
        }
        if !annotation.categories.isEmpty {
            targets.labels["labels"] = .int8(NDArray(annotation.categories.map { Int8(truncatingIfNeeded: $0 &- 1) }))
        }
        return targets
    }

    private func expanded(_ boxes: RealArray, _ annotation: KeypointAnnotation) throws -> RealArray {
        let (count, dimensions) = (annotation.keypoints.shape[1], annotation.keypoints.shape[2])
        guard boxes.shape == [annotation.keypoints.shape[0], 4] else {
            throw CodecError.shape(codec: checks.codec, array: "boxes", expected: "(N, 4)", found: boxes.shape)
        }
        var result = boxes.elements
        for index in annotation.visible.elements.indices where annotation.visible.elements[index] != 0 {
            for axis in 0..<2 {
                let value = annotation.keypoints.elements[index * dimensions + axis]
                let low = index / count * 4 + axis
                result[low] = min(result[low], value)
                result[low + 2] = max(result[low + 2], value)
            }
        }
        return try RealArray(result, shape: boxes.shape, precision: boxes.precision)
    }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        throw CodecError.unsupported(codec: checks.codec, "decodes nothing: its heads do that themselves")
    }

    public var packing: TargetPacking {
        TargetPacking(instances: ["bboxes", "bbox_scores", "keypoints", "keypoints_visible"], heatmapMask: true)
    }
}
