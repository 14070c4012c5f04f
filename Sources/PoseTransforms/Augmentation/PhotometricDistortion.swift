public import PoseCore
public import PyConfig

/// Changes brightness, contrast, saturation and hue, and the order of the channels.
public struct PhotometricDistortion: Transform {
    public let brightnessDelta: Double
    public let contrastRange, saturationRange: (Double, Double)
    public let hueDelta: Int

    /// What happens to an image; nil leaves that alone.
    public struct Draw: Hashable, Sendable {
        /// Added to every value.
        public var brightness: Double?
        /// Factor of every value, before and again after the changes of colour.
        public var contrast: Double?
        /// Whether the image goes through hue, saturation and value, which alone changes it a little.
        public var throughHSV = false
        public var saturation: Double?
        /// Added to the hue (0…179); the sum wraps around at 256, as a byte does.
        public var hue: Int?
        public var channels: [Int]?

        public init() {}
    }

    /// Arguments: `brightness_delta=32`, `contrast_range=(0.5, 1.5)`, `saturation_range=(0.5, 1.5)`, `hue_delta=18`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        func range(_ name: String) throws -> (Double, Double) {
            let range = try arguments.doubles(name, default: [0.5, 1.5])
            guard range.count == 2 else { throw arguments.invalid(name, "expected two numbers, found \(range)") }
            return (range[0], range[1])
        }
        brightnessDelta = try arguments.double("brightness_delta", default: 32)
        contrastRange = try range("contrast_range")
        saturationRange = try range("saturation_range")
        hueDelta = try arguments.int("hue_delta", default: 18)
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        sample.image = try Self.apply(draw(using: &generator), to: sample.requiredImage())
    }

    /// Each change with a probability of one half, contrast with a quarter.
    public func draw(using generator: inout some RandomNumberGenerator) -> Draw {
        var draw = Draw()
        let changesContrast = generator.integer(0, 2) == 1
        if generator.integer(0, 2) == 1 { draw.brightness = generator.uniform(-brightnessDelta, brightnessDelta) }
        if generator.integer(0, 2) == 1, changesContrast {
            draw.contrast = generator.uniform(contrastRange.0, contrastRange.1)
        }
        let mode = generator.integer(0, 4)
        draw.throughHSV = mode != 0
        if mode == 1 || mode == 3 { draw.saturation = generator.uniform(saturationRange.0, saturationRange.1) }
        if mode == 2 || mode == 3 { draw.hue = generator.integer(-hueDelta, hueDelta) }
        if generator.integer(0, 2) == 1 { draw.channels = [0, 1, 2].shuffled(using: &generator) }
        return draw
    }

    /// The changed image.
    ///
    /// - Throws: `PoseSampleError.invalid` or `ImageError` when it is not one of 8-bit colours.
    public static func apply(_ draw: Draw, to image: Image) throws -> Image {
        var image = try image.eightBit()
        guard image.channels == 3 else { throw PoseSampleError.invalid("an image of \(image.channels) channels") }
        // Changes of single values that follow one another are one table.
        var table = ByteTable.identity
        if let brightness = draw.brightness {
            table = table.map { truncatedByte(Float($0) + Float(brightness)) }
        }
        if let contrast = draw.contrast { table = table.map { truncatedByte(Float($0) * Float(contrast)) } }
        if draw.throughHSV {
            image = try image.changed(table).converted(.bgrToHSV)
            let saturations = draw.saturation.map { factor in
                ByteTable.make { truncatedByte(Float($0) * Float(factor)) }
            }
            let hues = draw.hue.map { hue in ByteTable.make { UInt8(truncatingIfNeeded: Int($0) + hue) } }
            if saturations != nil || hues != nil {
                image = try image.mapped(
                    through: [hues, saturations, nil].map { $0 ?? ByteTable.identity })
            }
            image = try image.converted(.hsvToBGR)
            table = ByteTable.identity
        }
        if let contrast = draw.contrast { table = table.map { truncatedByte(Float($0) * Float(contrast)) } }
        image = try image.changed(table)
        guard let channels = draw.channels, channels.sorted() == [0, 1, 2] else { return image }
        return try image.reordered(channels)
    }
}

extension Image {
    /// All values through one table.
    fileprivate func changed(_ table: [UInt8]) throws -> Image {
        table == ByteTable.identity ? self : try mapped(through: Array(repeating: table, count: channels))
    }
}
