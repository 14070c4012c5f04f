public import PoseCore
public import PyConfig

/// The mean of a square about every pixel.
public struct Blur: PixelChange {
    /// One of these extents is drawn.
    public let sizes: [Int]
    public let probability: Double

    /// Arguments: `blur_limit=7` (or least and greatest), `p=0.5`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        sizes = try arguments.blurSizes()
        probability = try arguments.changeProbability()
    }

    public func apply(to image: Image, using generator: inout some RandomNumberGenerator) throws -> Image {
        let size = draw(using: &generator)
        return try image.boxBlurred(width: size, height: size)
    }

    /// The extent for the next image.
    public func draw(using generator: inout some RandomNumberGenerator) -> Int {
        sizes[generator.integer(0, sizes.count)]
    }
}

/// The median of a square about every pixel.
public struct MedianBlur: PixelChange {
    /// One of these extents is drawn.
    public let sizes: [Int]
    public let probability: Double

    /// Arguments: `blur_limit=7` (or least and greatest), `p=0.5`.
    ///
    /// - Throws: `ConfigError`, also for even sizes.
    public init(_ arguments: Arguments) throws {
        sizes = try arguments.blurSizes()
        guard sizes.allSatisfy({ $0 % 2 == 1 }) else {
            throw arguments.invalid("blur_limit", "sizes must be odd, found \(sizes)")
        }
        probability = try arguments.changeProbability()
    }

    public func apply(to image: Image, using generator: inout some RandomNumberGenerator) throws -> Image {
        try image.medianBlurred(size: draw(using: &generator))
    }

    /// The extent for the next image.
    public func draw(using generator: inout some RandomNumberGenerator) -> Int {
        sizes[generator.integer(0, sizes.count)]
    }
}
