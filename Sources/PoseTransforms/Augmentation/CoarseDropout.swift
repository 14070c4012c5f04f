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

    public func apply(to image: Image, using generator: inout some RandomNumberGenerator) throws -> Image {
        try image.painted(draw(for: image.size, using: &generator), fill)
    }
}

/// Paints over rectangles in a regular grid (GridMask, Chen et al. 2020).
public struct GridDropout: PixelChange {
    /// Part of each cell that is painted over, along each axis.
    public let ratio: Double
    /// Least and greatest extent of a cell.
    public let cellRange: ClosedRange<Int>?
    /// Number of cells along x and y.
    public let cells: (x: Int, y: Int)?
    /// Of the grid, in pixels.
    public let shift: (x: Int, y: Int)
    public let randomOffset: Bool
    public let fill: [UInt8]
    public let probability: Double

    /// Arguments: `ratio=0.5`, `unit_size_min=None`, `unit_size_max=None`, `holes_number_x=None`, `holes_number_y=None`,
    /// `shift_x=0`, `shift_y=0`, `random_offset=False`, `fill_value=0`, `p=0.5`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        ratio = try arguments.double("ratio", default: 0.5)
        guard ratio > 0, ratio <= 1 else { throw arguments.invalid("ratio", "must be above 0 and at most 1") }
        let low = try arguments.optionalInt("unit_size_min")
        let high = try arguments.optionalInt("unit_size_max")
        if let low, let high {
            guard low >= 2, low <= high else {
                throw arguments.invalid("unit_size_max", "must be 2 or more and at least unit_size_min")
            }
            cellRange = low...high
        } else if low == nil, high == nil {
            cellRange = nil
        } else {
            throw arguments.invalid("unit_size_max", "unit_size_min and unit_size_max go together")
        }
        let columns = try arguments.optionalInt("holes_number_x")
        let rows = try arguments.optionalInt("holes_number_y")
        if let columns, let rows {
            guard columns > 0, rows > 0 else { throw arguments.invalid("holes_number_x", "must be more than 0") }
            cells = (columns, rows)
        } else {
            cells = nil
        }
        shift = (try arguments.int("shift_x", default: 0), try arguments.int("shift_y", default: 0))
        guard shift.x >= 0, shift.y >= 0 else { throw arguments.invalid("shift_x", "shifts must be 0 or more") }
        randomOffset = try arguments.bool("random_offset", default: false)
        fill = try arguments.fillColor()
        arguments.ignore("mask_fill_value")
        probability = try arguments.changeProbability()
    }

    /// Rectangles for the next image.
    ///
    /// - Throws: `PoseSampleError.invalid` when a cell is larger than the image.
    public func draw(for image: ImageSize, using generator: inout some RandomNumberGenerator) throws -> [Hole] {
        let cell = try cell(for: image, using: &generator)
        let hole = (x: holeExtent(cell.width), y: holeExtent(cell.height))
        var offset = (x: min(shift.x, cell.width - hole.x), y: min(shift.y, cell.height - hole.y))
        if randomOffset {
            offset.x = generator.integer(0, cell.width - hole.x + 1)
            offset.y = generator.integer(0, cell.height - hole.y + 1)
        }
        var holes: [Hole] = []
        for column in 0...image.width / cell.width {
            for row in 0...image.height / cell.height {
                let x = min(offset.x + cell.width * column, image.width)
                let y = min(offset.y + cell.height * row, image.height)
                holes.append(
                    Hole(x: x..<min(x + hole.x, image.width), y: y..<min(y + hole.y, image.height)))
            }
        }
        return holes
    }

    private func holeExtent(_ cell: Int) -> Int { min(max(Int(Double(cell) * ratio), 1), cell - 1) }

    private func cell(
        for image: ImageSize, using generator: inout some RandomNumberGenerator
    ) throws -> ImageSize {
        if let cellRange {
            guard cellRange.upperBound <= min(image.width, image.height) else {
                throw PoseSampleError.invalid("cells of \(cellRange) pixels on an image of \(image)")
            }
            let extent = generator.integer(cellRange.lowerBound, cellRange.upperBound + 1)
            return ImageSize(width: extent, height: extent)
        }
        if let cells {
            guard cells.x <= image.width / 2, cells.y <= image.height / 2 else {
                throw PoseSampleError.invalid("\(cells.x) by \(cells.y) cells on an image of \(image)")
            }
            return ImageSize(width: image.width / cells.x, height: image.height / cells.y)
        }
        return ImageSize(width: max(2, image.width / 10), height: max(2, image.height / 10))
    }

    public func apply(to image: Image, using generator: inout some RandomNumberGenerator) throws -> Image {
        try image.painted(draw(for: image.size, using: &generator), fill)
    }
}

extension Image {
    /// Painted over with a colour.
    fileprivate func painted(_ holes: [Hole], _ color: [UInt8]) throws -> Image {
        let values = (0..<channels).map { Double(color[min($0, color.count - 1)]) }
        return try eightBit().painted(holes.map { ($0.x, $0.y) }, values)
    }
}

extension Arguments {
    /// `fill_value`: a grey, or one number for each channel.
    fileprivate func fillColor() throws -> [UInt8] {
        let values = try doubles("fill_value", default: [0], orScalar: true)
        guard values.count == 1 || values.count == 3, values.allSatisfy({ (0...255).contains($0) }) else {
            throw invalid("fill_value", "expected one number from 0 to 255 or three, found \(values)")
        }
        return values.map { UInt8($0) }
    }
}
