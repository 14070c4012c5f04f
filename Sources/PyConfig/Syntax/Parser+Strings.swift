extension Parser {
    /// One or more adjacent string literals, joined as Python joins them.
    mutating func stringAtom() throws -> Expression {
        let offset = current.start
        var bytes: [UInt8] = []
        var parts: [FormatPart] = []
        var isBytes: Bool?
        var isFormatted = false
        while case .string(let literal) = current.kind {
            guard isBytes ?? literal.isBytes == literal.isBytes else {
                throw error("bytes and text literals cannot be joined")
            }
            isBytes = literal.isBytes
            if literal.isFormatted {
                isFormatted = true
                if !bytes.isEmpty { parts.append(.text(String(decoding: bytes, as: UTF8.self))) }
                bytes = []
                parts += try formatParts(literal.body, isRaw: literal.isRaw, level: 0)
            } else {
                bytes += try StringEscapes.decode(
                    literal.body, of: source, isRaw: literal.isRaw, isBytes: literal.isBytes)
            }
            advance()
        }
        if isBytes == true { return try make(.constant(.bytes(bytes)), at: offset) }
        let text = String(decoding: bytes, as: UTF8.self)
        if !isFormatted { return try make(.constant(.string(text)), at: offset) }
        if !text.isEmpty { parts.append(.text(text)) }
        return try make(.formatted(parts), at: offset, over: height(of: parts))
    }

    private func height(of parts: [FormatPart]) -> Int {
        parts.reduce(0) { result, part in
            guard case .field(let value, _, let spec) = part else { return result }
            return max(result, value.height, height(of: spec))
        }
    }

    /// The pieces of an f-string's body, or of a format specification (`level` 1 and more).
    private func formatParts(_ range: Range<Int>, isRaw: Bool, level: Int) throws -> [FormatPart] {
        guard level <= 2 else {
            throw source.error(
                .syntax, "an f-string's braces are nested too deeply", at: range.lowerBound)
        }
        var parts: [FormatPart] = []
        var textStart = range.lowerBound
        var index = range.lowerBound
        func flush(to end: Int) throws {
            guard textStart < end else { return }
            let bytes = try StringEscapes.decode(
                textStart..<end, of: source, isRaw: isRaw, isBytes: false)
            parts.append(.text(String(decoding: bytes, as: UTF8.self)))
        }
        while index < range.upperBound {
            let byte = source.bytes[index]
            let isDoubled = index + 1 < range.upperBound && source.bytes[index + 1] == byte && level == 0
            if byte == 0x5C, !isRaw, index + 1 < range.upperBound, source.bytes[index + 1] != 0x7B {
                // Braces of \N{...} are left to the decoder, which names the limitation.
                if source.bytes[index + 1] == UInt8(ascii: "N") { try flush(to: range.upperBound) }
                index += 2
            } else if (byte == 0x7B || byte == 0x7D) && isDoubled {
                try flush(to: index + 1)
                index += 2
                textStart = index
            } else if byte == 0x7B {
                try flush(to: index)
                var field = FormatField(source: source, position: index + 1, end: range.upperBound)
                parts += try self.parts(of: &field, isRaw: isRaw, level: level)
                index = field.position
                textStart = index
            } else if byte == 0x7D {
                throw source.error(
                    .syntax, "a single '}' in an f-string; write '}}' for a brace", at: index)
            } else {
                index += 1
            }
        }
        try flush(to: range.upperBound)
        return parts
    }

    /// Reads one replacement field; `name=` gives a text part before it.
    private func parts(of field: inout FormatField, isRaw: Bool, level: Int) throws -> [FormatPart] {
        let scanned = try field.scan()
        var parser = try Parser(
            source, range: scanned.expression, depth: currentDepth + 1, depthLimit: depthLimit)
        guard parser.current.kind != .end else {
            throw source.error(
                .syntax, "an f-string needs an expression between its braces", at: field.start)
        }
        let value = try parser.nested { try $0.elementsOrTuple() }
        guard parser.current.kind == .end else {
            throw parser.error("unexpected \(parser.current.description) in an f-string's braces")
        }
        let spec = try scanned.spec.map { try formatParts($0, isRaw: isRaw, level: level + 1) } ?? []
        // `f'{x=}'` shows the value as repr unless told otherwise.
        let conversion =
            scanned.conversion ?? (scanned.label != nil && scanned.spec == nil ? UInt8(ascii: "r") : nil)
        let result = FormatPart.field(value, conversion: conversion, spec: spec)
        return (scanned.label.map { [.text(source.text($0))] } ?? []) + [result]
    }
}

/// Finds the parts of a replacement field in an f-string: expression, `=`, `!r`, `:spec`.
private struct FormatField {
    let source: SourceText
    var position: Int
    let end: Int
    let start: Int

    init(source: SourceText, position: Int, end: Int) {
        self.source = source
        self.position = position
        self.end = end
        start = position
    }

    struct Parts {
        var expression: Range<Int>
        /// The text of `expression =`, when the field shows its own source.
        var label: Range<Int>?
        var conversion: UInt8?
        var spec: Range<Int>?
    }

    /// Stands behind the opening brace; afterwards behind the closing one.
    mutating func scan() throws -> Parts {
        skipExpression()
        var parts = Parts(expression: start..<position)
        if peek() == UInt8(ascii: "=") {
            position += 1
            while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A { position += 1 }
            parts.label = start..<position
        }
        if peek() == UInt8(ascii: "!") {
            guard position + 1 < end, Array("rsa".utf8).contains(source.bytes[position + 1]) else {
                throw source.error(.syntax, "an f-string's conversion is !r, !s or !a", at: position)
            }
            parts.conversion = source.bytes[position + 1]
            position += 2
        }
        if peek() == UInt8(ascii: ":") {
            position += 1
            let specStart = position
            var open = 0
            while let byte = peek(), byte != 0x7D || open > 0 {
                open += byte == 0x7B ? 1 : byte == 0x7D ? -1 : 0
                position += 1
            }
            parts.spec = specStart..<position
        }
        guard peek() == 0x7D else {
            throw source.error(.syntax, "'{' in an f-string was never closed", at: start - 1)
        }
        position += 1
        return parts
    }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        position + ahead < end ? source.bytes[position + ahead] : nil
    }

    /// Moves to the end of the expression: `}`, `:`, `!` or a lone `=` outside brackets and strings.
    private mutating func skipExpression() {
        var open = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): skipString(quote: byte)
            case UInt8(ascii: "("), UInt8(ascii: "["), 0x7B: open += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): open -= 1
            case 0x7D:
                if open <= 0 { return }
                open -= 1
            case UInt8(ascii: ":") where open <= 0: return
            case UInt8(ascii: "!") where open <= 0 && peek(1) != UInt8(ascii: "="): return
            case UInt8(ascii: "=") where open <= 0:
                if peek(1) == UInt8(ascii: "=") { position += 1 } else { return }
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!"):
                if peek(1) == UInt8(ascii: "=") { position += 1 }
            default: break
            }
            position += 1
        }
    }

    /// Moves to the closing quote of a string inside the braces.
    private mutating func skipString(quote: UInt8) {
        let isTriple = peek(1) == quote && peek(2) == quote
        position += isTriple ? 3 : 1
        while let byte = peek() {
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                position += isTriple ? 2 : 0
                return
            }
            position += 1
        }
    }
}
