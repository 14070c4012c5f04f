public import PoseCore
public import PyConfig

/// Resizes the image to one of several sizes.
public struct BottomupRandomChoiceResize: Transform {
    /// Sizes; with `keepsRatio` the longer and the shorter side's limits in either order.
    public let sizes: [ImageSize]
    public let keepsRatio: Bool
    /// Whether pixels are averaged as Pillow does it, instead of OpenCV's way.
    public let usesPillow: Bool
    /// Whether boxes and key points are cut to the image.
    public let clipsBorder: Bool

    /// Arguments: `scales` (sizes, or factors of none: whole numbers stand for squares), `keep_ratio=False`,
    /// `clip_object_border=True`, `backend="cv2"` (or "pillow"); `resize_type` has no effect.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        guard let given = arguments.value("scales") else { throw arguments.invalid("scales", "is required") }
        let list = given.arrayValue ?? [given]
        let isOne = list.count == 2 && list.allSatisfy { $0.intValue != nil }
        sizes = try (isOne ? [given] : list).map { entry in
            let extents = entry.intValue.map { [$0, $0] } ?? entry.arrayValue?.compactMap(\.intValue) ?? []
            guard extents.count == 2, extents.allSatisfy({ (1...32766).contains($0) }) else {
                throw arguments.invalid("scales", "expected sizes (width, height)")
            }
            return ImageSize(width: extents[0], height: extents[1])
        }
        guard !sizes.isEmpty else { throw arguments.invalid("scales", "expected at least one size") }
        keepsRatio = try arguments.bool("keep_ratio", default: false)
        clipsBorder = try arguments.bool("clip_object_border", default: true)
        let backend = try arguments.string("backend", default: "cv2")
        guard ["cv2", "pillow"].contains(backend) else {
            throw arguments.invalid("backend", "must be 'cv2' or 'pillow', not '\(backend)'")
        }
        usesPillow = backend == "pillow"
        arguments.ignore("resize_type")
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        try apply(draw(using: &generator), to: &sample)
    }

    /// The size for the next image.
    public func draw(using generator: inout some RandomNumberGenerator) -> ImageSize {
        sizes[generator.integer(0, sizes.count)]
    }

    /// Resizes a sample.
    ///
    /// - Throws: `PoseSampleError` or `ImageError`.
    public func apply(_ size: ImageSize, to sample: inout PoseSample) throws {
        let image = try sample.requiredImage()
        let target = keepsRatio ? fitted(image.size, into: size) : size
        let resized = try usesPillow ? image.resizedAsPillow(to: target) : image.resized(to: target)
        let factor = [
            Double(target.width) / Double(image.width), Double(target.height) / Double(image.height),
        ]
        sample.image = resized
        sample.imageSize = target
        sample.inputSize = target
        let original = sample.originalSize ?? image.size
        sample.inputCenter = SIMD2(Double(original.width), Double(original.height)) / 2
        sample.inputScale = SIMD2(Double(original.width), Double(original.height))
        sample.inputPrecision = .single
        let before = sample.warp?.values ?? AffineMap.identity.rowMajor
        sample.warp = WarpMatrix(before.enumerated().map { $0 < 6 ? $1 * factor[$0 / 3] : $1 })
        if let boxes = sample.boxes {
            let scaled = boxes.converted(to: .double).mapCoordinates { $0 * factor[$1] }
            sample.boxes = clipsBorder ? scaled.clipped(to: target) : scaled
        }
        if let keypoints = sample.keypoints {
            let scaled = keypoints.mapCoordinates { $0 * factor[$1] }
            sample.keypoints = clipsBorder ? scaled.clipped(to: target) : scaled
        }
    }

    /// The largest size of the image's aspect ratio whose longer and shorter side stay within the limits.
    private func fitted(_ image: ImageSize, into limits: ImageSize) -> ImageSize {
        let long = Double(max(limits.width, limits.height)) / Double(max(image.width, image.height))
        let short = Double(min(limits.width, limits.height)) / Double(min(image.width, image.height))
        let factor = min(long, short)
        return ImageSize(
            width: max(1, Int(Double(image.width) * factor + 0.5)),
            height: max(1, Int(Double(image.height) * factor + 0.5)))
    }
}
