/// Decompression of DEFLATE data (RFC 1951), as zip archives have it.
///
/// Written here because neither Swift nor Foundation on Linux has it. Every read and write is bounds-checked; the size of
/// the result is known beforehand and never exceeded.
package struct Inflate {
    private var input: BitReader
    private var output: [UInt8] = []
    private let limit: Int

    /// The decompressed bytes.
    ///
    /// - Throws: `ArrayFileError` when the data are damaged or do not give exactly `count` bytes.
    static func decompress(_ bytes: UnsafeRawBufferPointer, count: Int) throws -> [UInt8] {
        var machine = Inflate(input: BitReader(bytes: bytes), limit: count)
        // DEFLATE cannot shrink data to less than 1/1032, which bounds what a small file can make us reserve.
        guard count / 1032 <= bytes.count else { throw corrupt("the declared size is impossible") }
        machine.output.reserveCapacity(count)
        while try machine.block() {}
        guard machine.output.count == count else { throw corrupt("fewer bytes than declared") }
        return machine.output
    }

    /// The decompressed bytes of a zlib stream (RFC 1950), whose size is not known beforehand.
    ///
    /// - Parameter limit: the most bytes that are accepted.
    /// - Throws: `ArrayFileError` when the data are damaged or give more.
    package static func decompressZlib(_ bytes: UnsafeRawBufferPointer, limit: Int) throws -> [UInt8] {
        guard bytes.count > 2, bytes[0] & 0x0F == 8, bytes[1] & 0x20 == 0 else { throw corrupt("not a zlib stream") }
        var machine = Inflate(input: BitReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[2...])), limit: limit)
        while try machine.block() {}
        return machine.output
    }

    private init(input: BitReader, limit: Int) {
        self.input = input
        self.limit = limit
    }

    private static func corrupt(_ what: String) -> ArrayFileError {
        ArrayFileError(.corrupt("compressed data: \(what)"))
    }

    /// Decodes one block; false after the last.
    private mutating func block() throws -> Bool {
        let isLast = try input.bits(1) == 1
        switch try input.bits(2) {
        case 0: try stored()
        case 1: try compressed(literals: Self.fixedLiterals, distances: Self.fixedDistances)
        case 2:
            let (literals, distances) = try dynamicTables()
            try compressed(literals: literals, distances: distances)
        default: throw Self.corrupt("unknown block type")
        }
        return !isLast
    }

    private mutating func stored() throws {
        input.alignToByte()
        let length = try input.bits(16)
        guard try input.bits(16) == ~length & 0xFFFF else { throw Self.corrupt("wrong length of a stored block") }
        guard length <= limit - output.count else { throw Self.corrupt("more bytes than declared") }
        output.append(contentsOf: try input.bytes(length))
    }

    static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    static let lengthExtra = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    static let distanceBase = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    static let distanceExtra = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    private mutating func compressed(literals: HuffmanTable, distances: HuffmanTable) throws {
        while true {
            let symbol = try literals.symbol(&input)
            if symbol < 256 {
                guard output.count < limit else { throw Self.corrupt("more bytes than declared") }
                output.append(UInt8(truncatingIfNeeded: symbol))
                continue
            }
            if symbol == 256 { return }
            let lengthCode = symbol - 257
            guard lengthCode < Self.lengthBase.count else { throw Self.corrupt("unknown length code") }
            let length = Self.lengthBase[lengthCode] + (try input.bits(Self.lengthExtra[lengthCode]))
            let distanceCode = try distances.symbol(&input)
            guard distanceCode < Self.distanceBase.count else { throw Self.corrupt("unknown distance code") }
            let distance = Self.distanceBase[distanceCode] + (try input.bits(Self.distanceExtra[distanceCode]))
            guard distance <= output.count else { throw Self.corrupt("a reference before the beginning") }
            guard length <= limit - output.count else { throw Self.corrupt("more bytes than declared") }
            let start = output.count - distance
            for offset in 0..<length { output.append(output[start + offset]) }
        }
    }

    private static let fixedLiterals = HuffmanTable(
        validLengths: Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
            + Array(repeating: 8, count: 8))
    private static let fixedDistances = HuffmanTable(validLengths: Array(repeating: 5, count: 30))

    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private mutating func dynamicTables() throws -> (HuffmanTable, HuffmanTable) {
        let literalCount = try input.bits(5) + 257
        let distanceCount = try input.bits(5) + 1
        let codeCount = try input.bits(4) + 4
        var codeLengths = Array(repeating: 0, count: 19)
        for index in Self.codeOrder.prefix(codeCount) { codeLengths[index] = try input.bits(3) }
        let codes = try HuffmanTable(lengths: codeLengths)
        var lengths: [Int] = []
        while lengths.count < literalCount + distanceCount {
            let symbol = try codes.symbol(&input)
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw Self.corrupt("a repetition of nothing") }
                lengths += Array(repeating: last, count: 3 + (try input.bits(2)))
            case 17: lengths += Array(repeating: 0, count: 3 + (try input.bits(3)))
            case 18: lengths += Array(repeating: 0, count: 11 + (try input.bits(7)))
            default: lengths.append(symbol)
            }
        }
        guard lengths.count == literalCount + distanceCount else { throw Self.corrupt("too many code lengths") }
        return (
            try HuffmanTable(lengths: Array(lengths[..<literalCount])),
            try HuffmanTable(lengths: Array(lengths[literalCount...]))
        )
    }
}

