/// Writes a zip archive as `torch.save` does: stored records whose data starts at a multiple of 64 bytes, zip64 where
/// sizes need it. Records stream through; only the directory is kept.
struct ZipWriter {
    private let file: FileWriter
    private var directory: [UInt8] = []
    private var count = 0

    private static let alignment = 64
    private static let version: UInt16 = 45
    /// Names are UTF-8.
    private static let flags: UInt16 = 0x0800
    /// Zip cannot say "no date"; this is the earliest it can say, 1 January 1980.
    private static let date: UInt32 = 0x0021_0000
    /// The extra field PyTorch pads with.
    private static let paddingField: UInt16 = 0x4246
    private static let saturated = Int(UInt32.max)

    init(_ file: FileWriter) {
        self.file = file
    }

    mutating func add(_ name: String, _ data: UnsafeRawBufferPointer) throws {
        let headerOffset = file.offset
        try file.write(header(name, size: data.count))
        try file.write(data)
        let checksum = CRC32.checksum(data)
        var field: [UInt8] = []
        field.appendInteger(checksum)
        try file.patch(field, at: headerOffset + 14)
        appendEntry(name, size: data.count, headerOffset: headerOffset, checksum: checksum)
    }

    mutating func add(_ name: String, _ data: [UInt8]) throws {
        try data.withUnsafeBytes { try add(name, $0) }
    }

    private func header(_ name: String, size: Int) -> [UInt8] {
        var extra: [UInt8] = []
        if size >= Self.saturated {
            extra.appendInteger(UInt16(1))
            extra.appendInteger(UInt16(16))
            extra.appendInteger(UInt64(size))
            extra.appendInteger(UInt64(size))
        }
        let unpadded = file.offset + 30 + name.utf8.count + extra.count + 4
        let padding = (Self.alignment - unpadded % Self.alignment) % Self.alignment
        extra.appendInteger(Self.paddingField)
        extra.appendInteger(UInt16(padding))
        extra += [UInt8](repeating: UInt8(ascii: "Z"), count: padding)

        var bytes: [UInt8] = []
        bytes.appendInteger(UInt32(0x0403_4B50))
        appendCommon(to: &bytes, checksum: 0, size: size, name: name, extraCount: extra.count)
        return bytes + name.utf8 + extra
    }

    /// The fields that header and directory entry share, from the version to the length of the extra field.
    private func appendCommon(to bytes: inout [UInt8], checksum: UInt32, size: Int, name: String, extraCount: Int) {
        bytes.appendInteger(Self.version)
        bytes.appendInteger(Self.flags)
        bytes.appendInteger(UInt16(0))
        bytes.appendInteger(Self.date)
        bytes.appendInteger(checksum)
        let shortSize = UInt32(min(size, Self.saturated))
        bytes.appendInteger(shortSize)
        bytes.appendInteger(shortSize)
        bytes.appendInteger(UInt16(name.utf8.count))
        bytes.appendInteger(UInt16(extraCount))
    }

    private mutating func appendEntry(_ name: String, size: Int, headerOffset: Int, checksum: UInt32) {
        var wide: [UInt8] = []
        if size >= Self.saturated {
            wide.appendInteger(UInt64(size))
            wide.appendInteger(UInt64(size))
        }
        if headerOffset >= Self.saturated { wide.appendInteger(UInt64(headerOffset)) }
        var extra: [UInt8] = []
        if !wide.isEmpty {
            extra.appendInteger(UInt16(1))
            extra.appendInteger(UInt16(wide.count))
            extra += wide
        }
        directory.appendInteger(UInt32(0x0201_4B50))
        directory.appendInteger(Self.version)
        appendCommon(to: &directory, checksum: checksum, size: size, name: name, extraCount: extra.count)
        directory += [UInt8](repeating: 0, count: 10)  // comment length, disk, attributes
        directory.appendInteger(UInt32(min(headerOffset, Self.saturated)))
        directory += name.utf8
        directory += extra
        count += 1
    }

    /// Writes the directory; the archive is then complete.
    mutating func finish() throws {
        let start = file.offset
        try file.write(directory)
        let end = file.offset
        var bytes: [UInt8] = []
        if count >= Int(UInt16.max) || start >= Self.saturated || directory.count >= Self.saturated {
            bytes.appendInteger(UInt32(0x0606_4B50))
            bytes.appendInteger(UInt64(44))
            bytes.appendInteger(Self.version)
            bytes.appendInteger(Self.version)
            bytes.appendInteger(UInt64(0))  // disks
            for value in [count, count, directory.count, start] { bytes.appendInteger(UInt64(value)) }
            bytes.appendInteger(UInt32(0x0706_4B50))
            bytes.appendInteger(UInt32(0))
            bytes.appendInteger(UInt64(end))
            bytes.appendInteger(UInt32(1))
        }
        bytes.appendInteger(UInt32(0x0605_4B50))
        bytes.appendInteger(UInt32(0))  // disks
        let shortCount = UInt16(min(count, Int(UInt16.max)))
        bytes.appendInteger(shortCount)
        bytes.appendInteger(shortCount)
        bytes.appendInteger(UInt32(min(directory.count, Self.saturated)))
        bytes.appendInteger(UInt32(min(start, Self.saturated)))
        bytes.appendInteger(UInt16(0))
        try file.write(bytes)
    }
}
