extension Parser {
    /// A conditional expression, or anything that binds more tightly.
    mutating func expression() throws -> Expression {
        try nested { parser in
            if parser.at(keyword: "lambda") {
                throw parser.unsupported("lambda is not supported in configs", at: parser.current.start)
            }
            let offset = parser.current.start
            let then = try parser.disjunction()
            guard parser.take(keyword: "if") else { return then }
            let test = try parser.disjunction()
            try parser.expect(keyword: "else", "after the condition")
            let otherwise = try parser.expression()
            return try parser.make(
                .conditional(test: test, then: then, otherwise: otherwise), at: offset, test, then,
                otherwise)
        }
    }

    /// An expression, or `name := expression`.
    mutating func namedExpression() throws -> Expression {
        if case .name(let name) = current.kind, case .symbol(":=") = next.kind,
            !Self.keywords.contains(name)
        {
            let offset = advance().start
            advance()
            let value = try expression()
            return try make(.assignment(name, value), at: offset, value)
        }
        return try expression()
    }

    /// A starred expression or an expression, as elements of displays and right-hand sides are.
    mutating func element() throws -> Expression {
        guard at("*") else { return try namedExpression() }
        let offset = advance().start
        let value = try disjunction()
        return try make(.starred(value), at: offset, value)
    }

    /// One element, or a tuple when commas follow.
    mutating func elementsOrTuple() throws -> Expression {
        let offset = current.start
        let first = try element()
        guard at(",") else { return first }
        var elements = [first]
        while take(",") {
            guard startsExpression else { break }
            elements.append(try element())
        }
        return try make(.tuple(elements), at: offset, over: height(elements))
    }

    /// Whether the current token can begin an expression.
    var startsExpression: Bool {
        switch current.kind {
        case .int, .float, .string: true
        case .symbol(let symbol): ["(", "[", "{", "-", "+", "~", "*", "..."].contains(symbol)
        case .name(let name):
            !Self.keywords.contains(name)
                || ["None", "True", "False", "not", "lambda", "await"].contains(name)
        default: false
        }
    }

    mutating func disjunction() throws -> Expression {
        var left = try conjunction()
        while at(keyword: "or") {
            let offset = advance().start
            let right = try conjunction()
            left = try make(.or(left, right), at: offset, left, right)
        }
        return left
    }

    private mutating func conjunction() throws -> Expression {
        var left = try inversion()
        while at(keyword: "and") {
            let offset = advance().start
            let right = try inversion()
            left = try make(.and(left, right), at: offset, left, right)
        }
        return left
    }

    private mutating func inversion() throws -> Expression {
        guard at(keyword: "not") else { return try comparison() }
        let offset = advance().start
        let operand = try nested { try $0.inversion() }
        return try make(.not(operand), at: offset, operand)
    }

    private mutating func comparison() throws -> Expression {
        let first = try binary(minimum: 0)
        var links: [Comparison] = []
        let offset = current.start
        while let operation = takeComparison() {
            links.append(Comparison(operation: operation, other: try binary(minimum: 0)))
        }
        if links.isEmpty { return first }
        return try make(.compare(first, links), at: offset, over: height([first] + links.map(\.other)))
    }

    private mutating func takeComparison() -> Comparison.Operator? {
        let operation: Comparison.Operator
        switch current.kind {
        case .symbol("=="): operation = .equal
        case .symbol("!="): operation = .notEqual
        case .symbol("<"): operation = .less
        case .symbol("<="): operation = .lessEqual
        case .symbol(">"): operation = .greater
        case .symbol(">="): operation = .greaterEqual
        case .name("in"): operation = .in
        case .name("is"):
            advance()
            return take(keyword: "not") ? .isNot : .is
        case .name("not"):
            guard case .name("in") = next.kind else { return nil }
            advance()
            operation = .notIn
        default: return nil
        }
        advance()
        return operation
    }

    private static let precedence: [String: (BinaryOperator, Int)] = [
        "|": (.or, 1), "^": (.xor, 2), "&": (.and, 3), "<<": (.leftShift, 4), ">>": (.rightShift, 4),
        "+": (.add, 5),
        "-": (.subtract, 5), "*": (.multiply, 6), "/": (.divide, 6), "//": (.floorDivide, 6),
        "%": (.modulo, 6),
    ]

    /// Binary operators of at least the given precedence, left to right.
    private mutating func binary(minimum: Int) throws -> Expression {
        var left = try unary()
        while case .symbol(let symbol) = current.kind {
            if symbol == "@" {
                throw unsupported("matrix multiplication is not supported in configs", at: current.start)
            }
            guard let (operation, precedence) = Self.precedence[symbol], precedence > minimum else {
                break
            }
            let offset = advance().start
            let right = try binary(minimum: precedence)
            left = try make(.binary(operation, left, right), at: offset, left, right)
        }
        return left
    }

    private mutating func unary() throws -> Expression {
        guard case .symbol(let symbol) = current.kind, let operation = UnaryOperator(rawValue: symbol)
        else {
            return try power()
        }
        let offset = advance().start
        // The one integer whose magnitude does not fit: -2^63.
        if operation == .minus, current.kind == .int(UInt(Int.max) + 1), next.kind != .symbol("**") {
            advance()
            return try make(.constant(.int(.min)), at: offset, over: 0)
        }
        let operand = try nested { try $0.unary() }
        return try make(.unary(operation, operand), at: offset, operand)
    }

    private mutating func power() throws -> Expression {
        if at(keyword: "await") {
            throw unsupported("'await' is not supported in configs", at: current.start)
        }
        let base = try postfix()
        guard at("**") else { return base }
        let offset = advance().start
        let exponent = try nested { try $0.unary() }
        return try make(.binary(.power, base, exponent), at: offset, base, exponent)
    }
}
