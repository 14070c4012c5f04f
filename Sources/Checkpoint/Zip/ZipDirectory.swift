/// Where the central directory of a zip archive is, from the end record (and its zip64 form).
struct ZipDirectory {
    let start: Int
    let end: Int
    let count: Int

    private static let endSize = 22
    private static let locatorSize = 20

    init(_ bytes: UnsafeRawBufferPointer) throws {
        let endOffset = try Self.findEnd(bytes)
        var reader = ByteReader(bytes, at: endOffset + 4, subject: "the zip end record")
        let disk = try reader.integer(UInt16.self)
        let firstDisk = try reader.integer(UInt16.self)
        let countHere = try reader.integer(UInt16.self)
        let total = try reader.integer(UInt16.self)
        let size = try reader.integer(UInt32.self)
        let offset = try reader.integer(UInt32.self)
        guard disk == 0 || disk == .max, firstDisk == 0 || firstDisk == .max, countHere == total else {
            throw CheckpointError.Reason.unsupported("the zip archive spans several disks")
        }
        var place = (count: UInt64(total), size: UInt64(size), offset: UInt64(offset))
        var limit = endOffset
        // PyTorch writes the zip64 record always, also where the short one suffices; then both must agree.
        if Self.hasLocator(bytes, endOffset: endOffset) {
            (place, limit) = try Self.zip64(bytes, endOffset: endOffset)
            guard total == .max || place.count == total, size == .max || place.size == size,
                offset == .max || place.offset == offset
            else {
                throw CheckpointError.Reason.malformed("the two end records of the zip archive contradict each other")
            }
        } else if total == .max || size == .max || offset == .max {
            throw CheckpointError.Reason.malformed("the zip64 locator is missing")
        }
        guard let start = Int(exactly: place.offset), let length = Int(exactly: place.size),
            let count = Int(exactly: place.count), start <= limit, length == limit - start
        else {
            throw CheckpointError.Reason.malformed(
                "the zip directory (\(place.size) bytes at \(place.offset)) does not end at its end record")
        }
        self.start = start
        self.end = limit
        self.count = count
    }

    /// The end record is the last thing in the file, but for a comment whose length it knows.
    private static func findEnd(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        var candidate = bytes.count - endSize
        let lowest = max(0, candidate - Int(UInt16.max))
        while candidate >= lowest {
            if bytes[candidate] == 0x50,
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: candidate, as: UInt32.self)) == 0x0605_4B50
            {
                let comment = bytes.loadUnaligned(fromByteOffset: candidate + 20, as: UInt16.self)
                if candidate + endSize + Int(UInt16(littleEndian: comment)) == bytes.count { return candidate }
            }
            candidate -= 1
        }
        throw CheckpointError.Reason.truncated("the zip archive has no directory at its end")
    }

    private static func hasLocator(_ bytes: UnsafeRawBufferPointer, endOffset: Int) -> Bool {
        guard endOffset >= locatorSize else { return false }
        let signature = bytes.loadUnaligned(fromByteOffset: endOffset - locatorSize, as: UInt32.self)
        return UInt32(littleEndian: signature) == 0x0706_4B50
    }

    private static func zip64(
        _ bytes: UnsafeRawBufferPointer, endOffset: Int
    ) throws -> (place: (count: UInt64, size: UInt64, offset: UInt64), limit: Int) {
        var locator = ByteReader(bytes, at: endOffset - locatorSize + 4, subject: "the zip64 locator")
        _ = try locator.take(4)
        guard let offset = Int(exactly: try locator.integer(UInt64.self)), offset <= endOffset - locatorSize else {
            throw CheckpointError.Reason.malformed("the zip64 locator points outside the file")
        }
        var record = ByteReader(bytes, at: offset, subject: "the zip64 end record")
        guard try record.integer(UInt32.self) == 0x0606_4B50 else {
            throw CheckpointError.Reason.malformed("the zip64 end record is missing")
        }
        _ = try record.take(8 + 2 + 2 + 4 + 4 + 8)  // sizes, versions, disks, entries on this disk
        let count = try record.integer(UInt64.self)
        let size = try record.integer(UInt64.self)
        return ((count, size, try record.integer(UInt64.self)), offset)
    }
}
