/// Decodes the escapes of string and bytes literals.
enum StringEscapes {
    /// The bytes that a literal's body stands for: UTF-8 of the text, or the bytes of a bytes literal.
    ///
    /// - Throws: `ConfigError` at the escape that cannot be decoded.
    static func decode(
        _ range: Range<Int>, of source: SourceText, isRaw: Bool, isBytes: Bool
    ) throws
        -> [UInt8]
    {
        let bytes = source.bytes
        let body = bytes[range]
        if isBytes, let index = body.firstIndex(where: { $0 >= 0x80 }) {
            throw source.error(.syntax, "a bytes literal holds only ASCII characters", at: index)
        }
        if isRaw || !body.contains(UInt8(ascii: "\\")) { return Array(body) }
        var result: [UInt8] = []
        result.reserveCapacity(body.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < range.upperBound else {
                result.append(bytes[index])
                index += 1
                continue
            }
            index = try decodeEscape(at: index, in: range, of: source, isBytes: isBytes, into: &result)
        }
        return result
    }

    /// Decodes one escape; the result is the offset behind it.
    private static func decodeEscape(
        at start: Int, in range: Range<Int>, of source: SourceText, isBytes: Bool,
        into result: inout [UInt8]
    ) throws -> Int {
        let letter = source.bytes[start + 1]
        if let simple = simpleEscapes[letter] {
            result.append(simple)
            return start + 2
        }
        switch letter {
        case 0x0A: return start + 2
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            var end = start + 1
            var value: UInt32 = 0
            while end < range.upperBound, end < start + 4, (0x30...0x37).contains(source.bytes[end]) {
                value = value * 8 + UInt32(source.bytes[end] - 0x30)
                end += 1
            }
            if isBytes {
                result.append(UInt8(truncatingIfNeeded: value))
            } else {
                try append(value, to: &result, at: start, source)
            }
            return end
        case UInt8(ascii: "x"):
            let value = try hexadecimal(start + 2, digits: 2, range, source)
            if isBytes {
                result.append(UInt8(value))
            } else {
                try append(value, to: &result, at: start, source)
            }
            return start + 4
        case UInt8(ascii: "u") where !isBytes, UInt8(ascii: "U") where !isBytes:
            let digits = letter == UInt8(ascii: "u") ? 4 : 8
            try append(
                hexadecimal(start + 2, digits: digits, range, source), to: &result, at: start, source)
            return start + 2 + digits
        case UInt8(ascii: "N") where !isBytes:
            throw source.error(
                .unsupported, "\\N{...} names are not supported; write the character", at: start)
        default:
            // Python keeps the backslash of an escape it does not know.
            result += [UInt8(ascii: "\\"), letter]
            return start + 2
        }
    }

    private static let simpleEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "'"): 0x27, UInt8(ascii: "\""): 0x22,
        UInt8(ascii: "a"): 0x07,
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D,
        UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B,
    ]

    private static func hexadecimal(
        _ start: Int, digits: Int, _ range: Range<Int>, _ source: SourceText
    ) throws -> UInt32 {
        guard start + digits <= range.upperBound,
            source.bytes[start..<start + digits].allSatisfy(isHexDigit),
            let value = UInt32(source.text(start..<start + digits), radix: 16)
        else {
            throw source.error(.syntax, "the escape needs \(digits) hexadecimal digits", at: start - 2)
        }
        return value
    }

    private static func append(
        _ value: UInt32, to result: inout [UInt8], at offset: Int, _ source: SourceText
    ) throws {
        guard let scalar = Unicode.Scalar(value) else {
            throw source.error(.value, "the escape does not stand for a character", at: offset)
        }
        result += Array(String(scalar).utf8)
    }
}
