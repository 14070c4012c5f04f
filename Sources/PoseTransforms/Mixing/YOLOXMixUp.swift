public import PoseCore
public import PyConfig

/// Another sample shining through, half as strong (YOLOX, Ge et al. 2021).
public struct YOLOXMixUp: Transform {
    /// What the other image is fitted into before it is scaled.
    public let size: ImageSize
    public let ratioRange: (Double, Double)
    /// The other image is mirrored when a random number exceeds it.
    public let flipRatio: Double
    public let padding: UInt8
    private let mixing: Mixing

    /// What happens to the other image.
    public struct Draw: Hashable, Sendable {
        public var scale = 1.0
        public var flips = false
        /// Where the window of the sample's size is on the scaled image, from 0 to 1 of what is left over.
        public var x = 0.0
        public var y = 0.0

        public init() {}
    }

    /// Arguments: `img_scale=(640, 640)`, `ratio_range=(0.5, 1.5)`, `flip_ratio=0.5`, `pad_val=114.0`,
    /// `pre_transform=None`, `prob=1.0`; `bbox_clip_border` has no effect, as in MMPose: boxes are always cut.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        size = try arguments.mixingSize()
        let range = try arguments.doubles("ratio_range", default: [0.5, 1.5])
        guard range.count == 2, range[0] > 0, range[1] <= 100, range[0] <= range[1] else {
            throw arguments.invalid("ratio_range", "expected the least and the greatest scale, found \(range)")
        }
        ratioRange = (range[0], range[1])
        flipRatio = try arguments.probability("flip_ratio", default: 0.5)
        padding = try arguments.grey("pad_val")
        mixing = try Mixing(arguments)
        arguments.ignore("bbox_clip_border")
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        guard let other = try mixing.draw(1, for: sample, using: &generator)?.first else { return }
        try apply(other, draw(using: &generator), to: &sample)
    }

    public func draw(using generator: inout some RandomNumberGenerator) -> Draw {
        var draw = Draw()
        draw.scale = generator.uniform(ratioRange.0, ratioRange.1)
        draw.flips = generator.uniform() > flipRatio
        (draw.y, draw.x) = (generator.uniform(), generator.uniform())
        return draw
    }

    /// Mixes another sample into this one, unless it has no instance.
    ///
    /// - Throws: `PoseSampleError` when one has no image.
    public func apply(_ other: PoseSample, _ draw: Draw, to sample: inout PoseSample) throws {
        guard try other.requiredKeypoints().keypoints.shape[0] > 0 else { return }
        let image = try Pixels(sample.requiredImage())
        let (scaled, ratio) = try scaled(other.requiredImage(), by: draw)
        let window = Window(on: scaled.size, of: ImageSize(width: image.width, height: image.height), draw)
        var mixed = image
        for row in 0..<image.height {
            for column in 0..<image.width * 3 {
                let place = row * image.width * 3 + column
                let shining = scaled.value(x: column / 3 + window.x, y: row + window.y, column % 3, padding: padding)
                mixed.bytes[place] = UInt8((Int(image.bytes[place]) + Int(shining)) / 2)
            }
        }
        let masks = try (sample.invalidPixels(), other.invalidPixels())
        var instances = MixedInstances()
        try instances.add(sample) { $0 }
        let moved = try prepared(other, ratio: ratio, size: scaled.size, flips: draw.flips)
        try instances.add(moved, areaFactor: ratio * ratio) { array in
            array.mapCoordinates { $0 - Double($1 == 0 ? window.x : window.y) }
        }
        sample.image = try mixed.image()
        let size = ImageSize(width: image.width, height: image.height)
        sample.imageSize = size
        sample.originalSize = size
        sample.invalidRegions = []
        sample.invalidMask = try joined(masks, scaled.size, flips: draw.flips, window, size: size)
        try instances.store(in: &sample, size: size)
    }

    /// The other image fitted into `size`, scaled and mirrored; and how much larger it has become.
    private func scaled(_ image: Image, by draw: Draw) throws -> (image: RealImage, ratio: Double) {
        let ratio = min(Double(size.height) / Double(image.height), Double(size.width) / Double(image.width))
        let fitted = try Pixels(
            image.resized(
                to: ImageSize(width: Int(Double(image.width) * ratio), height: Int(Double(image.height) * ratio))))
        var canvas = Pixels(width: size.width, height: size.height, channels: 3, value: padding)
        canvas.copy(fitted, x: 0, y: 0, width: fitted.width, height: fitted.height, toX: 0, toY: 0)
        let target = ImageSize(
            width: Int(Double(size.width) * draw.scale), height: Int(Double(size.height) * draw.scale))
        guard target.width > 0, target.height > 0 else {
            throw PoseSampleError.invalid("an image scaled by \(draw.scale) to nothing")
        }
        let resized = RealImage(canvas).resized(to: target)
        return (draw.flips ? resized.mirrored() : resized, ratio * draw.scale)
    }

    /// The other sample's boxes and key points on its scaled and mirrored image.
    private func prepared(_ other: PoseSample, ratio: Double, size: ImageSize, flips: Bool) throws -> PoseSample {
        var result = other
        result.image = nil
        result.imageSize = size
        let (keypoints, visible) = try other.requiredKeypoints()
        func scaled(_ array: RealArray) -> RealArray {
            let factor = array.precision.round(ratio)
            return array.mapCoordinates { value, _ in value * factor }
        }
        result.boxes = other.boxes.map { scaled($0).clipped(to: size) }
        let points = scaled(keypoints)
        result.keypoints = points
        result.keypointsVisible = visible.hiding(points, outside: size)
        if flips { try RandomFlip.apply(.horizontal, to: &result) }
        return result
    }

    /// Where either image is invalid.
    private func joined(
        _ masks: (Image?, Image?), _ scaled: ImageSize, flips: Bool, _ window: Window, size: ImageSize
    ) throws -> Image? {
        guard masks.0 != nil || masks.1 != nil else { return nil }
        var union =
            try masks.0.map { try Pixels($0.resized(to: size, interpolation: .nearest)) }
            ?? Pixels(width: size.width, height: size.height, channels: 1, value: 0)
        if var mask = try masks.1?.resized(to: scaled, interpolation: .nearest) {
            if flips { mask = try mask.flipped() }
            let other = try Pixels(mask)
            for row in 0..<min(size.height, scaled.height - window.y) {
                for column in 0..<min(size.width, scaled.width - window.x) {
                    let value = other.bytes[(row + window.y) * other.width + column + window.x]
                    if value != 0 { union.bytes[row * size.width + column] = value }
                }
            }
        }
        return try union.image()
    }
}

/// The part of the scaled image, extended to at least the sample's size, that shines through.
private struct Window {
    let x, y: Int

    init(on scaled: ImageSize, of size: ImageSize, _ draw: YOLOXMixUp.Draw) {
        func place(_ share: Double, _ left: Int) -> Int { min(Int(share * Double(left + 1)), left) }
        x = place(draw.x, max(scaled.width - size.width, 0))
        y = place(draw.y, max(scaled.height - size.height, 0))
    }
}
