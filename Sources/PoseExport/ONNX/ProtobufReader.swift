import Foundation

/// Walks the fields of a message in protobuf's wire format without copying it.
///
/// Format: https://protobuf.dev/programming-guides/encoding
struct ProtobufReader {
    /// A field's contents. Numbers of 64 fixed bits are skipped: ONNX files that are read here have none that matter.
    enum Value {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64
        /// A text, a message or a packed list: where its bytes are.
        case bytes(Range<Int>)
    }

    let data: Data
    /// What is left of the message.
    private var rest: Range<Int>

    /// - Parameter range: the bytes of the message, counted from the start of `data`.
    init(_ data: Data, _ range: Range<Int>) {
        self.data = data
        rest = range
    }

    /// The next field; nil at the end.
    ///
    /// - Throws: `ONNXFileError` for bytes that are no message.
    mutating func next() throws(ONNXFileError) -> (field: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        guard tag >> 3 > 0, tag >> 3 <= 536_870_911 else { throw damaged("a field without number") }
        let field = Int(tag >> 3)
        switch tag & 7 {
        case 0: return (field, .varint(try varint()))
        case 1:
            _ = try take(8)
            return (field, .fixed64)
        case 2:
            let count = try varint()
            guard count <= UInt64(rest.count) else { throw damaged("a field that goes on after the end") }
            return (field, .bytes(try take(Int(count))))
        case 5:
            let bytes = try take(4)
            let word = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(byte($1)) }
            return (field, .fixed32(word))
        default: throw damaged("a field of an unknown kind")
        }
    }

    /// The whole numbers in a packed list.
    static func integers(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) -> [Int] {
        var reader = ProtobufReader(data, range)
        var values: [Int] = []
        while !reader.rest.isEmpty { values.append(Int(Int64(bitPattern: try reader.varint()))) }
        return values
    }

    /// The text in `range`.
    static func text(_ data: Data, _ range: Range<Int>) throws(ONNXFileError) -> String {
        let start = data.startIndex
        let bytes = data[start + range.lowerBound..<start + range.upperBound]
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw ONNXFileError("damaged: a text at byte \(range.lowerBound) is not UTF-8")
        }
        return text
    }

    private func byte(_ position: Int) -> UInt8 { data[data.startIndex + position] }

    private func damaged(_ what: String) -> ONNXFileError {
        ONNXFileError("damaged: \(what) at byte \(rest.lowerBound)")
    }

    private mutating func take(_ count: Int) throws(ONNXFileError) -> Range<Int> {
        guard count <= rest.count else { throw damaged("a field that goes on after the end") }
        let taken = rest.lowerBound..<rest.lowerBound + count
        rest = taken.upperBound..<rest.upperBound
        return taken
    }

    private mutating func varint() throws(ONNXFileError) -> UInt64 {
        var result: UInt64 = 0
        for index in 0..<10 {
            let next = byte(try take(1).lowerBound)
            // The tenth byte has room for one bit only.
            guard index < 9 || next <= 1 else { break }
            result |= UInt64(next & 0x7F) << UInt64(7 * index)
            if next < 0x80 { return result }
        }
        throw damaged("a number of more than 64 bits")
    }
}
