/// What the first bytes of an image file say, without decoding it.
public struct ImageHeader: Hashable, Sendable {
    /// What its first bytes say it is.
    public enum Format: String, Hashable, Sendable {
        case jpeg, png, bmp, webp, tiff, gif, pnm, jpeg2000, openEXR, radiance, sunRaster
    }

    public let format: Format
    /// Pixels as stored (EXIF not applied), where the header of this format is understood here.
    public let size: ImageSize?
    /// The data certainly end too early. Known of JPEG, PNG, BMP and WebP; of other formats the decoder
    /// finds out.
    public let isTruncated: Bool
    /// Whether it is certain that no EXIF orientation turns the picture. Looked for in JPEG only.
    let isUpright: Bool

    /// Looks at a file's bytes; nil when they are not of a known image format.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard let format = Self.format(of: bytes) else { return nil }
        self.format = format
        switch format {
        case .jpeg:
            let scan = JPEGScan(bytes)
            size = scan.size
            isTruncated = !scan.isComplete
            isUpright = scan.isUpright
            return
        case .png:
            size = Self.size(width: bytes.bigEndian32(16), height: bytes.bigEndian32(20))
            isTruncated = !Self.pngHasEnd(bytes)
        case .bmp:
            let height = bytes.littleEndian32(22).map { Int(Int32(truncatingIfNeeded: $0).magnitude) }
            size = Self.size(width: bytes.littleEndian32(18), height: height)
            // Some writers leave the file's size at zero.
            isTruncated = bytes.count < 26 || (bytes.littleEndian32(2) ?? 0) > bytes.count
        case .webp:
            size = Self.webPSize(bytes)
            isTruncated = bytes.littleEndian32(4).map { $0 + 8 > bytes.count } ?? true
        case .gif:
            size = Self.size(width: bytes.littleEndian16(6), height: bytes.littleEndian16(8))
            isTruncated = bytes.count < 13
        case .tiff, .pnm, .jpeg2000, .openEXR, .radiance, .sunRaster:
            size = nil
            isTruncated = false
        }
        isUpright = false
    }

    private static func size(width: Int?, height: Int?) -> ImageSize? {
        guard let width, let height else { return nil }
        return ImageSize(width: width, height: height)
    }

    private static let signatures: [(Format, [UInt8])] = [
        (.jpeg, [0xFF, 0xD8, 0xFF]),
        (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        (.bmp, Array("BM".utf8)),
        (.tiff, Array("II*\0".utf8)),
        (.tiff, Array("MM\0*".utf8)),
        (.gif, Array("GIF8".utf8)),
        (.jpeg2000, [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        (.jpeg2000, [0xFF, 0x4F, 0xFF, 0x51]),
        (.openEXR, [0x76, 0x2F, 0x31, 0x01]),
        (.radiance, Array("#?R".utf8)),
        (.sunRaster, [0x59, 0xA6, 0x6A, 0x95]),
    ]

    private static func format(of bytes: UnsafeRawBufferPointer) -> Format? {
        if let (format, _) = signatures.first(where: { bytes.starts(with: $0.1) }) { return format }
        if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) { return .webp }
        if bytes.count > 2, bytes[0] == UInt8(ascii: "P"), (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(bytes[1]),
            [0x0A, 0x0D, 0x20, 0x09, 0x23].contains(bytes[2])
        {
            return .pnm
        }
        return nil
    }

    /// Whether the chunks run up to the end chunk.
    private static func pngHasEnd(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 8
        while let length = bytes.bigEndian32(position), let type = bytes.bigEndian32(position + 4) {
            position += length + 12
            if type == 0x4945_4E44 { return position <= bytes.count }
        }
        return false
    }

    /// The canvas of an extended, lossless or lossy WebP file.
    private static func webPSize(_ bytes: UnsafeRawBufferPointer) -> ImageSize? {
        guard bytes.count >= 30 else { return nil }
        func byte(_ index: Int) -> Int { Int(bytes[index]) }
        switch bytes[12..<16].elementsEqual(Array("VP8X".utf8)) ? "X" : bytes[15] == UInt8(ascii: "L") ? "L" : " " {
        case "X":
            return ImageSize(
                width: 1 + byte(24) + byte(25) << 8 + byte(26) << 16,
                height: 1 + byte(27) + byte(28) << 8 + byte(29) << 16)
        case "L":
            let bits = byte(21) | byte(22) << 8 | byte(23) << 16 | byte(24) << 24
            return ImageSize(width: 1 + bits & 0x3FFF, height: 1 + (bits >> 14) & 0x3FFF)
        default:
            return ImageSize(width: (byte(26) | byte(27) << 8) & 0x3FFF, height: (byte(28) | byte(29) << 8) & 0x3FFF)
        }
    }
}

extension UnsafeRawBufferPointer {
    func littleEndian16(_ offset: Int) -> Int? {
        guard offset >= 0, offset <= count - 2 else { return nil }
        return Int(self[offset]) | Int(self[offset + 1]) << 8
    }

    func littleEndian32(_ offset: Int) -> Int? {
        guard let low = littleEndian16(offset), let high = littleEndian16(offset + 2) else { return nil }
        return low | high << 16
    }

    func bigEndian16(_ offset: Int) -> Int? {
        littleEndian16(offset).map { ($0 & 0xFF) << 8 | $0 >> 8 }
    }

    func bigEndian32(_ offset: Int) -> Int? {
        guard let high = bigEndian16(offset), let low = bigEndian16(offset + 2) else { return nil }
        return high << 16 | low
    }
}
