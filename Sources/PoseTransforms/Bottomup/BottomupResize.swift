public import PoseCore
public import PyConfig

/// The whole image as the network's input: scaled, and padded to a size the network takes.
public struct BottomupResize: Transform {
    /// How the image's aspect ratio is met.
    public enum Mode: String, Sendable {
        /// The image fits into the input.
        case fit
        /// The image fills the input, which grows along its longer side.
        case expand
    }

    public let inputSize: ImageSize
    /// Both extents are multiples of it.
    public let sizeFactor: Int
    public let mode: Mode
    public let padding: Color
    public let useUDP: Bool

    /// At which sizes, in units of the input's, the image is kept besides (`imagesAtScales`).
    public let scales: [Double]

    /// Arguments: `input_size`, `aug_scales=None`, `size_factor=32`, `resize_mode='fit'`, `pad_val=(0, 0, 0)`,
    /// `use_udp=False`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
        sizeFactor = try arguments.int("size_factor", default: 32)
        guard (1...1 << 16).contains(sizeFactor) else {
            throw arguments.invalid("size_factor", "must be 1 or more, found \(sizeFactor)")
        }
        let name = try arguments.string("resize_mode", default: "fit")
        guard let mode = Mode(rawValue: name) else {
            throw arguments.invalid("resize_mode", "expected 'fit' or 'expand', found '\(name)'")
        }
        self.mode = mode
        padding = try arguments.padding("pad_val")
        useUDP = try arguments.bool("use_udp", default: false)
        scales = try arguments.optionalDoubles("aug_scales") ?? []
        guard scales.allSatisfy({ $0 > 0 && $0 <= 64 }) else {
            throw arguments.invalid("aug_scales", "must be positive, found \(scales)")
        }
        for (name, scale) in [("input_size", 1)] + scales.map({ ("aug_scales", $0) }) where mode == .fit {
            let size = scaled(inputSize, by: scale)
            guard size.width % sizeFactor == 0, size.height % sizeFactor == 0, size.area > 0 else {
                throw arguments.invalid(name, "\(size) is not a multiple of size_factor \(sizeFactor)")
            }
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        let image = try sample.requiredImage()
        let original = sample.originalSize ?? image.size
        let region = try region(of: original, input: inputSize)
        sample.image = try image.warpAffine(region.map, size: region.padded, border: .constant(padding))
        sample.imageSize = region.padded
        sample.inputSize = region.padded
        sample.inputCenter = region.center
        sample.inputScale = region.scale
        sample.inputPrecision = .single
        sample.warp = WarpMatrix(region.map.rowMajor, countsOutside: true)
        sample.imagesAtScales = try scales.map { scale in
            let region = try self.region(of: original, input: scaled(inputSize, by: scale))
            return try image.warpAffine(region.map, size: region.padded, border: .constant(padding))
        }
    }

    /// Which part of an image becomes the input, and how.
    private func region(
        of original: ImageSize, input: ImageSize
    ) throws -> (center: SIMD2<Double>, scale: SIMD2<Double>, padded: ImageSize, map: AffineMap) {
        let (actual, padded) = try sizes(for: original, input: input)
        let (width, height) = (Double(original.width), Double(original.height))
        func single(_ x: Double, _ y: Double) -> SIMD2<Double> { SIMD2(Double(Float(x)), Double(Float(y))) }
        if useUDP {
            let (center, scale) = (single((width - 1) / 2, (height - 1) / 2), single(width, height))
            let map = RegionWarp.unbiased(center: center, scale: scale, rotation: .none, outputSize: actual)
            return (center, scale, padded, map)
        }
        let center = single(width / 2, height / 2)
        let scale = single(width * Double(padded.width) / actual.x, height * Double(padded.height) / actual.y)
        return (center, scale, padded, RegionWarp.plain(center: center, scale: scale, rotation: .none, output: padded))
    }

    /// The size of the scaled image, which need not be whole, and of the input.
    func sizes(for image: ImageSize, input size: ImageSize? = nil) throws -> (actual: SIMD2<Double>, padded: ImageSize)
    {
        guard image.width > 0, image.height > 0 else { throw PoseSampleError.invalid("an image of size \(image)") }
        let ratio = Double(image.width) / Double(image.height)
        let size = size ?? inputSize
        let input = multiple(SIMD2(Double(size.width), Double(size.height)))
        let (width, height) = (Double(input.width), Double(input.height))
        switch mode {
        case .fit:
            return (SIMD2(min(width, height * ratio), min(height, width / ratio)), input)
        case .expand:
            let actual = SIMD2(max(width, height * ratio), max(height, width / ratio))
            guard actual.max() < 32767 else {
                throw PoseSampleError.invalid("an image of size \(image) would become \(actual.x)×\(actual.y)")
            }
            return (actual, multiple(actual))
        }
    }

    private func scaled(_ size: ImageSize, by scale: Double) -> ImageSize {
        ImageSize(width: Int(Double(size.width) * scale), height: Int(Double(size.height) * scale))
    }

    /// The least multiples of `sizeFactor` that are not smaller.
    private func multiple(_ size: SIMD2<Double>) -> ImageSize {
        let factor = Double(sizeFactor)
        return ImageSize(
            width: Int((size.x / factor).rounded(.up) * factor), height: Int((size.y / factor).rounded(.up) * factor))
    }
}

extension Arguments {
    /// The colour outside an image: a number, or one for each channel (blue, green, red).
    func padding(_ name: String) throws -> Color {
        let values = try doubles(name, default: [0, 0, 0], orScalar: true)
        switch values.count {
        case 1: return Color(gray: values[0])
        case 3: return Color(red: values[2], green: values[1], blue: values[0])
        default: throw invalid(name, "expected a number or three, found \(values)")
        }
    }
}
