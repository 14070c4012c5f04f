public import PoseCore
public import PyConfig

/// Paints over rectangles in a regular grid (GridMask, Chen et al. 2020).
public struct GridDropout: PixelChange {
    /// Part of each cell that is painted over, along each axis.
    public let ratio: Double
    /// Least and greatest extent of a cell; what is drawn may be one pixel more.
    public let cellRange: ClosedRange<Int>?
    /// Number of cells along x and y, where it is given.
    public let columns, rows: Int?
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
        columns = try arguments.optionalInt("holes_number_x")
        rows = try arguments.optionalInt("holes_number_y")
        guard columns ?? 1 > 0, rows ?? 1 > 0 else {
            throw arguments.invalid("holes_number_x", "numbers must be more than 0")
        }
        shift = (
            max(0, try arguments.optionalInt("shift_x") ?? 0), max(0, try arguments.optionalInt("shift_y") ?? 0)
        )
        randomOffset = try arguments.bool("random_offset", default: false)
        fill = try arguments.fillColor()
        arguments.ignore("mask_fill_value")
        probability = try arguments.changeProbability()
    }

    /// A grid on an image: the extent of a cell, and where the first cell's hole is in it.
    public struct Grid: Hashable, Sendable {
        public var cell: ImageSize
        public var x, y: Int

        public init(cell: ImageSize, x: Int, y: Int) {
            self.cell = cell
            self.x = x
            self.y = y
        }
    }

    /// The grid of the next image.
    ///
    /// - Throws: `PoseSampleError.invalid` when a cell is larger than the image.
    public func draw(for image: ImageSize, using generator: inout some RandomNumberGenerator) throws -> Grid {
        let cell = try cell(for: image, using: &generator)
        let rest = (x: cell.width - holeExtent(cell.width), y: cell.height - holeExtent(cell.height))
        guard randomOffset else { return Grid(cell: cell, x: min(shift.x, rest.x), y: min(shift.y, rest.y)) }
        let x = generator.integer(0, rest.x + 1)
        return Grid(cell: cell, x: x, y: generator.integer(0, rest.y + 1))
    }

    /// Rectangles of a grid, cut to the image.
    public func holes(of grid: Grid, in image: ImageSize) -> [Hole] {
        let cell = grid.cell
        guard cell.width > 1, cell.height > 1, image.width > 0, image.height > 0 else { return [] }
        return (0...image.width / cell.width).flatMap { column in
            (0...image.height / cell.height).map { row in
                let x = min(grid.x + cell.width * column, image.width)
                let y = min(grid.y + cell.height * row, image.height)
                return Hole(
                    x: x..<min(x + holeExtent(cell.width), image.width),
                    y: y..<min(y + holeExtent(cell.height), image.height))
            }
        }
    }

    private func holeExtent(_ cell: Int) -> Int { min(max(Int(Double(cell) * ratio), 1), cell - 1) }

    private func cell(
        for image: ImageSize, using generator: inout some RandomNumberGenerator
    ) throws -> ImageSize {
        if let cellRange {
            guard cellRange.upperBound <= min(image.width, image.height) else {
                throw PoseSampleError.invalid("cells of \(cellRange) pixels on an image of \(image)")
            }
            // albumentations adds one to a bound that its generator includes already.
            let extent = generator.integer(cellRange.lowerBound, cellRange.upperBound + 2)
            return ImageSize(width: extent, height: extent)
        }
        guard columns ?? 1 <= max(image.width / 2, 1), rows ?? 1 <= max(image.height / 2, 1) else {
            throw PoseSampleError.invalid("\(columns ?? 1) by \(rows ?? 1) cells on an image of \(image)")
        }
        let width = columns.map { image.width / $0 } ?? max(2, image.width / 10)
        return ImageSize(width: width, height: rows.map { image.height / $0 } ?? max(min(width, image.height), 2))
    }

    /// The image without the holes of a grid.
    ///
    /// - Throws: `ImageError` or `PoseSampleError.invalid` for an image of another kind than 8-bit.
    public func apply(_ grid: Grid, to image: Image) throws -> Image {
        try image.painted(holes(of: grid, in: image.size), fill)
    }

    public func apply(to image: Image, using generator: inout some RandomNumberGenerator) throws -> Image {
        try apply(draw(for: image.size, using: &generator), to: image)
    }
}
