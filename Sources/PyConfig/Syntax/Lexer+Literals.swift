import Foundation

extension Lexer {
    /// Reads an integer or float literal: decimal, `0x`, `0o`, `0b`, underscores, fraction, exponent.
    mutating func readNumber() throws -> Token.Kind {
        let start = position
        if peek() == UInt8(ascii: "0"), let letter = peek(1), let radix = radix(of: letter) {
            position += 2
            return try readInteger(radix: radix, from: start)
        }
        skipDigits()
        var isFloat = false
        if peek() == UInt8(ascii: ".") {
            isFloat = true
            position += 1
            if let next = peek(), isDigit(next) { skipDigits() }
        }
        if let exponent = peek(), exponent | 0x20 == UInt8(ascii: "e") {
            let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
            if let digit = peek(1 + sign), isDigit(digit) {
                isFloat = true
                position += 1 + sign
                skipDigits()
            }
        }
        let text = source.text(start..<position)
        try checkUnderscores(text, at: start)
        try checkNumberEnd(from: start)
        let digits = text.replacing("_", with: "")
        if isFloat {
            return .float(
                Double(digits) ?? (digits.first == "." ? Double("0" + digits) : Double(digits + "0")) ?? 0)
        }
        if digits.first == "0", digits.contains(where: { $0 != "0" }) {
            throw error("an integer cannot start with 0; write 0o for octal", at: start)
        }
        guard let value = UInt(digits) else { throw tooLarge(at: start) }
        return .int(value)
    }

    private mutating func readInteger(radix: Int, from start: Int) throws -> Token.Kind {
        let digitsStart = position
        while let byte = peek(), isDigit(byte) || isNameStart(byte), byte < 0x80 { position += 1 }
        let text = source.text(digitsStart..<position)
        try checkUnderscores(text.first == "_" ? String(text.dropFirst()) : text, at: start)
        let digits = text.replacing("_", with: "")
        guard !digits.isEmpty, digits.allSatisfy({ $0.hexDigitValue.map { $0 < radix } ?? false })
        else {
            throw error("not a base-\(radix) integer: '\(source.text(start..<position))'", at: start)
        }
        guard let value = UInt(digits, radix: radix) else { throw tooLarge(at: start) }
        return .int(value)
    }

    private func radix(of letter: UInt8) -> Int? {
        switch letter | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
    }

    private mutating func skipDigits() {
        while let byte = peek(), isDigit(byte) || byte == UInt8(ascii: "_") { position += 1 }
    }

    private func checkUnderscores(_ text: String, at start: Int) throws {
        let bytes = Array(text.utf8)
        for index in bytes.indices where bytes[index] == UInt8(ascii: "_") {
            let hasDigits =
                index > 0 && index + 1 < bytes.count && isHexDigit(bytes[index - 1])
                && isHexDigit(bytes[index + 1])
            if !hasDigits { throw error("an underscore in a number stands between digits", at: start) }
        }
    }

    private func checkNumberEnd(from start: Int) throws {
        guard let next = peek(), isNameStart(next) || isDigit(next) else { return }
        if next | 0x20 == UInt8(ascii: "j") {
            throw source.error(.unsupported, "complex numbers are not supported in configs", at: start)
        }
        // `1if x else y` is legal Python: a keyword may follow a number without a space.
        let rest = source.text(position..<min(position + 3, limit))
        if ["if", "or", "in", "is", "and", "for"].contains(where: rest.hasPrefix)
            || rest.hasPrefix("els")
        {
            return
        }
        throw error("not a number: '\(source.text(start..<position + 1))'", at: start)
    }

    private func tooLarge(at start: Int) -> ConfigError {
        source.error(.overflow, "this integer does not fit in 64 bits", at: start)
    }

    /// Reads a string literal whose prefix letters lie in `prefix`; stands on the opening quote.
    mutating func readString(prefix: Range<Int>) throws -> StringLiteral {
        let letters = source.text(prefix).lowercased()
        guard ["", "r", "u", "b", "f", "br", "rb", "fr", "rf"].contains(letters) else {
            throw error("'\(source.text(prefix))' is not a string prefix", at: prefix.lowerBound)
        }
        guard let quote = peek() else { throw error("unterminated string", at: prefix.lowerBound) }
        let isTriple = peek(1) == quote && peek(2) == quote
        position += isTriple ? 3 : 1
        let bodyStart = position
        while let byte = peek() {
            if byte == UInt8(ascii: "\\") {
                position = min(position + 2, limit)
                continue
            }
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                let body = bodyStart..<position
                position += isTriple ? 3 : 1
                return StringLiteral(
                    isRaw: letters.contains("r"), isBytes: letters.contains("b"),
                    isFormatted: letters.contains("f"),
                    body: body)
            }
            if byte == 0x0A, !isTriple { break }
            position += 1
        }
        throw error("unterminated string", at: prefix.lowerBound)
    }
}

func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66
}
