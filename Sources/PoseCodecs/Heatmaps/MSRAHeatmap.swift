public import PoseCore
public import PyConfig

/// One Gaussian map per key point (Xiao et al. 2018, "Simple Baselines for Human Pose Estimation and Tracking").
///
/// With `unbiased` the Gaussian sits at the exact place, and decoding finds it by a Taylor expansion (DARK, Zhang et al.
/// 2020, arXiv:1910.06278); otherwise it sits at the nearest pixel, and decoding moves the greatest pixel a quarter
/// towards its higher neighbour.
///
/// Targets: field `heatmaps` `(K, H, W)`, label `keypoint_weights` `(1, K)`. Decodes `.heatmaps` `(B, K, H, W)` into one
/// pose per image; scores are the maps' greatest values, and a map with nothing above zero has its point at −1 pixel of
/// the map.
public struct MSRAHeatmap: KeypointCodec {
    public let inputSize, heatmapSize: ImageSize
    /// Of the Gaussians, in pixels of the maps.
    public let sigma: Double
    public let unbiased: Bool
    /// Size of the smoothing kernel before the Taylor expansion; odd.
    public let blurKernelSize: Int
    /// How maxima are refined without `unbiased`; MMPose knows the first way only.
    public let refinement: PeakRefinement
    private let scale: MapScale
    private let checks = CodecChecks(codec: "MSRAHeatmap")

    /// Arguments: `input_size`, `heatmap_size`, `sigma`, `unbiased=False`, `blur_kernel_size=11`,
    /// `refinement='per_axis'`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
        heatmapSize = try arguments.size("heatmap_size")
        sigma = try arguments.positive("sigma")
        unbiased = try arguments.bool("unbiased", default: false)
        blurKernelSize = try arguments.kernelSize("blur_kernel_size", default: 11)
        refinement = try PeakRefinement(arguments)
        scale = MapScale(input: inputSize, map: heatmapSize)
    }

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        _ = try checks.annotation(annotation, single: true)
        let targets = try GaussianTargets(
            size: heatmapSize, keypoints: scale.mapCoordinates(annotation.keypoints), visible: annotation.visible,
            sigmas: [sigma], placement: unbiased ? .unbounded : .nearestPixel)
        return EncodedTargets(
            labels: ["keypoint_weights": targets.weights.array], fields: ["heatmaps": .float32(targets.maps)])
    }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .heatmaps(let heatmaps) = output else { throw checks.unexpected(output, expected: "heatmaps") }
        let maps = try checks.maps(heatmaps, image: index, size: heatmapSize)
        let peaks = maps.peaks()
        let points = unbiased ? try darkPoints(maps, peaks) : quarterPoints(maps, peaks)
        return [DecodedPose(keypoints: Keypoints(points: points, scores: peaks.map { Double($0.score) }))]
    }

    private func quarterPoints(_ maps: Maps, _ peaks: [MapPeak]) -> [SIMD2<Double>] {
        peaks.enumerated().map { index, peak in
            let offset = quarterOffset(
                maps[index], width: maps.width, height: maps.height, x: peak.x, y: peak.y, refinement)
            return scale.inputPoint(x: Float(peak.x) + offset.x, y: Float(peak.y) + offset.y)
        }
    }

    private func darkPoints(_ maps: Maps, _ peaks: [MapPeak]) throws -> [SIMD2<Double>] {
        let modulated = try ModulatedMaps(maps, maxima: peaks.map(\.score), kernelSize: blurKernelSize)
        return peaks.enumerated().map { index, peak in
            let offset = modulated.darkOffset(index, x: peak.x, y: peak.y)
            return scale.inputPoint(x: Float(Double(peak.x) + offset.x), y: Float(Double(peak.y) + offset.y))
        }
    }
}
