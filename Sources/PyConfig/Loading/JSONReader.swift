/// Reads JSON as Python's `json` does: members in order, `1` an integer and `1.0` a float, `NaN` and `Infinity` allowed.
struct JSONReader {
    private let source: SourceText
    private let depthLimit: Int
    private var position = 0

    /// - Throws: `ConfigError` at the place that is no JSON.
    static func read(_ source: SourceText, depthLimit: Int) throws -> ConfigValue {
        var reader = JSONReader(source: source, depthLimit: depthLimit)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == source.bytes.count else {
            throw reader.error("unexpected text behind the value")
        }
        return value
    }

    private init(source: SourceText, depthLimit: Int) {
        self.source = source
        self.depthLimit = depthLimit
    }

    private mutating func value(depth: Int) throws -> ConfigValue {
        guard depth < depthLimit else {
            throw source.error(.budget, "nested more than \(depthLimit) deep", at: position)
        }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return .dict(try object(depth: depth))
        case UInt8(ascii: "["): return .list(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        default: break
        }
        let words: [(String, ConfigValue)] = [
            ("true", .bool(true)), ("false", .bool(false)), ("null", .none), ("NaN", .float(.nan)),
            ("Infinity", .float(.infinity)), ("-Infinity", .float(-.infinity)),
        ]
        for (word, value) in words where source.bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        return try number()
    }

    private mutating func object(depth: Int) throws -> ConfigDict {
        var result = ConfigDict()
        position += 1
        skipSpace()
        if take(0x7D) { return result }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else {
                throw error("expected a member's name in double quotes")
            }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("expected ':' after the member's name") }
            result[name] = try value(depth: depth + 1)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(0x7D) else { throw error("expected ',' or '}' in the object") }
        return result
    }

    private mutating func array(depth: Int) throws -> [ConfigValue] {
        var result: [ConfigValue] = []
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return result }
        repeat {
            result.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("expected ',' or ']' in the array") }
        return result
    }

    private mutating func number() throws -> ConfigValue {
        let start = position
        while let byte = peek(), isDigit(byte) || "+-.eE".utf8.contains(byte) { position += 1 }
        let text = source.text(start..<position)
        let digits = text.first == "-" ? text.dropFirst() : text[...]
        let isWellFormed =
            digits.utf8.first.map(isDigit) ?? false
            && !(digits.first == "0" && digits.dropFirst().first.map { $0.isNumber } ?? false)
        if isWellFormed {
            if digits.utf8.allSatisfy(isDigit) {
                guard let value = Int(text) else {
                    throw source.error(.overflow, "this integer does not fit in 64 bits", at: start)
                }
                return .int(value)
            }
            if let value = PythonNumber.float(text), text.utf8.last != UInt8(ascii: ".") {
                return .float(value)
            }
        }
        throw source.error(.syntax, "expected a JSON value", at: start)
    }

    private mutating func string() throws -> String {
        let start = position
        position += 1
        var bytes: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"): bytes += try escape()
            case 0..<0x20:
                throw source.error(.syntax, "a control character in a string", at: position - 1)
            default: bytes.append(byte)
            }
        }
        throw source.error(.syntax, "unterminated string", at: start)
    }

    private mutating func escape() throws -> [UInt8] {
        guard let letter = peek() else { throw error("unterminated string") }
        position += 1
        let simple: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12,
            UInt8(ascii: "n"): 10,
            UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
        ]
        if let byte = simple[letter] { return [byte] }
        guard letter == UInt8(ascii: "u") else {
            throw source.error(.syntax, "unknown escape", at: position - 2)
        }
        var value = try codeUnit()
        if (0xD800..<0xDC00).contains(value), peek() == 0x5C, position + 1 < source.bytes.count,
            source.bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let low = try codeUnit()
            guard (0xDC00..<0xE000).contains(low) else { throw error("half of a surrogate pair") }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw error("half of a surrogate pair") }
        return Array(String(scalar).utf8)
    }

    private mutating func codeUnit() throws -> UInt32 {
        let end = position + 4
        guard end <= source.bytes.count, source.bytes[position..<end].allSatisfy(isHexDigit),
            let value = UInt32(source.text(position..<end), radix: 16)
        else { throw error("\\u needs four hexadecimal digits") }
        position = end
        return value
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private func peek() -> UInt8? { position < source.bytes.count ? source.bytes[position] : nil }

    private func error(_ message: String) -> ConfigError {
        source.error(.syntax, message, at: position)
    }
}
