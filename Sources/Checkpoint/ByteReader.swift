/// Reads little-endian values off the front of a buffer; every read is checked against what is left.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    /// What is being read, for messages.
    let subject: String

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0, subject: String) {
        self.bytes = bytes
        self.position = min(max(position, 0), bytes.count)
        self.subject = subject
    }

    var remaining: Int { bytes.count - position }

    /// The next `count` bytes, not copied.
    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else {
            throw CheckpointError.Reason.truncated(
                "\(subject) wants \(count) bytes at byte \(position), \(remaining) are left")
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    /// The next bytes whose number was read as a 32-bit or 64-bit value.
    mutating func take(_ count: some UnsignedInteger & FixedWidthInteger) throws -> UnsafeRawBufferPointer {
        guard let count = Int(exactly: count) else {
            throw CheckpointError.Reason.truncated("\(subject) wants \(count) bytes at byte \(position)")
        }
        return try take(count)
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        Value(littleEndian: try take(MemoryLayout<Value>.size).loadUnaligned(as: Value.self))
    }

    mutating func byte() throws -> UInt8 {
        guard position < bytes.count else {
            throw CheckpointError.Reason.truncated("\(subject) ends early, at byte \(position)")
        }
        defer { position += 1 }
        return bytes[position]
    }

    /// The bytes up to the next newline, which is consumed but not returned.
    mutating func line() throws -> UnsafeRawBufferPointer {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            throw CheckpointError.Reason.truncated("\(subject) ends inside a line, at byte \(bytes.count)")
        }
        let line = try take(end - position)
        position = end + 1
        return line
    }
}
