import Foundation
import Torch

/// A message in protobuf's wire format, put together in pieces so that weights are written from where they are.
///
/// ONNX needs a handful of field kinds; a generated library would copy every weight into its messages.
/// Format: https://protobuf.dev/programming-guides/encoding
struct ProtobufMessage {
    private enum Piece {
        case bytes([UInt8])
        case tensor(Tensor)
    }

    private var pieces: [Piece] = []
    private var open: [UInt8] = []
    private(set) var byteCount = 0

    mutating func append(_ field: Int, _ value: Int) {
        tag(field, wire: 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func append(_ field: Int, _ value: Float) {
        tag(field, wire: 5)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes($0) }
    }

    mutating func append(_ field: Int, _ text: String) {
        tag(field, wire: 2)
        var text = text
        text.withUTF8 { utf8 in
            varint(UInt64(utf8.count))
            bytes(UnsafeRawBufferPointer(utf8))
        }
    }

    /// Several numbers in one field.
    mutating func append(_ field: Int, packed values: [Int]) {
        var contents = ProtobufMessage()
        for value in values { contents.varint(UInt64(bitPattern: Int64(value))) }
        append(field, contents)
    }

    /// Several numbers in one field.
    mutating func append(_ field: Int, packed values: [Float]) {
        var contents = ProtobufMessage()
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { contents.bytes($0) } }
        append(field, contents)
    }

    mutating func append(_ field: Int, _ message: ProtobufMessage) {
        tag(field, wire: 2)
        varint(UInt64(message.byteCount))
        close()
        pieces += message.pieces
        open = message.open
        byteCount += message.byteCount
    }

    /// The elements of a contiguous tensor on the CPU, which are read when the message is written.
    mutating func append(_ field: Int, _ tensor: Tensor) {
        tag(field, wire: 2)
        let count = tensor.count * tensor.dtype.byteCount
        varint(UInt64(count))
        close()
        pieces.append(.tensor(tensor))
        byteCount += count
    }

    /// Hands out the contents in order.
    func write(to sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        for piece in pieces {
            switch piece {
            case .bytes(let bytes): try bytes.withUnsafeBytes(sink)
            case .tensor(let tensor): try tensor.withUnsafeBytes(sink)
            }
        }
        try open.withUnsafeBytes(sink)
    }

    private mutating func close() {
        if !open.isEmpty { pieces.append(.bytes(open)) }
        open = []
    }

    private mutating func tag(_ field: Int, wire: Int) { varint(UInt64(field << 3 | wire)) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            open.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            byteCount += 1
            rest >>= 7
        }
        open.append(UInt8(rest))
        byteCount += 1
    }

    private mutating func bytes(_ values: UnsafeRawBufferPointer) {
        open.append(contentsOf: values)
        byteCount += values.count
    }
}
