/// A zip archive as `torch.save` writes it: stored (uncompressed) records, found through the central directory, zip64
/// where sizes need it. Everything the directory claims is checked before anything is read.
struct ZipArchive {
    struct Record {
        let name: String
        /// Where the data lies in the file.
        let data: Range<Int>
        let checksum: UInt32
        /// The record's own method; anything but 0 (stored) cannot be mapped into memory.
        let isStored: Bool
    }

    private(set) var records: [String: Record] = [:]

    /// A model with a million tensors does not exist.
    private static let maximumRecords = 1_000_000

    init(_ bytes: UnsafeRawBufferPointer) throws {
        let directory = try ZipDirectory(bytes)
        guard directory.count <= Self.maximumRecords else {
            throw CheckpointError.Reason.limit("the zip archive claims \(directory.count) entries")
        }
        var reader = ByteReader(bytes, at: directory.start, subject: "the zip directory")
        var extents: [(start: Int, end: Int, name: String)] = []
        for _ in 0..<directory.count {
            let entry = try ZipEntry(&reader)
            let record = try entry.locate(in: bytes, before: directory.start)
            guard records.updateValue(record, forKey: record.name) == nil else {
                throw CheckpointError.Reason.malformed("the zip archive holds '\(record.name)' twice")
            }
            extents.append((entry.headerOffset, record.data.upperBound, record.name))
        }
        guard reader.position == directory.end else {
            throw CheckpointError.Reason.malformed("the zip directory does not end where it says")
        }
        extents.sort { $0.start < $1.start }
        for (one, next) in zip(extents, extents.dropFirst()) where next.start < one.end {
            throw CheckpointError.Reason.malformed("zip entries '\(one.name)' and '\(next.name)' overlap")
        }
    }

    /// Where the data of a record lies.
    ///
    /// - Throws: when there is no such record or it is compressed.
    func range(of name: String) throws -> Range<Int> {
        guard let record = records[name] else {
            throw CheckpointError.Reason.malformed("the zip archive has no record '\(name)'")
        }
        guard record.isStored else {
            throw CheckpointError.Reason.unsupported(
                "record '\(name)' is compressed; PyTorch stores records uncompressed, and so must a repacked file")
        }
        return record.data
    }

    /// The bytes of a small record, checksum verified.
    func contents(of name: String, in bytes: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
        let contents = UnsafeRawBufferPointer(rebasing: bytes[try range(of: name)])
        guard CRC32.checksum(contents) == records[name]?.checksum else {
            throw CheckpointError.Reason.malformed("the checksum of record '\(name)' is wrong")
        }
        return contents
    }
}

/// One entry of the central directory.
private struct ZipEntry {
    let name: String
    let headerOffset: Int
    private let flags: UInt16
    private let method: UInt16
    private let checksum: UInt32
    private let compressedSize: Int
    private let size: Int

    private static let isEncrypted: UInt16 = 1
    private static let sizesFollowData: UInt16 = 8

    init(_ reader: inout ByteReader) throws {
        guard try reader.integer(UInt32.self) == 0x0201_4B50 else {
            throw CheckpointError.Reason.malformed("the zip directory has no entry where one is announced")
        }
        _ = try reader.take(4)  // versions
        flags = try reader.integer(UInt16.self)
        method = try reader.integer(UInt16.self)
        _ = try reader.take(4)  // time and date
        checksum = try reader.integer(UInt32.self)
        var sizes = Zip64Fields(
            compressed: UInt64(try reader.integer(UInt32.self)), uncompressed: UInt64(try reader.integer(UInt32.self)))
        let nameLength = try reader.integer(UInt16.self)
        let extraLength = try reader.integer(UInt16.self)
        let commentLength = try reader.integer(UInt16.self)
        sizes.disk = try reader.integer(UInt16.self)
        _ = try reader.take(6)  // attributes
        sizes.offset = UInt64(try reader.integer(UInt32.self))
        name = try Self.checkedName(try reader.take(nameLength))
        try sizes.update(from: try reader.take(extraLength))
        _ = try reader.take(commentLength)
        guard let compressedSize = Int(exactly: sizes.compressed), let size = Int(exactly: sizes.uncompressed),
            let headerOffset = Int(exactly: sizes.offset)
        else {
            throw CheckpointError.Reason.malformed("zip entry '\(name)' claims an impossible size or offset")
        }
        self.compressedSize = compressedSize
        self.size = size
        self.headerOffset = headerOffset
        guard flags & Self.isEncrypted == 0 else {
            throw CheckpointError.Reason.unsupported("zip entry '\(name)' is encrypted")
        }
        guard sizes.disk == 0 || sizes.disk == 0xFFFF else {
            throw CheckpointError.Reason.unsupported("the zip archive spans several disks")
        }
    }

