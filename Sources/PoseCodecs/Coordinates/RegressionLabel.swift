public import PoseCore
public import PyConfig

/// Coordinates themselves, as parts of the input's width and height.
///
/// Targets: labels `keypoint_labels` `(N, K, 2)` and `keypoint_weights` `(N, K)`, which is zero for key points outside.
/// Decodes `.regression`: from `(B, K, 2)` with scores of 1, from `(B, K, 4)` (RLE, Li et al. 2021) with the mean of
/// `1 - sigma` of both axes.
public struct RegressionLabel: KeypointCodec {
    public let inputSize: ImageSize
    private let checks = CodecChecks(codec: "RegressionLabel")

    init(inputSize: ImageSize) { self.inputSize = inputSize }

    /// Arguments: `input_size`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
    }

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        let (instances, count) = try checks.annotation(annotation, single: false)
        let (width, height) = (Double(inputSize.width), Double(inputSize.height))
        let dimensions = annotation.keypoints.shape[2]
        var labels: [Float] = []
        var weights: [Float] = []
        for index in 0..<instances * count {
            let x = annotation.keypoints.elements[index * dimensions]
            let y = annotation.keypoints.elements[index * dimensions + 1]
            let inside = x >= 0 && x <= width - 1 && y >= 0 && y <= height - 1
            labels += [Float(x / width), Float(y / height)]
            weights.append(inside && annotation.visible.elements[index] > 0.5 ? 1 : 0)
        }
        return EncodedTargets(labels: [
            "keypoint_labels": .float32(try NDArray(labels, shape: [instances, count, 2])),
            "keypoint_weights": .float32(try NDArray(weights, shape: [instances, count])),
        ])
    }

    public var packing: TargetPacking { TargetPacking(heatmapMask: true) }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .regression(let batch) = output else { throw checks.unexpected(output, expected: "regression") }
        let expected = "(B, K, 2) or (B, K, 4)"
        let values = try checks.image(index, of: batch, named: "coordinates", rank: 3, expected: expected)
        let dimensions = values.shape[1]
        guard dimensions == 2 || dimensions == 4 else {
            throw CodecError.shape(
                codec: checks.codec, array: "coordinates", expected: expected, found: batch.shape)
        }
        var keypoints = Keypoints(points: [], scores: [])
        for keypoint in 0..<values.shape[0] {
            let start = keypoint * dimensions
            keypoints.points.append(
                SIMD2(
                    Double(values.values[start]) * Double(inputSize.width),
                    Double(values.values[start + 1]) * Double(inputSize.height)))
            let score = dimensions == 2 ? 1 : ((1 - values.values[start + 2]) + (1 - values.values[start + 3])) / 2
            keypoints.scores.append(Double(score))
        }
        return [DecodedPose(keypoints: keypoints)]
    }
}
