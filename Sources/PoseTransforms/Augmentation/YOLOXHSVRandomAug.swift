public import PoseCore
public import PyConfig

/// Adds to hue, saturation and value (YOLOX, Ge et al. 2021).
public struct YOLOXHSVRandomAug: Transform {
    /// Greatest change of each.
    public let deltas: [Double]

    /// Arguments: `hue_delta=5`, `saturation_delta=30`, `value_delta=30`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        deltas = [
            try arguments.double("hue_delta", default: 5), try arguments.double("saturation_delta", default: 30),
            try arguments.double("value_delta", default: 30),
        ]
        guard deltas.allSatisfy({ (0...32767).contains($0) }) else {
            throw arguments.invalid("hue_delta", "deltas must be from 0 to 32767, found \(deltas)")
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        sample.image = try Self.apply(draw(using: &generator), to: sample.requiredImage())
    }

    /// What to add to hue, saturation and value; each is 0 half of the time.
    public func draw(using generator: inout some RandomNumberGenerator) -> [Int] {
        deltas.map { delta in
            let gain = Int(generator.uniform(-1, 1) * delta)
            return generator.integer(0, 2) == 1 ? gain : 0
        }
    }

    /// The changed image: hue goes round at 180, the others stop at their ends.
    ///
    /// - Throws: `PoseSampleError.invalid` or `ImageError` when it is not one of 8-bit colours.
    public static func apply(_ gains: [Int], to image: Image) throws -> Image {
        guard gains.count == 3 else { throw PoseSampleError.invalid("\(gains.count) gains for three channels") }
        let hues = ByteTable.make { value in
            let sum = (Int(value) + gains[0]) % 180
            return UInt8(sum < 0 ? sum + 180 : sum)
        }
        let rest = gains[1...].map { gain in ByteTable.make { UInt8(min(max(Int($0) + gain, 0), 255)) } }
        return try image.eightBit().converted(.bgrToHSV).mapped(through: [hues] + rest).converted(.hsvToBGR)
    }
}