    /// A relative path without tricks: nothing here is ever extracted, but such a name means a forged archive.
    private static func checkedName(_ bytes: UnsafeRawBufferPointer) throws -> String {
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw CheckpointError.Reason.malformed("a zip entry's name is not UTF-8")
        }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, !name.hasPrefix("/"), !parts.contains(".."), !name.utf8.contains(UInt8(ascii: "\\")),
            !name.utf8.contains(where: { $0 < 0x20 })
        else {
            throw CheckpointError.Reason.malformed(
                "zip entry name \(Text.printable(name)) is not a plain relative path")
        }
        return name
    }

    /// Follows the entry to its local header and data.
    func locate(in bytes: UnsafeRawBufferPointer, before limit: Int) throws -> ZipArchive.Record {
        guard headerOffset <= limit else {
            throw CheckpointError.Reason.malformed("zip entry '\(name)' starts beyond the archive's data")
        }
        var reader = ByteReader(bytes, at: headerOffset, subject: "zip entry '\(name)'")
        guard try reader.integer(UInt32.self) == 0x0403_4B50 else {
            throw CheckpointError.Reason.malformed("zip entry '\(name)' has no header at byte \(headerOffset)")
        }
        _ = try reader.take(2)  // version
        let localFlags = try reader.integer(UInt16.self)
        let localMethod = try reader.integer(UInt16.self)
        _ = try reader.take(8)  // time, date, checksum
        let localSize = try reader.integer(UInt32.self)
        _ = try reader.take(4)
        let nameLength = try reader.integer(UInt16.self)
        let extraLength = try reader.integer(UInt16.self)
        let localName = try reader.take(nameLength)
        _ = try reader.take(extraLength)
        let hasOwnSize = localFlags & Self.sizesFollowData == 0 && localSize != 0xFFFF_FFFF
        guard localMethod == method, localName.elementsEqual(name.utf8),
            !hasOwnSize || Int(localSize) == compressedSize
        else {
            throw CheckpointError.Reason.malformed("zip entry '\(name)' and its header contradict each other")
        }
        guard method != 0 || compressedSize == size else {
            throw CheckpointError.Reason.malformed("zip entry '\(name)' is stored, yet its two sizes differ")
        }
        guard reader.position <= limit, compressedSize <= limit - reader.position else {
            throw CheckpointError.Reason.malformed("zip entry '\(name)' reaches beyond the archive's data")
        }
        return ZipArchive.Record(
            name: name, data: reader.position..<reader.position + compressedSize, checksum: checksum,
            isStored: method == 0)
    }
}

/// The values of an entry that move to the zip64 extra field when they do not fit 32 bits.
private struct Zip64Fields {
    var compressed: UInt64
    var uncompressed: UInt64
    var offset: UInt64 = 0
    var disk: UInt16 = 0

    mutating func update(from extra: UnsafeRawBufferPointer) throws {
        let saturated = UInt64(UInt32.max)
        guard uncompressed == saturated || compressed == saturated || offset == saturated else { return }
        var reader = ByteReader(extra, subject: "a zip64 field")
        while reader.remaining >= 4 {
            let identifier = try reader.integer(UInt16.self)
            let length = try reader.integer(UInt16.self)
            let body = try reader.take(length)
            guard identifier == 1 else { continue }
            var fields = ByteReader(body, subject: "a zip64 field")
            if uncompressed == saturated { uncompressed = try fields.integer(UInt64.self) }
            if compressed == saturated { compressed = try fields.integer(UInt64.self) }
            if offset == saturated { offset = try fields.integer(UInt64.self) }
            return
        }
        throw CheckpointError.Reason.malformed("a zip entry lacks its zip64 field")
    }
}
