import COpenCV

/// Colour conversions (OpenCV's `ColorConversionCodes`).
public enum ColorConversion: Int32, Sendable {
    case bgrToBGRA = 0
    case bgraToBGR = 1
    /// Swaps the first and third channel; the same code in both directions.
    case bgrToRGB = 4
    case bgrToGray = 6
    case rgbToGray = 7
    case grayToBGR = 8
    case bgrToYCrCb = 36
    case yCrCbToBGR = 38
    case bgrToHSV = 40
    case bgrToLab = 44
    case bgrToHLS = 52
    case hsvToBGR = 54
    case labToBGR = 56
    case hlsToBGR = 60
}

extension Image {
    /// The image in another colour space, as `cv2.cvtColor` does it.
    ///
    /// - Throws: `ImageError` when the conversion does not take this number of channels or element type.
    public func converted(_ conversion: ColorConversion) throws -> Image {
        try Image.make("cvtColor") { ocv_convert_color(handle, conversion.rawValue, $0) }
    }

    /// Every value as `value * scale + shift` in another element type, rounded and saturated.
    public func converted(to depth: Depth, scale: Double = 1, shift: Double = 0) throws -> Image {
        try Image.make("convert") { ocv_mat_convert(handle, depth.rawValue, scale, shift, $0) }
    }
}
