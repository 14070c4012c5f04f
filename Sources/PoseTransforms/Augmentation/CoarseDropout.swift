public import PoseCore
public import PyConfig

/// A rectangle of an image that is painted over.
public struct Hole: Hashable, Sendable {
    public var x, y: Range<Int>

    public init(x: Range<Int>, y: Range<Int>) {
        self.x = x
        self.y = y
    }
}

/// Paints over rectangles at random places (DeVries and Taylor 2017).
public struct CoarseDropout: PixelChange {
    /// Least and greatest number, height and width; heights and widths are parts of the image's below 1 if `isRelative`.
    public let count: ClosedRange<Int>
    public let height, width: ClosedRange<Double>
    public let isRelative: Bool
    public let fill: [UInt8]
    public let probability: Double

    /// Arguments: `max_holes=8`, `max_height=8`, `max_width=8`, `min_holes=None`, `min_height=None`, `min_width=None` (as
    /// the greatest), `fill_value=0`, `p=0.5`. Heights and widths are pixels as integers, parts of the image as floats.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        func range(_ name: String) throws -> (range: ClosedRange<Double>, isRelative: Bool) {
            let high = try arguments.double("max_\(name)", default: 8)
            let low = try arguments.optionalDouble("min_\(name)") ?? high
            let whole = arguments.value("max_\(name)").map { $0.intValue != nil } ?? true
            guard low >= 0, low <= high, high <= (whole ? 65536 : 1), !whole || low == low.rounded() else {
                throw arguments.invalid("max_\(name)", "expected pixels or parts, the least at most the greatest")
            }
            return (low...high, !whole)
        }
        let high = try arguments.int("max_holes", default: 8)
        let low = try arguments.optionalInt("min_holes") ?? high
        guard low >= 1, low <= high, high <= 100_000 else {
            throw arguments.invalid("max_holes", "expected 1 or more, at least min_holes, found \(high)")
        }
        count = low...high
        let (heights, widths) = (try range("height"), try range("width"))
        guard heights.isRelative == widths.isRelative else {
            throw arguments.invalid("max_width", "height and width must both be pixels or both be parts")
        }
        (height, width, isRelative) = (heights.range, widths.range, heights.isRelative)
        fill = try arguments.fillColor()
        arguments.ignore("mask_fill_value")
        probability = try arguments.changeProbability()
    }

    /// Rectangles for the next image.
    public func draw(for image: ImageSize, using generator: inout some RandomNumberGenerator) -> [Hole] {
        (0..<generator.integer(count.lowerBound, count.upperBound + 1)).map { _ in
            let high = extent(height, of: image.height, using: &generator)
            let wide = extent(width, of: image.width, using: &generator)
            let y = generator.integer(0, image.height - high + 1)
            let x = generator.integer(0, image.width - wide + 1)
            return Hole(x: x..<x + wide, y: y..<y + high)
        }
    }

    private func extent(
        _ range: ClosedRange<Double>, of whole: Int, using generator: inout some RandomNumberGenerator
    ) -> Int {
        let drawn =
            isRelative
            ? Int(Double(whole) * generator.uniform(range.lowerBound, range.upperBound))
            : generator.integer(Int(range.lowerBound), Int(range.upperBound) + 1)
        return min(drawn, whole)
    }

    /// The image without these holes.
    ///
    /// - Throws: `ImageError` or `PoseSampleError.invalid` for an image of another kind than 8-bit.
    public func apply(_ holes: [Hole], to image: Image) throws -> Image {
        try image.painted(holes, fill)
    }

    public func apply(to image: Image, using generator: inout some RandomNumberGenerator) throws -> Image {
        try apply(draw(for: image.size, using: &generator), to: image)
    }
}

extension Image {
    /// Painted over with a grey or one value for each channel.
    func painted(_ holes: [Hole], _ color: [UInt8]) throws -> Image {
        let values = (0..<channels).map { Double(color[min($0, color.count - 1)]) }
        return try eightBit().painted(holes.map { ($0.x, $0.y) }, values)
    }
}

extension Arguments {
    /// `fill_value`: a grey, or one number for each channel.
    func fillColor() throws -> [UInt8] {
        let values = try doubles("fill_value", default: [0], orScalar: true)
        guard values.count == 1 || values.count == 3, values.allSatisfy({ (0...255).contains($0) }) else {
            throw invalid("fill_value", "expected one number from 0 to 255 or three, found \(values)")
        }
        return values.map { UInt8($0) }
    }
}
