/// Splits a config into tokens, with Python's rules for indentation, brackets and line joining.
struct Lexer {
    let source: SourceText
    /// Where reading stops; less than the file's length inside an f-string's braces.
    let limit: Int
    var position: Int
    private var tokens: [Token] = []
    private var brackets: [(symbol: UInt8, offset: Int)] = []
    private var indents = [0]
    /// Inside an f-string's braces line ends mean nothing, as in parentheses.
    private let isFragment: Bool
    private let depthLimit: Int

    init(_ source: SourceText, range: Range<Int>? = nil, depthLimit: Int) {
        self.source = source
        limit = range?.upperBound ?? source.bytes.count
        position = range?.lowerBound ?? 0
        isFragment = range != nil
        self.depthLimit = depthLimit
    }

    /// All tokens, the last one `.end`.
    static func tokens(
        of source: SourceText, range: Range<Int>? = nil, depthLimit: Int
    ) throws
        -> [Token]
    {
        var lexer = Lexer(source, range: range, depthLimit: depthLimit)
        return try lexer.run()
    }

    private mutating func run() throws -> [Token] {
        tokens.reserveCapacity((limit - position) / 4)
        if !isFragment { try readIndentation() }
        while let byte = peek() {
            try readToken(byte)
        }
        if let open = brackets.last {
            throw error("'\(Character(Unicode.Scalar(open.symbol)))' was never closed", at: open.offset)
        }
        if !isFragment {
            if let last = tokens.last, last.kind != .newline, last.kind != .dedent {
                add(.newline, from: position)
            }
            for _ in indents.dropFirst() { add(.dedent, from: position) }
        }
        add(.end, from: position)
        return tokens
    }

    private mutating func readToken(_ byte: UInt8) throws {
        let start = position
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0C: position += 1
        case UInt8(ascii: "#"): skipComment()
        case UInt8(ascii: "\\"):
            position += 1
            guard peek() == 0x0A else {
                throw error("unexpected character after line continuation", at: start)
            }
            position += 1
        case 0x0A:
            position += 1
            if isFragment || !brackets.isEmpty { return }
            if let last = tokens.last, last.kind != .newline, last.kind != .indent, last.kind != .dedent {
                add(.newline, from: start)
            }
            try readIndentation()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): try add(readNumber(), from: start)
        case UInt8(ascii: "."):
            if let next = peek(1), isDigit(next) {
                try add(readNumber(), from: start)
            } else {
                try readSymbol()
            }
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            try add(.string(readString(prefix: start..<start)), from: start)
        case _ where isNameStart(byte): try readNameOrString()
        default: try readSymbol()
        }
    }

    /// Reads the white space at the start of a line and opens or closes blocks; blank lines do neither.
    private mutating func readIndentation() throws {
        while true {
            let start = position
            var width = 0
            while let byte = peek() {
                if byte == UInt8(ascii: " ") {
                    width += 1
                } else if byte == UInt8(ascii: "\t") {
                    width = (width / 8 + 1) * 8
                } else if byte == 0x0C {
                    width = 0
                } else {
                    break
                }
                position += 1
            }
            if peek() == UInt8(ascii: "#") { skipComment() }
            if peek() == 0x0A {
                position += 1
                continue
            }
            guard peek() != nil else { return }
            try setIndentation(width, lineStart: start)
            return
        }
    }

    private mutating func setIndentation(_ width: Int, lineStart: Int) throws {
        if width > indents[indents.count - 1] {
            guard indents.count < depthLimit else {
                throw source.error(.budget, "blocks are nested too deeply", at: position)
            }
            indents.append(width)
            add(.indent, from: lineStart)
        }
        while width < indents[indents.count - 1] {
            indents.removeLast()
            add(.dedent, from: position)
        }
        guard width == indents[indents.count - 1] else {
            throw error("this line's indentation matches no block above", at: position)
        }
    }

    private mutating func readNameOrString() throws {
        let start = position
        while let byte = peek(), isNameStart(byte) || isDigit(byte) { position += 1 }
        let length = position - start
        if length <= 2, let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            try add(.string(readString(prefix: start..<position)), from: start)
        } else {
            add(.name(source.text(start..<position)), from: start)
        }
    }

    private static let threes: Set = ["**=", "//=", ">>=", "<<=", "..."]
    private static let twos: Set = [
        "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "@=", "&=",
        "|=", "^=",
        ":=",
    ]
    private static let continuing = Set("*/<>=.".utf8)
    private static let ones = Set("+-*/%@&|^~<>()[]{},:.;=".utf8)

    private mutating func readSymbol() throws {
        let start = position
        // Most symbols stand alone; only some second characters can continue one.
        if let second = peek(1), Self.continuing.contains(second) {
            for (length, table) in [(3, Self.threes), (2, Self.twos)] where start + length <= limit {
                let text = source.text(start..<start + length)
                if table.contains(text) {
                    position += length
                    return add(.symbol(text), from: start)
                }
            }
        }
        let byte = source.bytes[start]
        guard Self.ones.contains(byte) else {
            let end = source.bytes[start..<limit].dropFirst().firstIndex { $0 & 0xC0 != 0x80 } ?? limit
            throw error("unexpected character '\(source.text(start..<end))'", at: start)
        }
        try trackBracket(byte)
        position += 1
        add(.symbol(String(Unicode.Scalar(byte))), from: start)
    }

    private mutating func trackBracket(_ byte: UInt8) throws {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            guard brackets.count < depthLimit else {
                throw source.error(
                    .budget, "brackets are nested more than \(depthLimit) deep", at: position)
            }
            brackets.append((byte, position))
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            let pairs = [
                UInt8(ascii: ")"): UInt8(ascii: "("), UInt8(ascii: "]"): UInt8(ascii: "["), 0x7D: 0x7B,
            ]
            let shown = Character(Unicode.Scalar(byte))
            guard let open = brackets.popLast() else { throw error("unmatched '\(shown)'", at: position) }
            guard pairs[byte] == open.symbol else {
                let opening = Character(Unicode.Scalar(open.symbol))
                throw error("'\(shown)' does not close '\(opening)'", at: position)
            }
        default: break
        }
    }

    private mutating func skipComment() {
        while let byte = peek(), byte != 0x0A { position += 1 }
    }

    mutating func add(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, start: start, end: position))
    }

    func peek(_ ahead: Int = 0) -> UInt8? {
        position + ahead < limit ? source.bytes[position + ahead] : nil
    }

    func error(_ message: String, at offset: Int) -> ConfigError {
        source.error(.syntax, message, at: offset)
    }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

func isNameStart(_ byte: UInt8) -> Bool {
    byte == 0x5F || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || byte >= 0x80
}
