public import PoseCore
public import PyConfig

/// Cuts the region of one instance out of the image: the network's input.
///
/// The region is first extended to the input's aspect ratio, which is kept in the sample as its scale. Key points are
/// mapped along into `transformedKeypoints`.
public struct TopdownAffine: Transform {
    public let inputSize: ImageSize
    /// Whether first and last pixels of region and input coincide (`RegionWarp.unbiased`).
    public let useUDP: Bool

    public init(inputSize: ImageSize, useUDP: Bool = false) {
        self.inputSize = inputSize
        self.useUDP = useUDP
    }

    /// Arguments: `input_size`, `use_udp=False`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        self.init(
            inputSize: try arguments.size("input_size"), useUDP: try arguments.bool("use_udp", default: false))
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        let (centers, boxScales) = try sample.requiredRegions()
        guard centers.shape[0] == 1 else {
            throw PoseSampleError.shape("centers", expected: "(1, 2): one instance", found: centers.shape)
        }
        guard (boxScales.elements + centers.elements).allSatisfy(\.isFinite), boxScales.elements.allSatisfy({ $0 > 0 })
        else {
            throw PoseSampleError.invalid("a box of size \(boxScales.elements) at \(centers.elements) has no area")
        }
        let scales = try extended(boxScales)
        sample.boxScales = scales
        let center = SIMD2(centers.elements[0], centers.elements[1])
        let scale = SIMD2(scales.elements[0], scales.elements[1])
        let rotation = sample.boxRotations.flatMap { angles in
            angles.elements.first.map { Rotation(degrees: $0, precision: angles.precision) }
        }
        let map = warp(center: center, scale: scale, rotation: rotation ?? .none)
        sample.image =
            try sample.deferredImage?.warpAffine(map, size: inputSize)
            ?? sample.image?.warpAffine(map, size: inputSize)
        sample.deferredImage = nil
        if let keypoints = sample.keypoints {
            var mapped = try keypoints.mapped(by: map)
            if let before = sample.transformedKeypoints, before.shape == mapped.shape {
                mapped = try mapped.keepingDepths(of: before)
            }
            sample.transformedKeypoints = mapped
        }
        sample.inputSize = inputSize
        sample.inputCenter = center
        sample.inputScale = scale
        sample.inputPrecision = centers.precision.promoted(with: scales.precision)
    }

    /// The map from image to input.
    public func warp(
        center: SIMD2<Double>, scale: SIMD2<Double>, rotation: Rotation = .none
    ) -> AffineMap {
        useUDP
            ? RegionWarp.unbiased(center: center, scale: scale, rotation: rotation, output: inputSize)
            : RegionWarp.plain(center: center, scale: scale, rotation: rotation, output: inputSize)
    }

    /// Sizes extended along one axis so that they have the input's aspect ratio.
    private func extended(_ scales: RealArray) throws -> RealArray {
        let precision = scales.precision
        let ratio = precision.round(Double(inputSize.width) / Double(inputSize.height))
        var result = scales.elements
        for start in stride(from: 0, to: result.count, by: 2) {
            let (width, height) = (result[start], result[start + 1])
            let wanted = precision.round(height * ratio)
            if width > wanted { result[start + 1] = width / ratio } else { result[start] = wanted }
        }
        return try RealArray(result, shape: scales.shape, precision: precision)
    }
}

extension RealArray {
    /// These points with the coordinates after the second of others.
    fileprivate func keepingDepths(of other: RealArray) throws -> RealArray {
        let dimensions = shape.last ?? 2
        var result = self
        for index in 0..<count where index % dimensions >= 2 {
            result.values.elements[index] = other.elements[index]
        }
        return result
    }
}
