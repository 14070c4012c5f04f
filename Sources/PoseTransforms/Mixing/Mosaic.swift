public import PoseCore
public import PyConfig

/// Four samples on one image of twice the size, each in a corner of it, meeting at a random point (YOLOX, Ge et al.
/// 2021).
public struct Mosaic: Transform {
    /// Size of one image; the mosaic's is twice that.
    public let size: ImageSize
    /// Where the images meet, in sizes of one.
    public let centerRange: (Double, Double)
    /// Grey where there is no image.
    public let padding: UInt8
    private let mixing: Mixing

    /// Arguments: `img_scale=(640, 640)`, `center_range=(0.5, 1.5)`, `pad_val=114.0`, `pre_transform=None`, `prob=1.0`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        size = try arguments.mixingSize()
        let range = try arguments.doubles("center_range", default: [0.5, 1.5])
        guard range.count == 2, range[0] >= 0, range[1] <= 2, range[0] <= range[1] else {
            throw arguments.invalid("center_range", "expected two numbers from 0 to 2, found \(range)")
        }
        centerRange = (range[0], range[1])
        padding = try arguments.grey("pad_val")
        mixing = try Mixing(arguments)
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        guard let others = try mixing.draw(3, for: sample, using: &generator) else { return }
        let (x, y) = drawCenter(using: &generator)
        try apply(others, centerX: x, centerY: y, to: &sample)
    }

    /// The pixel where the images meet.
    public func drawCenter(using generator: inout some RandomNumberGenerator) -> (x: Int, y: Int) {
        let x = generator.uniform(centerRange.0, centerRange.1) * Double(size.width)
        return (Int(x), Int(generator.uniform(centerRange.0, centerRange.1) * Double(size.height)))
    }

    /// Puts the sample top left and three others top right, bottom left and bottom right.
    ///
    /// - Throws: `PoseSampleError` when there are not three, or one has no image.
    public func apply(_ others: [PoseSample], centerX: Int, centerY: Int, to sample: inout PoseSample) throws {
        guard others.count == 3 else { throw PoseSampleError.invalid("a mosaic of \(others.count + 1) images") }
        let canvas = ImageSize(width: size.width * 2, height: size.height * 2)
        var pixels = Pixels(width: canvas.width, height: canvas.height, channels: 3, value: padding)
        var mask: Pixels?
        var instances = MixedInstances()
        for (index, part) in ([sample] + others).enumerated() {
            let image = try part.requiredImage()
            let ratio = min(
                Double(size.height) / Double(image.height), Double(size.width) / Double(image.width))
            let scaled = try image.resized(
                to: ImageSize(width: Int(Double(image.width) * ratio), height: Int(Double(image.height) * ratio)))
            let tile = Tile(index: index, image: scaled.size, centerX: centerX, centerY: centerY, canvas: canvas)
            tile.paste(try Pixels(scaled), on: &pixels)
            if let invalid = try part.invalidPixels() {
                if mask == nil { mask = Pixels(width: canvas.width, height: canvas.height, channels: 1, value: 0) }
                let scaledMask = try Pixels(invalid.resized(to: scaled.size, interpolation: .nearest))
                if var whole = mask {
                    tile.paste(scaledMask, on: &whole)
                    mask = whole
                }
            }
            let shift = [Double(tile.shiftX), Double(tile.shiftY)]
            try instances.add(part, areaFactor: ratio * ratio) { array in
                let factor = array.precision.round(ratio)
                return array.mapCoordinates { array.precision.round($0 * factor) + shift[$1] }
            }
        }
        sample.image = try pixels.image()
        sample.imageSize = canvas
        sample.originalSize = canvas
        sample.invalidRegions = []
        sample.invalidMask = try mask?.image()
        try instances.store(in: &sample, size: canvas)
    }
}

/// Where one of the four images goes.
private struct Tile {
    /// Left top corner on the canvas, left top corner in the image, and the size of what is copied.
    private let target, source: (x: Int, y: Int)
    private let size: ImageSize
    /// From the image to the canvas.
    var shiftX: Int { target.x - source.x }
    var shiftY: Int { target.y - source.y }

    /// - Parameter index: 0 top left, 1 top right, 2 bottom left, 3 bottom right.
    init(index: Int, image: ImageSize, centerX: Int, centerY: Int, canvas: ImageSize) {
        let isLeft = index % 2 == 0
        let isTop = index < 2
        let width = min(image.width, isLeft ? centerX : canvas.width - centerX)
        let height = min(image.height, isTop ? centerY : canvas.height - centerY)
        target = (isLeft ? centerX - width : centerX, isTop ? centerY - height : centerY)
        // Of an image that is cut off, the part next to the centre stays.
        source = (isLeft ? image.width - width : 0, isTop ? image.height - height : 0)
        size = ImageSize(width: max(width, 0), height: max(height, 0))
    }

    func paste(_ image: Pixels, on canvas: inout Pixels) {
        canvas.copy(
            image, x: source.x, y: source.y, width: size.width, height: size.height, toX: target.x, toY: target.y)
    }
}

extension Arguments {
    /// `img_scale`.
    func mixingSize() throws -> ImageSize {
        has("img_scale") ? try size("img_scale") : ImageSize(width: 640, height: 640)
    }

    /// A grey from 0 to 255.
    func grey(_ name: String) throws -> UInt8 {
        let value = try double(name, default: 114)
        guard (0...255).contains(value) else { throw invalid(name, "must be from 0 to 255, found \(value)") }
        return UInt8(value)
    }
}
