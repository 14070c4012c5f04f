package import Foundation

/// The directory of a zip archive (PKWARE APPNOTE 6.3.x), with zip64 sizes; entries are read on demand.
package struct ZipArchive {
    struct Entry {
        var name: String
        var method: Int
        var isEncrypted: Bool
        var checksum: UInt32
        var compressedSize: Int
        var size: Int
        var headerOffset: Int
    }

    private let data: Data
    let entries: [Entry]

    package init(_ data: Data) throws {
        self.data = data
        entries = try data.withUnsafeBytes { try Self.directory($0) }
    }

    /// The bytes of the entry with this name, decompressed and checked.
    package func contents(named name: String) throws -> [UInt8] {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw ArrayFileError(.corrupt("the archive has no entry '\(name)'"))
        }
        return try contents(of: entry)
    }

    /// The bytes of an entry, decompressed and checked.
    func contents(of entry: Entry) throws -> [UInt8] {
        try data.withUnsafeBytes { bytes in
            guard !entry.isEncrypted else { throw ArrayFileError(.unsupported("an encrypted archive")) }
            guard bytes.littleEndian32(entry.headerOffset) == 0x0403_4B50,
                let nameLength = bytes.littleEndian16(entry.headerOffset + 26),
                let extraLength = bytes.littleEndian16(entry.headerOffset + 28)
            else { throw ArrayFileError(.corrupt("an entry is not where the directory says")) }
            let start = entry.headerOffset + 30 + nameLength + extraLength
            guard start <= bytes.count, entry.compressedSize <= bytes.count - start else {
                throw ArrayFileError(.truncated)
            }
            let raw = UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.compressedSize])
            let contents: [UInt8]
            switch entry.method {
            case 0:
                guard entry.size == entry.compressedSize else {
                    throw ArrayFileError(.corrupt("two sizes of a stored entry"))
                }
                contents = Array(raw)
            case 8: contents = try Inflate.decompress(raw, count: entry.size)
            default: throw ArrayFileError(.unsupported("zip compression method \(entry.method)"))
            }
            guard contents.withUnsafeBytes(CRC32.checksum) == entry.checksum else {
                throw ArrayFileError(.corrupt("wrong checksum"))
            }
            return contents
        }
    }

    private static func directory(_ bytes: UnsafeRawBufferPointer) throws -> [Entry] {
        guard bytes.littleEndian32(0) == 0x0403_4B50 || bytes.littleEndian32(0) == 0x0605_4B50 else {
            throw ArrayFileError(.notAnArrayFile)
        }
        let (count, start) = try directoryPlace(bytes)
        var position = start
        var entries: [Entry] = []
        for _ in 0..<count {
            let (entry, length) = try self.entry(bytes, at: position)
            entries.append(entry)
            position += length
        }
        return entries
    }

    /// Number of entries and where the directory begins, from the end record and its zip64 extension.
    private static func directoryPlace(_ bytes: UnsafeRawBufferPointer) throws -> (count: Int, start: Int) {
        // The end record is 22 bytes long and followed by a comment of at most 65535.
        let last = bytes.count - 22
        guard last >= 0 else { throw ArrayFileError(.truncated) }
        let first = max(0, last - 65535)
        guard
            let end = stride(from: last, through: first, by: -1).first(where: {
                bytes.littleEndian32($0) == 0x0605_4B50
            }),
            var count = bytes.littleEndian16(end + 10), var start = bytes.littleEndian32(end + 16)
        else { throw ArrayFileError(.truncated) }
        if count == 0xFFFF || start == 0xFFFF_FFFF {
            guard bytes.littleEndian32(end - 20) == 0x0706_4B50, let record = bytes.littleEndian64(end - 12),
                bytes.littleEndian32(record) == 0x0606_4B50, let count64 = bytes.littleEndian64(record + 32),
                let start64 = bytes.littleEndian64(record + 48)
            else { throw ArrayFileError(.corrupt("the zip64 end record is missing")) }
            (count, start) = (count64, start64)
        }
        // A directory entry takes at least 46 bytes.
        guard start <= bytes.count, count <= (bytes.count - start) / 46 else { throw ArrayFileError(.truncated) }
        return (count, start)
    }

    private static func entry(_ bytes: UnsafeRawBufferPointer, at position: Int) throws -> (Entry, length: Int) {
        guard bytes.littleEndian32(position) == 0x0201_4B50, let flags = bytes.littleEndian16(position + 8),
            let method = bytes.littleEndian16(position + 10), let checksum = bytes.littleEndian32(position + 16),
            var compressed = bytes.littleEndian32(position + 20), var size = bytes.littleEndian32(position + 24),
            let nameLength = bytes.littleEndian16(position + 28), let extraLength = bytes.littleEndian16(position + 30),
            let commentLength = bytes.littleEndian16(position + 32), var offset = bytes.littleEndian32(position + 42),
            position + 46 + nameLength + extraLength + commentLength <= bytes.count
        else { throw ArrayFileError(.corrupt("the directory of the archive is damaged")) }
        let nameStart = position + 46
        let name = String(decoding: bytes[nameStart..<nameStart + nameLength], as: UTF8.self)
        if size == 0xFFFF_FFFF || compressed == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            var field = try zip64Field(bytes, from: nameStart + nameLength, length: extraLength)
            func next() throws -> Int {
                guard field.remaining >= 8, let value = bytes.littleEndian64(field.start) else {
                    throw ArrayFileError(.corrupt("a zip64 field is too short"))
                }
                field.start += 8
                field.remaining -= 8
                return value
            }
            // The field holds only those values that did not fit, in this order.
            if size == 0xFFFF_FFFF { size = try next() }
            if compressed == 0xFFFF_FFFF { compressed = try next() }
            if offset == 0xFFFF_FFFF { offset = try next() }
        }
        guard offset <= bytes.count else { throw ArrayFileError(.corrupt("an entry lies beyond the end")) }
        let entry = Entry(
            name: name, method: method, isEncrypted: flags & 1 == 1, checksum: UInt32(truncatingIfNeeded: checksum),
            compressedSize: compressed, size: size, headerOffset: offset)
        return (entry, 46 + nameLength + extraLength + commentLength)
    }

    private static func zip64Field(
        _ bytes: UnsafeRawBufferPointer, from start: Int, length: Int
    ) throws -> (start: Int, remaining: Int) {
        var position = start
        while position + 4 <= start + length, let id = bytes.littleEndian16(position),
            let size = bytes.littleEndian16(position + 2)
        {
            if id == 1, position + 4 + size <= start + length { return (position + 4, size) }
            position += 4 + size
        }
        throw ArrayFileError(.corrupt("a zip64 field is missing"))
    }
}

extension UnsafeRawBufferPointer {
    /// Nil when it lies outside or is no size that fits an `Int`.
    func littleEndian64(_ offset: Int) -> Int? {
        guard let low = littleEndian32(offset), let high = littleEndian32(offset + 4), high < 1 << 31 else {
            return nil
        }
        return low | high << 32
    }
}
