public import PoseCore
public import PyConfig

/// Maps without the bias of rounding (UDP, Huang et al. 2020, arXiv:1911.07524): first and last pixels of map and input
/// coincide.
///
/// `gaussian`: one Gaussian per key point at its exact place. `combined`: three maps per key point, a disc of ones and
/// the way to the key point along x and y in radii of the disc.
///
/// Targets: field `heatmaps` `(K or 3K, H, W)`, label `keypoint_weights` `(1, K)`. Decodes `.heatmaps` into one pose per
/// image. As in MMPose decoded points are `map / (map size - 1) * input size`, so that `decode(encode(x))` is
/// `x * size / (size - 1)`; the way back to the image divides that out again.
public struct UDPHeatmap: KeypointCodec {
    /// What a key point's maps hold.
    public enum Kind: String, Sendable {
        case gaussian, combined
    }

    public let inputSize, heatmapSize: ImageSize
    public let kind: Kind
    /// Of the Gaussians, in pixels of the maps.
    public let sigma: Double
    /// Radius of the disc as part of the map's greater extent.
    public let radiusFactor: Double
    /// Size of the smoothing kernel before the Taylor expansion; odd. Class maps are smoothed with `2 * size + 1`.
    public let blurKernelSize: Int
    /// What lies outside a map when it is smoothed; MMPose knows the first way only.
    public let blurBorder: BlurBorder
    private let scale: MapScale
    private let checks = CodecChecks(codec: "UDPHeatmap")

    /// Arguments: `input_size`, `heatmap_size`, `heatmap_type='gaussian'`, `sigma=2.0`, `radius_factor=0.0546875`,
    /// `blur_kernel_size=11`, `blur_border='zero'`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
        heatmapSize = try arguments.size("heatmap_size")
        guard heatmapSize.width > 1, heatmapSize.height > 1 else {
            throw arguments.invalid("heatmap_size", "unbiased maps need two pixels or more along each axis")
        }
        let name = try arguments.string("heatmap_type", default: "gaussian")
        guard let kind = Kind(rawValue: name) else {
            throw arguments.invalid("heatmap_type", "expected 'gaussian' or 'combined', found '\(name)'")
        }
        self.kind = kind
        sigma = try arguments.positive("sigma", default: 2)
        radiusFactor = try arguments.positive("radius_factor", default: 0.0546875)
        blurKernelSize = try arguments.kernelSize("blur_kernel_size", default: 11)
        blurBorder = try BlurBorder(arguments)
        scale = MapScale(unbiasedInput: inputSize, map: heatmapSize)
    }

    // MARK: encoding

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        _ = try checks.annotation(annotation, single: true)
        let keypoints = try scale.mapCoordinates(annotation.keypoints)
        switch kind {
        case .gaussian:
            let targets = try GaussianTargets(
                size: heatmapSize, keypoints: keypoints, visible: annotation.visible, sigmas: [sigma],
                placement: .subpixel)
            return EncodedTargets(
                labels: ["keypoint_weights": targets.weights.array], fields: ["heatmaps": .float32(targets.maps)])
        case .combined:
            let maps = try offsetMaps(keypoints, visible: annotation.visible)
            return EncodedTargets(
                labels: ["keypoint_weights": annotation.visible.array], fields: ["heatmaps": .float32(maps)])
        }
    }

    /// For every visible key point a disc, and everywhere the way to it in radii: `(3K, H, W)`.
    private func offsetMaps(_ keypoints: RealArray, visible: RealArray) throws -> NDArray<Float> {
        let (width, height) = (heatmapSize.width, heatmapSize.height)
        let plane = width * height
        let radius = radiusFactor * Double(max(width, height))
        var maps = try NDArray<Float>(repeating: 0, shape: [3 * visible.count, height, width])
        maps.withUnsafeMutableBufferPointer { values in
            for index in 0..<visible.count where !(visible.elements[index] < 0.5) {
                let (x, y) = (keypoints.elements[2 * index], keypoints.elements[2 * index + 1])
                for row in 0..<height {
                    let dy = (y - Double(row)) / radius
                    for column in 0..<width {
                        let dx = (x - Double(column)) / radius
                        let place = 3 * index * plane + row * width + column
                        values[place] = dx * dx + dy * dy <= 1 ? 1 : 0
                        values[place + plane] = Float(dx)
                        values[place + 2 * plane] = Float(dy)
                    }
                }
            }
        }
        return maps
    }

    // MARK: decoding

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .heatmaps(let heatmaps) = output else { throw checks.unexpected(output, expected: "heatmaps") }
        let maps = try checks.maps(heatmaps, image: index, size: heatmapSize)
        let found = kind == .gaussian ? try gaussianPoints(maps) : try combinedPoints(maps)
        let points = found.map { point, _ in
            SIMD2(
                Double(point.x) / Double(heatmapSize.width - 1) * Double(inputSize.width),
                Double(point.y) / Double(heatmapSize.height - 1) * Double(inputSize.height))
        }
        return [DecodedPose(keypoints: Keypoints(points: points, scores: found.map { Double($0.score) }))]
    }

    private func gaussianPoints(_ maps: Maps) throws -> [(point: SIMD2<Float>, score: Float)] {
        let peaks = maps.peaks()
        let modulated = try ModulatedMaps(
            maps, maxima: peaks.map(\.score), kernelSize: blurKernelSize, border: blurBorder)
        return peaks.enumerated().map { index, peak in
            let offset = modulated.unbiasedOffset(index, x: peak.x, y: peak.y)
            return (SIMD2(Float(Double(peak.x) + offset.x), Float(Double(peak.y) + offset.y)), peak.score)
        }
    }

    /// The peak of every smoothed class map, moved by the offsets there.
    private func combinedPoints(_ maps: Maps) throws -> [(point: SIMD2<Float>, score: Float)] {
        guard maps.count % 3 == 0 else {
            throw CodecError.shape(
                codec: "UDPHeatmap", array: "combined heatmaps", expected: "(3K, H, W)",
                found: [maps.count, maps.height, maps.width])
        }
        let count = maps.count / 3
        let plane = maps.width * maps.height
        let isOld = blurBorder == .reflect
        let radius = Float(radiusFactor * Double(isOld ? maps.height : max(maps.width, maps.height)))
        let smoothed = isOld ? try maps.copy().gaussianBlurred(kernelSize: blurKernelSize).elements : nil
        return try (0..<count).map { keypoint in
            let classes = try NDArray(Array(maps[3 * keypoint]), shape: [maps.height, maps.width])
                .gaussianBlurred(kernelSize: 2 * blurKernelSize + 1)
            let peak = classes.withUnsafeBufferPointer { MapPeak($0, width: maps.width) }
            // A map with nothing in it has its peak at (−1, −1), where MMPose reads from the key point before.
            var place = keypoint * plane + peak.y * maps.width + peak.x
            if place < 0 { place += count * plane }
            let (owner, pixel) = (place / plane, place % plane)
            let offset = { (map: Int) in smoothed?[map * plane + pixel] ?? maps[map][pixel] }
            let x = Float(peak.x) + offset(3 * owner + 1) * radius
            let y = Float(peak.y) + offset(3 * owner + 2) * radius
            return (SIMD2(x, y), peak.score)
        }
    }
}
