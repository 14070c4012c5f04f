public import PoseCore
public import PyConfig

/// Maps made by smoothing one bright pixel (Megvii; used by MSPN and RSN, Li et al. 2019, Cai et al. 2020).
///
/// Targets: field `heatmaps` `(K, H, W)` with 255 at the key point, label `keypoint_weights` `(1, K)`. Decodes
/// `.heatmaps` into one pose per image, smoothed first; scores are `greatest value / 255 + 0.5`, and a map of zeros has
/// none (not a number).
public struct MegviiHeatmap: KeypointCodec {
    public let inputSize, heatmapSize: ImageSize
    /// Of the smoothing; odd.
    public let kernelSize: Int
    private let scale: MapScale
    private let checks = CodecChecks(codec: "MegviiHeatmap")

    /// Arguments: `input_size`, `heatmap_size`, `kernel_size`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
        heatmapSize = try arguments.size("heatmap_size")
        kernelSize = try arguments.kernelSize("kernel_size")
        scale = MapScale(input: inputSize, map: heatmapSize)
    }

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        _ = try checks.annotation(annotation, single: true)
        let keypoints = try scale.mapCoordinates(annotation.keypoints)
        let (width, height) = (heatmapSize.width, heatmapSize.height)
        var maps: [Float] = []
        maps.reserveCapacity(annotation.visible.count * width * height)
        var weights = annotation.visible.elements
        for index in weights.indices {
            var map = try NDArray<Float>(repeating: 0, shape: [height, width])
            if !(weights[index] < 0.5) {
                let x = truncated(keypoints.elements[2 * index])
                let y = truncated(keypoints.elements[2 * index + 1])
                if (0..<width).contains(x), (0..<height).contains(y) {
                    map.elements[y * width + x] = 1
                    map = try map.gaussianBlurred(kernelSize: kernelSize)
                    let peak = map.elements[y * width + x]
                    map = map.map { $0 / peak * 255 }
                } else {
                    weights[index] = 0
                }
            }
            maps += map.elements
        }
        let visible = annotation.visible
        return EncodedTargets(
            labels: [
                "keypoint_weights": try RealArray(weights, shape: visible.shape, precision: visible.precision).array
            ],
            fields: ["heatmaps": .float32(try NDArray(maps, shape: [weights.count, height, width]))])
    }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .heatmaps(let heatmaps) = output else { throw checks.unexpected(output, expected: "heatmaps") }
        let maps = try checks.maps(heatmaps, image: index, size: heatmapSize)
        let maxima = (0..<maps.count).map { firstMaximum(maps[$0]).value }
        let modulated = try ModulatedMaps(maps, maxima: maxima, kernelSize: kernelSize)
        var keypoints = Keypoints(points: [], scores: [])
        for keypoint in 0..<maps.count {
            modulated.values(keypoint).withUnsafeBufferPointer { map in
                let peak = MapPeak(map, width: maps.width)
                let offset = offset(map, of: peak, width: maps.width, height: maps.height)
                keypoints.points.append(
                    scale.inputPoint(x: Float(peak.x) + offset.x, y: Float(peak.y) + offset.y))
                keypoints.scores.append(Double(peak.score / 255 + 0.5))
            }
        }
        return [DecodedPose(keypoints: keypoints)]
    }

    /// A quarter towards the higher neighbours plus the half pixel that encoding cut off; nothing at the border.
    private func offset(
        _ map: UnsafeBufferPointer<Float>, of peak: MapPeak, width: Int, height: Int
    ) -> (x: Float, y: Float) {
        guard peak.x > 1, peak.x < width - 1, peak.y > 1, peak.y < height - 1 else { return (0, 0) }
        let quarter = quarterOffset(map, width: width, height: height, x: peak.x, y: peak.y)
        return (quarter.x + 0.5, quarter.y + 0.5)
    }

    /// The height of the map: scores start at 0.5.
    public func confidence(score: Double) -> Double { score > 0.5 ? min(score - 0.5, 1) : 0 }
}
