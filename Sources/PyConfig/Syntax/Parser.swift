/// Reads tokens into statements and expressions. Recursive descent; binary operators by precedence climbing, so that
/// one level of brackets costs few stack frames.
struct Parser {
    let source: SourceText
    let depthLimit: Int
    private var tokens: [Token]
    private var index = 0
    private var depth: Int

    init(_ source: SourceText, range: Range<Int>? = nil, depth: Int = 0, depthLimit: Int) throws {
        self.source = source
        self.depthLimit = depthLimit
        self.depth = depth
        tokens = try Lexer.tokens(of: source, range: range, depthLimit: depthLimit)
    }

    /// The statements of a whole file.
    static func parse(_ source: SourceText, depthLimit: Int) throws -> [Statement] {
        var parser = try Parser(source, depthLimit: depthLimit)
        var statements: [Statement] = []
        while parser.current.kind != .end { statements += try parser.statementLine() }
        return statements
    }

    // MARK: tokens

    var current: Token { tokens[index] }
    var next: Token { tokens[min(index + 1, tokens.count - 1)] }
    var currentDepth: Int { depth }

    @discardableResult
    mutating func advance() -> Token {
        defer { if index + 1 < tokens.count { index += 1 } }
        return tokens[index]
    }

    func at(_ symbol: String) -> Bool {
        if case .symbol(symbol) = current.kind { true } else { false }
    }

    func at(keyword: String) -> Bool {
        if case .name(keyword) = current.kind { true } else { false }
    }

    mutating func take(_ symbol: String) -> Bool {
        guard at(symbol) else { return false }
        advance()
        return true
    }

    mutating func take(keyword: String) -> Bool {
        guard at(keyword: keyword) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: String, _ purpose: String) throws {
        if !take(symbol) {
            throw error("expected '\(symbol)' \(purpose), found \(current.description)")
        }
    }

    mutating func expect(keyword: String, _ purpose: String) throws {
        if !take(keyword: keyword) {
            throw error("expected '\(keyword)' \(purpose), found \(current.description)")
        }
    }

    mutating func expectName(_ purpose: String) throws -> Token {
        guard case .name(let name) = current.kind, !Self.keywords.contains(name) else {
            throw error("expected a name \(purpose), found \(current.description)")
        }
        return advance()
    }

    func error(_ message: String) -> ConfigError { source.error(.syntax, message, at: current.start) }

    func unsupported(_ message: String, at offset: Int) -> ConfigError {
        source.error(.unsupported, message, at: offset)
    }

    static let keywords: Set = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
        "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
        "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]

    // MARK: depth

    /// Runs `body` one level deeper; too many levels are an error before the stack runs out.
    mutating func nested<Result>(_ body: (inout Parser) throws -> Result) throws -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= depthLimit else {
            throw source.error(.budget, "this is nested more than \(depthLimit) deep", at: current.start)
        }
        return try body(&self)
    }

    /// An expression over parts of the given height.
    func make(_ kind: Expression.Kind, at offset: Int, over height: Int) throws -> Expression {
        guard height < depthLimit else {
            throw source.error(
                .budget, "this expression is nested more than \(depthLimit) deep", at: offset)
        }
        return Expression(kind: kind, offset: offset, height: height + 1)
    }

    func make(_ kind: Expression.Kind, at offset: Int, _ parts: Expression...) throws -> Expression {
        try make(kind, at: offset, over: height(parts))
    }

    func height(_ parts: [Expression]) -> Int { parts.reduce(0) { max($0, $1.height) } }
}
