import COpenCV
public import Foundation

/// Which pixels an image file becomes: the choices that MMCV gives a config (`color_type` and `imdecode_backend` of
/// `LoadImage`), under its names.
public struct ImageDecoding: Hashable, Sendable {
    /// What becomes of colours and of the orientation that EXIF tells.
    public enum ColorType: String, Hashable, Sendable, CaseIterable {
        /// B, G, R of 8 bits, turned upright.
        case color
        /// One channel of 8 bits, turned upright.
        case grayscale
        /// Channels and their type as in the file, not turned.
        case unchanged
        /// As `color`, not turned.
        case colorIgnoringOrientation = "color_ignore_orientation"
        /// As `grayscale`, not turned.
        case grayscaleIgnoringOrientation = "grayscale_ignore_orientation"
    }

    /// Whose decoder it follows; OpenCV's does the work.
    public enum Backend: String, Hashable, Sendable, CaseIterable {
        /// OpenCV.
        case cv2
        /// Pillow, which makes grey of colours, and gives images of grey and transparency a background.
        case pillow
        /// TurboJPEG: JPEG only, in colour or grey, never turned.
        case turbojpeg
        /// tifffile: TIFF only, as in the file (so R, G, B), whatever the colour type.
        case tifffile
    }

    public var colorType: ColorType
    public var backend: Backend

    public init(colorType: ColorType = .color, backend: Backend = .cv2) {
        self.colorType = colorType
        self.backend = backend
    }

    var mode: Int {
        switch colorType {
        case .color: OCV_DECODE_COLOR
        case .grayscale: OCV_DECODE_GRAY
        case .unchanged: OCV_DECODE_UNCHANGED
        case .colorIgnoringOrientation: OCV_DECODE_COLOR | OCV_DECODE_IGNORE_ORIENTATION
        case .grayscaleIgnoringOrientation: OCV_DECODE_GRAY | OCV_DECODE_IGNORE_ORIENTATION
        }
    }

    var isGray: Bool { colorType == .grayscale || colorType == .grayscaleIgnoringOrientation }
}

extension Image {
    /// Reads an image file as MMCV does with these choices.
    ///
    /// - Throws: `ImageError` as `decode(contentsOf:pixelLimit:)` does, and `.invalid` for what the backend does not read.
    public static func decode(
        contentsOf url: URL, as decoding: ImageDecoding, pixelLimit: Int = defaultPixelLimit
    ) throws -> Image {
        try decode(FileBytes.read(url), as: decoding, named: url.path, pixelLimit: pixelLimit)
    }

    /// Decodes an image file held in memory as MMCV does with these choices.
    ///
    /// - Parameter name: a name for error messages.
    /// - Throws: `ImageError` as `decode(contentsOf:as:pixelLimit:)` does.
    public static func decode(
        _ bytes: Data, as decoding: ImageDecoding, named name: String? = nil, pixelLimit: Int = defaultPixelLimit
    ) throws -> Image {
        try bytes.withUnsafeBytes { bytes in
            let file = ImageFile(bytes: bytes, name: name, pixelLimit: pixelLimit)
            switch decoding.backend {
            case .cv2: return try file.decoded(decoding.mode)
            case .pillow: return try file.decodedByPillow(decoding)
            case .turbojpeg: return try file.decodedByTurboJPEG(decoding)
            case .tifffile: return try file.decodedByTifffile()
            }
        }
    }
}

/// The bytes of a file that is being decoded.
struct ImageFile {
    let bytes: UnsafeRawBufferPointer
    let name: String?
    let pixelLimit: Int

    var format: ImageHeader.Format? { ImageHeader(bytes)?.format }

    func decoded(_ mode: Int) throws -> Image {
        try Image.decode(bytes, mode: mode, named: name, pixelLimit: pixelLimit)
    }

    func refused(_ backend: ImageDecoding.Backend, _ message: String) -> ImageError {
        ImageError(path: name, .invalid(operation: "decode as \(backend.rawValue)", message: message))
    }

    func decodedByTurboJPEG(_ decoding: ImageDecoding) throws -> Image {
        guard format == .jpeg else { throw refused(.turbojpeg, "it reads JPEG only") }
        switch decoding.colorType {
        case .color: return try decoded(OCV_DECODE_COLOR | OCV_DECODE_IGNORE_ORIENTATION)
        case .grayscale: return try decoded(OCV_DECODE_GRAY | OCV_DECODE_IGNORE_ORIENTATION)
        default:
            throw refused(.turbojpeg, "color_type must be 'color' or 'grayscale', not '\(decoding.colorType.rawValue)'")
        }
    }

    func decodedByTifffile() throws -> Image {
        guard format == .tiff else { throw refused(.tifffile, "it reads TIFF only") }
        let image = try decoded(OCV_DECODE_UNCHANGED)
        return switch image.channels {
        case 3: try image.reordered([2, 1, 0])
        case 4: try image.reordered([2, 1, 0, 3])
        default: image
        }
    }
}
