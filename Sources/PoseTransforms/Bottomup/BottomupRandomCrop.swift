public import PoseCore
public import PyConfig

/// Cuts a random rectangle out of the image, with the instances in it.
public struct BottomupRandomCrop: Transform {
    /// How the rectangle's size follows from `size`.
    public enum Kind: String, Sendable {
        /// Parts of the image's width and height, between those given and the whole.
        case relativeRange = "relative_range"
        /// Parts of the image's width and height.
        case relative
        /// Pixels: width and height.
        case absolute
        /// Pixels: both extents between the two numbers.
        case absoluteRange = "absolute_range"
    }

    public let size: SIMD2<Double>
    public let kind: Kind
    /// Whether a sample without any instance is passed on rather than rejected.
    public let allowsEmpty: Bool
    /// Whether boxes are cut to the rectangle, and key points outside made invisible.
    public let clipsBorder: Bool

    /// Arguments: `crop_size`, `crop_type='absolute'`, `allow_negative_crop=False`, `bbox_clip_border=True`;
    /// `recompute_bbox` has no effect, as samples have no masks of instances.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        let name = try arguments.string("crop_type", default: "absolute")
        guard let kind = Kind(rawValue: name) else { throw arguments.invalid("crop_type", "unknown type '\(name)'") }
        self.kind = kind
        let extents = try arguments.doubles("crop_size")
        let isRelative = kind == .relative || kind == .relativeRange
        guard extents.count == 2, extents.allSatisfy({ $0 > 0 && $0 <= (isRelative ? 1 : 65536) }),
            kind != .absoluteRange || extents[0] <= extents[1]
        else {
            throw arguments.invalid("crop_size", "expected two extents for crop_type '\(name)', found \(extents)")
        }
        size = SIMD2(extents[0], extents[1])
        allowsEmpty = try arguments.bool("allow_negative_crop", default: false)
        clipsBorder = try arguments.bool("bbox_clip_border", default: true)
        arguments.ignore("recompute_bbox")
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        let image = try sample.requiredImage().size
        let extent = drawSize(for: image, using: &generator)
        let place = drawPlace(of: extent, in: image, using: &generator)
        try apply(x: place.x, y: place.y, size: extent, to: &sample)
    }

    /// The left top corner of the next rectangle.
    public func drawPlace(
        of size: ImageSize, in image: ImageSize, using generator: inout some RandomNumberGenerator
    ) -> (x: Int, y: Int) {
        let y = generator.integer(0, max(image.height - size.height, 0) + 1)
        return (generator.integer(0, max(image.width - size.width, 0) + 1), y)
    }

    /// The size of the next rectangle.
    public func drawSize(for image: ImageSize, using generator: inout some RandomNumberGenerator) -> ImageSize {
        func part(_ extent: Int, _ share: Double) -> Int { Int(Double(extent) * share + 0.5) }
        let (width, height) = (Int(size.x), Int(size.y))
        switch kind {
        case .absolute: return ImageSize(width: min(width, image.width), height: min(height, image.height))
        case .absoluteRange:
            let first = generator.integer(min(image.height, width), min(image.height, height) + 1)
            let second = generator.integer(min(image.width, width), min(image.width, height) + 1)
            return ImageSize(width: second, height: first)
        case .relative: return ImageSize(width: part(image.width, size.x), height: part(image.height, size.y))
        case .relativeRange:
            // Here, and in `absoluteRange`, MMPose draws the height first; its range is from the first number.
            let shares = SIMD2(generator.uniform(size.x, 1), generator.uniform(size.y, 1))
            return ImageSize(width: part(image.width, shares.y), height: part(image.height, shares.x))
        }
    }

    /// Cuts a rectangle, which is itself cut to the image, out of a sample.
    ///
    /// - Throws: `PoseSampleError` or `ImageError`.
    public func apply(x: Int, y: Int, size: ImageSize, to sample: inout PoseSample) throws {
        let image = try sample.requiredImage()
        let width = min(size.width, image.width - x)
        let height = min(size.height, image.height - y)
        let cropped = try image.cropped(x: x, y: y, width: width, height: height)
        sample.image = cropped
        sample.imageSize = cropped.size
        let shift = [Double(-x), Double(-y)]
        let before = sample.warp?.values ?? AffineMap.identity.rowMajor
        sample.warp = WarpMatrix(before.shifted(by: shift))
        if sample.keypoints != nil {
            let (keypoints, visible) = try sample.requiredKeypoints()
            let moved = keypoints.converted(to: .double).mapCoordinates { $0 + shift[$1] }
            if clipsBorder { sample.keypointsVisible = visible.hiding(moved, outside: cropped.size) }
            sample.keypoints = moved.clipped(to: cropped.size)
        }
        guard let boxes = sample.boxes, boxes.rank == 2 else { return }
        let moved = boxes.converted(to: .double).mapCoordinates { $0 + shift[$1] }
        let kept = clipsBorder ? moved.clipped(to: cropped.size) : moved
        sample.boxes = kept
        let inside = (0..<kept.shape[0]).filter { row in
            let box = kept.elements[row * 4..<row * 4 + 4].map { $0 }
            return box[0] < Double(width) && box[1] < Double(height) && box[2] > 0 && box[3] > 0
        }
        if inside.isEmpty, !allowsEmpty {
            sample.rejection = "no instance is in the part of the image that was cut out"
            return
        }
        try sample.keep(inside, of: kept.shape[0])
    }
}

extension [Double] {
    /// A map of the plane followed by a shift.
    func shifted(by shift: [Double]) -> [Double] {
        guard count == 9 else {
            var result = self
            for (place, amount) in [(2, shift[0]), (5, shift[1])] where place < count { result[place] += amount }
            return result
        }
        var result = self
        for place in 0..<6 {
            let homogeneous = self[6 + place % 3]
            result[place] += shift[place / 3] * homogeneous
        }
        return result
    }
}