/// Bits from the least significant end of every byte.
private struct BitReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var buffer: UInt64 = 0
    private var available = 0

    init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private mutating func fill() {
        while available <= 56, position < bytes.count {
            buffer |= UInt64(bytes[position]) << UInt64(available)
            available += 8
            position += 1
        }
    }

    /// The next 15 bits without taking them; zeros beyond the end.
    mutating func peek() -> Int {
        if available < 15 { fill() }
        return Int(truncatingIfNeeded: buffer & 0x7FFF)
    }

    mutating func skip(_ count: Int) throws {
        guard count <= available else { throw ArrayFileError(.truncated) }
        buffer >>= UInt64(count)
        available -= count
    }

    mutating func bits(_ count: Int) throws -> Int {
        if available < count { fill() }
        let value = Int(truncatingIfNeeded: buffer & (1 << UInt64(count) - 1))
        try skip(count)
        return value
    }

    mutating func alignToByte() {
        buffer >>= UInt64(available % 8)
        available -= available % 8
    }

    /// Whole bytes; call after `alignToByte`.
    mutating func bytes(_ count: Int) throws -> [UInt8] {
        position -= available / 8
        buffer = 0
        available = 0
        guard count <= bytes.count - position else { throw ArrayFileError(.truncated) }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }
}

/// A canonical prefix code as one table of 2¹⁵ entries, `symbol << 4 | length`; zero where no code begins so.
private struct HuffmanTable {
    private var entries: [UInt16]

    init(lengths: [Int]) throws {
        // An over-full code would give two meanings to the same bits.
        let used = lengths.reduce(0) { $0 + ($1 > 0 ? 1 << (15 - $1) : 0) }
        guard used <= 1 << 15 else { throw ArrayFileError(.corrupt("compressed data: an impossible code")) }
        self.init(validLengths: lengths)
    }

    /// For lengths between 0 and 15 that do not overfill the code.
    init(validLengths lengths: [Int]) {
        entries = Array(repeating: 0, count: 1 << 15)
        var code = 0
        for length in 1...15 {
            for (symbol, own) in lengths.enumerated() where own == length {
                let reversed = Self.reverse(code, bits: length)
                for index in stride(from: reversed, to: 1 << 15, by: 1 << length) {
                    entries[index] = UInt16(truncatingIfNeeded: symbol << 4 | length)
                }
                code += 1
            }
            code <<= 1
        }
    }

    private static func reverse(_ code: Int, bits: Int) -> Int {
        (0..<bits).reduce(0) { $0 | ((code >> $1) & 1) << (bits - 1 - $1) }
    }

    func symbol(_ input: inout BitReader) throws -> Int {
        let entry = Int(entries[input.peek()])
        guard entry != 0 else { throw ArrayFileError(.corrupt("compressed data: an unknown code")) }
        try input.skip(entry & 15)
        return entry >> 4
    }
}
