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
        let size = sizes[generator.integer(0, sizes.count)]
        return try image.boxBlurred(width: size, height: size)
    }
}

/// The median of a square about every pixel.
public struct MedianBlur: PixelChange {
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
        try image.medianBlurred(size: sizes[generator.integer(0, sizes.count)])
    }
}
