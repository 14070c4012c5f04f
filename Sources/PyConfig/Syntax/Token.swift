/// One lexical element of a config and the bytes it covers.
struct Token {
    enum Kind: Equatable {
        /// A name or a keyword; the parser knows which names are keywords.
        case name(String)
        /// Magnitude of an integer literal.
        case int(UInt)
        case float(Double)
        case string(StringLiteral)
        /// An operator or a delimiter.
        case symbol(String)
        case newline, indent, dedent, end
    }

    let kind: Kind
    let start: Int
    let end: Int

    /// What the token is called in a message.
    var description: String {
        switch kind {
        case .name(let text), .symbol(let text): "'\(text)'"
        case .int, .float: "a number"
        case .string: "a string"
        case .newline: "the end of the line"
        case .indent: "an indented line"
        case .dedent: "the end of the block"
        case .end: "the end of the file"
        }
    }
}

/// A string literal: its prefix letters and where its body lies, quotes excluded.
struct StringLiteral: Equatable {
    let isRaw: Bool
    let isBytes: Bool
    let isFormatted: Bool
    let body: Range<Int>
}
