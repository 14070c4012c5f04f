import COpenCV
public import Foundation

extension Image {
    /// How many pixels an image may have unless the caller says otherwise: 16 384 × 16 384. A small file can claim any
    /// size, and decoding takes three bytes a pixel.
    public static let defaultPixelLimit = 1 << 28

    /// Reads an image file as `cv2.imread(path, cv2.IMREAD_COLOR)` does: 8-bit B, G, R, turned as EXIF says, 16-bit values
    /// reduced, transparency dropped, grey in three equal channels.
    ///
    /// Unlike OpenCV, which fills what is missing of a JPEG with grey, a truncated or damaged file is an error.
    ///
    /// - Throws: `ImageError` with the file's name and what is wrong with it.
    public static func decode(contentsOf url: URL, pixelLimit: Int = defaultPixelLimit) throws -> Image {
        try decode(FileBytes.read(url), named: url.path, pixelLimit: pixelLimit)
    }

    /// Decodes an image file held in memory; see `decode(contentsOf:)`.
    ///
    /// - Parameter name: a name for error messages.
    public static func decode(
        _ bytes: Data, named name: String? = nil, pixelLimit: Int = defaultPixelLimit
    ) throws -> Image {
        try bytes.withUnsafeBytes { try decode($0, named: name, pixelLimit: pixelLimit) }
    }

    /// Decodes an image file held in memory; see `decode(contentsOf:)`.
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, named name: String? = nil, pixelLimit: Int = defaultPixelLimit
    ) throws -> Image {
        try decode(bytes, mode: OCV_DECODE_COLOR, named: name, pixelLimit: pixelLimit)
    }

    /// Decodes an image file held in memory in one of OpenCV's modes.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, mode: Int, named name: String?, pixelLimit: Int
    ) throws -> Image {
        let mode = Int32(clamping: mode)
        guard let base = bytes.bindMemory(to: UInt8.self).baseAddress, !bytes.isEmpty else {
            throw ImageError(path: name, .empty)
        }
        let header = try checkedHeader(bytes, named: name, pixelLimit: pixelLimit)
        if let header, header.format == .jpeg, header.isUpright, let size = header.size,
            let image = try decodedJPEG(base, bytes.count, size: size, named: name),
            mode & ~Int32(OCV_DECODE_IGNORE_ORIENTATION) == Int32(OCV_DECODE_COLOR)
        {
            return image
        }
        guard header?.format == .png else {
            return try decoded(base, bytes.count, mode, named: name, orElse: header == nil ? .notAnImage : .corrupt)
        }
        switch PNGChunks(bytes).cleaned {
        case nil: throw ImageError(path: name, .corrupt)
        case .asIs: return try decoded(base, bytes.count, mode, named: name, orElse: .corrupt)
        case .rewritten(let data):
            return try data.withUnsafeBytes { clean in
                guard let base = clean.bindMemory(to: UInt8.self).baseAddress else {
                    throw ImageError(path: name, .corrupt)
                }
                return try decoded(base, clean.count, mode, named: name, orElse: .corrupt)
            }
        }
    }

    /// What a file's first bytes say; nil when they are not of an image.
    ///
    /// - Throws: `ImageError` for an image that is too large or certainly truncated.
    static func checkedHeader(
        _ bytes: UnsafeRawBufferPointer, named name: String?, pixelLimit: Int
    ) throws -> ImageHeader? {
        let header = ImageHeader(bytes)
        if let size = header?.size, size.area > pixelLimit {
            throw ImageError(path: name, .tooLarge(width: size.width, height: size.height, limit: pixelLimit))
        }
        if header?.isTruncated == true { throw ImageError(path: name, .truncated) }
        return header
    }

    /// A JPEG that is not turned; nil when OpenCV has to decode it.
    ///
    /// - Throws: `ImageError` when coded data are missing or wrong.
    private static func decodedJPEG(
        _ base: UnsafePointer<UInt8>, _ count: Int, size: ImageSize, named name: String?
    ) throws -> Image? {
        var handle: OpaquePointer?
        var isDamaged: Int32 = 0
        guard size.area > 0,
            ocv_jpeg_decode(base, count, Int32(clamping: size.width), Int32(clamping: size.height), &handle, &isDamaged)
                == 0
        else { return nil }
        if isDamaged != 0 { throw ImageError(path: name, .corrupt) }
        return handle.map(Image.init(owning:))
    }

    private static func decoded(
        _ base: UnsafePointer<UInt8>, _ count: Int, _ mode: Int32, named name: String?,
        orElse reason: ImageError.Reason
    ) throws -> Image {
        var handle: OpaquePointer?
        guard ocv_decode(base, count, mode, &handle) == 0, let handle else { throw ImageError(path: name, reason) }
        let image = Image(owning: handle)
        guard Depth(rawValue: ocv_mat_depth(handle)) != nil else {
            let message = "pixels are neither whole numbers of 8 or 16 bits without sign nor floats of 32"
            throw ImageError(path: name, .invalid(operation: "decode", message: message))
        }
        return image
    }

    /// Formats images are written in.
    public enum FileFormat: Sendable, Hashable {
        case png
        /// Quality 0 to 100.
        case jpeg(quality: Int = 95)

        /// By the name's extension; nil when it is neither PNG nor JPEG.
        public init?(extension name: String) {
            switch name.lowercased() {
            case "png": self = .png
            case "jpg", "jpeg": self = .jpeg()
            default: return nil
            }
        }
    }

    /// The image as bytes of a file.
    public func encoded(as format: FileFormat) throws -> Data {
        var result = OCVBytes()
        let status =
            switch format {
            case .png: ocv_encode(handle, ".png", nil, 0, &result)
            case .jpeg(let quality): ocv_encode(handle, ".jpg", [1, Int32(clamping: quality)], 2, &result)
            }
        try Image.check("encode", status)
        defer { ocv_bytes_free(result) }
        guard let bytes = result.bytes else { return Data() }
        return Data(bytes: bytes, count: result.count)
    }

    /// Writes the image as PNG or JPEG, by the name's extension unless `format` says otherwise. The file appears complete
    /// or not at all.
    ///
    /// - Throws: `ImageError` naming the file.
    public func write(to url: URL, as format: FileFormat? = nil) throws {
        guard let format = format ?? FileFormat(extension: url.pathExtension) else {
            let message = "images are written as .png or .jpg, not .\(url.pathExtension)"
            throw ImageError(path: url.path, .system(message))
        }
        let data = try encoded(as: format)
        do {
            try data.write(to: url, options: .atomic)
        } catch {
            throw ImageError(path: url.path, FileBytes.reason(error))
        }
    }
}

/// Reading whole files with errors that say what is wrong.
enum FileBytes {
    static func read(_ url: URL) throws -> Data {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw ImageError(path: url.path, .directory)
        }
        do {
            return try Data(contentsOf: url)
        } catch {
            throw ImageError(path: url.path, reason(error))
        }
    }

    static func reason(_ error: any Error) -> ImageError.Reason {
        guard let error = error as? CocoaError else { return .system(String(describing: error)) }
        return switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: .missing
        case .fileReadNoPermission, .fileWriteNoPermission: .notPermitted
        case .fileWriteOutOfSpace: .system("no space left on the device")
        case .fileWriteVolumeReadOnly: .system("the volume is read-only")
        default: .system(error.localizedDescription)
        }
    }
}
