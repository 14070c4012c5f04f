import Foundation

/// Compression to DEFLATE data (RFC 1951): repeats found through a table of the last place of every three bytes, written
/// with the fixed codes. Simple rather than tight; any zip reader takes the result.
struct Deflate {
    private var result = Data()
    private var buffer: UInt64 = 0
    private var used = 0

    static func compress(_ bytes: UnsafeRawBufferPointer) -> Data {
        var machine = Deflate()
        machine.append(1, bits: 1)  // The only block,
        machine.append(1, bits: 2)  // with fixed codes.
        machine.compress(bytes)
        machine.appendLiteral(256)
        machine.append(0, bits: 7)  // Completes the last byte.
        return machine.result
    }

    private mutating func compress(_ bytes: UnsafeRawBufferPointer) {
        var lastPlace = Array(repeating: -1, count: 1 << 15)
        var position = 0
        while position < bytes.count {
            var length = 0
            var distance = 0
            if position + 3 <= bytes.count {
                let hash = Self.hash(bytes, position)
                let candidate = lastPlace[hash]
                lastPlace[hash] = position
                if candidate >= 0, position - candidate <= 32768 {
                    distance = position - candidate
                    let limit = min(258, bytes.count - position)
                    while length < limit, bytes[candidate + length] == bytes[position + length] { length += 1 }
                }
            }
            if length >= 3 {
                appendMatch(length: length, distance: distance)
                position += length
            } else {
                appendLiteral(Int(bytes[position]))
                position += 1
            }
        }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Int {
        let value = UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2]) << 16
        return Int((value &* 0x9E37_79B1) >> 17)
    }

    /// A literal, length or end code of the fixed table.
    private mutating func appendLiteral(_ symbol: Int) {
        switch symbol {
        case ..<144: appendReversed(0x30 + symbol, bits: 8)
        case ..<256: appendReversed(0x190 + symbol - 144, bits: 9)
        case ..<280: appendReversed(symbol - 256, bits: 7)
        default: appendReversed(0xC0 + symbol - 280, bits: 8)
        }
    }

    private mutating func appendMatch(length: Int, distance: Int) {
        let lengthCode = Inflate.lengthBase.lastIndex { $0 <= length } ?? 0
        appendLiteral(257 + lengthCode)
        append(length - Inflate.lengthBase[lengthCode], bits: Inflate.lengthExtra[lengthCode])
        let distanceCode = Inflate.distanceBase.lastIndex { $0 <= distance } ?? 0
        appendReversed(distanceCode, bits: 5)
        append(distance - Inflate.distanceBase[distanceCode], bits: Inflate.distanceExtra[distanceCode])
    }

    /// Prefix codes go in from their most significant bit.
    private mutating func appendReversed(_ code: Int, bits: Int) {
        append((0..<bits).reduce(0) { $0 | ((code >> $1) & 1) << (bits - 1 - $1) }, bits: bits)
    }

    private mutating func append(_ value: Int, bits: Int) {
        buffer |= UInt64(value) << UInt64(used)
        used += bits
        while used >= 8 {
            result.append(UInt8(truncatingIfNeeded: buffer))
            buffer >>= 8
            used -= 8
        }
    }
}
