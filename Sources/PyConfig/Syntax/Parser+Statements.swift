extension Parser {
    /// A compound statement, or the simple statements of one line.
    mutating func statementLine() throws -> [Statement] {
        let offset = current.start
        if case .name(let name) = current.kind {
            switch name {
            case "if": return [try conditional()]
            case "for": return [try forLoop()]
            case "while": return [try whileLoop()]
            case "with": return [try withStatement()]
            case "def", "class", "try", "async":
                throw unsupported(
                    "'\(name)' is not supported: a config is data; write values, comprehensions and loops",
                    at: offset)
            default: break
            }
        }
        if case .symbol("@") = current.kind {
            throw unsupported("decorators are not supported in configs", at: offset)
        }
        if current.kind == .indent {
            throw source.error(.syntax, "unexpected indentation", at: current.end)
        }
        var statements = [try simpleStatement()]
        while take(";") {
            if current.kind == .newline || current.kind == .end { break }
            statements.append(try simpleStatement())
        }
        guard current.kind == .newline || current.kind == .end else {
            throw error("unexpected \(current.description)")
        }
        if current.kind == .newline { advance() }
        return statements
    }

    private mutating func simpleStatement() throws -> Statement {
        let offset = current.start
        guard case .name(let name) = current.kind else { return try expressionStatement() }
        switch name {
        case "pass", "break", "continue":
            advance()
            let kind: Statement.Kind =
                name == "pass" ? .pass : name == "break" ? .breakLoop : .continueLoop
            return Statement(kind: kind, offset: offset)
        case "del":
            advance()
            let target = try elementsOrTuple()
            if case .tuple(let targets) = target.kind {
                return Statement(kind: .delete(targets), offset: offset)
            }
            return Statement(kind: .delete([target]), offset: offset)
        case "import": return try importStatement()
        case "from": return try fromStatement()
        case "return", "raise", "assert", "global", "nonlocal", "yield", "await":
            throw unsupported("'\(name)' is not supported in configs", at: offset)
        default: return try expressionStatement()
        }
    }

    private mutating func expressionStatement() throws -> Statement {
        let offset = current.start
        let first = try elementsOrTuple()
        if case .symbol(let symbol) = current.kind, symbol.count > 1, symbol.last == "=",
            let operation = BinaryOperator(rawValue: String(symbol.dropLast()))
        {
            advance()
            try checkTarget(first, forAugment: true)
            return Statement(kind: .augment(first, operation, try elementsOrTuple()), offset: offset)
        }
        if take(":") {
            // An annotation says nothing at run time; only the value counts.
            try checkTarget(first)
            _ = try expression()
            guard take("=") else { return Statement(kind: .pass, offset: offset) }
            return Statement(kind: .assign([first], try elementsOrTuple()), offset: offset)
        }
        guard at("=") else { return Statement(kind: .expression(first), offset: offset) }
        var targets: [Expression] = []
        var value = first
        while take("=") {
            try checkTarget(value)
            targets.append(value)
            value = try elementsOrTuple()
        }
        return Statement(kind: .assign(targets, value), offset: offset)
    }

    /// Only names, members, items and sequences of those can be assigned to.
    private func checkTarget(_ target: Expression, forAugment: Bool = false) throws {
        switch target.kind {
        case .name, .attribute, .index: return
        case .tuple(let targets) where !forAugment, .list(let targets) where !forAugment:
            for target in targets { try checkTarget(target) }
        case .starred(let inner) where !forAugment: try checkTarget(inner)
        default: throw source.error(.syntax, "this cannot be assigned to", at: target.offset)
        }
    }

    /// Loop variables: names or members, separated by commas, up to the keyword `in`.
    mutating func targetList(until keyword: String) throws -> Expression {
        let offset = current.start
        var targets: [Expression] = []
        var isTuple = false
        repeat {
            if at(keyword: keyword) { break }
            if at("*") {
                let star = advance().start
                let inner = try postfix()
                targets.append(try make(.starred(inner), at: star, inner))
            } else {
                targets.append(try postfix())
            }
            isTuple = isTuple || at(",")
        } while take(",")
        guard let first = targets.first else { throw error("expected a loop variable") }
        let target = isTuple ? try make(.tuple(targets), at: offset, over: height(targets)) : first
        try checkTarget(target)
        return target
    }

    // MARK: compound statements

    private mutating func block() throws -> [Statement] {
        try expect(":", "before the block")
        guard current.kind == .newline else { return try statementLine() }
        advance()
        guard current.kind == .indent else { throw error("expected an indented block") }
        advance()
        return try nested { parser in
            var statements: [Statement] = []
            while parser.current.kind != .dedent, parser.current.kind != .end {
                statements += try parser.statementLine()
            }
            if parser.current.kind == .dedent { parser.advance() }
            return statements
        }
    }

    private mutating func elseBlock() throws -> [Statement] {
        take(keyword: "else") ? try block() : []
    }

    private mutating func conditional() throws -> Statement {
        let offset = advance().start
        let test = try namedExpression()
        let then = try block()
        let otherwise = at(keyword: "elif") ? [try nested { try $0.conditional() }] : try elseBlock()
        return Statement(
            kind: .conditional(test: test, then: then, otherwise: otherwise), offset: offset)
    }

    private mutating func forLoop() throws -> Statement {
        let offset = advance().start
        let target = try targetList(until: "in")
        try expect(keyword: "in", "after the loop variable")
        let iterable = try elementsOrTuple()
        let body = try block()
        let kind = Statement.Kind.forLoop(
            target: target, iterable: iterable, body: body, otherwise: try elseBlock())
        return Statement(kind: kind, offset: offset)
    }

    private mutating func whileLoop() throws -> Statement {
        let offset = advance().start
        let test = try namedExpression()
        let body = try block()
        return Statement(
            kind: .whileLoop(test: test, body: body, otherwise: try elseBlock()), offset: offset)
    }

    /// `with read_base():` is the only context manager of configs.
    private mutating func withStatement() throws -> Statement {
        let offset = advance().start
        let manager = try expression()
        guard case .call(let function, let arguments) = manager.kind,
            case .name("read_base") = function.kind,
            arguments.isEmpty, at(":")
        else {
            throw unsupported("only 'with read_base():' can be used in configs", at: manager.offset)
        }
        let body = try block()
        for statement in body {
            switch statement.kind {
            case .importFrom, .pass: continue
            default:
                throw unsupported(
                    "only 'from ... import ...' can stand inside 'with read_base():'", at: statement.offset)
            }
        }
        return Statement(kind: .readBase(body), offset: offset)
    }

    // MARK: imports

    private mutating func dottedName() throws -> String {
        var parts: [String] = []
        repeat {
            let token = try expectName("of a module")
            parts.append(source.text(token.start..<token.end))
        } while take(".")
        return parts.joined(separator: ".")
    }

    private mutating func alias() throws -> String? {
        guard take(keyword: "as") else { return nil }
        let token = try expectName("after 'as'")
        return source.text(token.start..<token.end)
    }

    private mutating func importStatement() throws -> Statement {
        let offset = advance().start
        var names: [ImportedName] = []
        repeat {
            let start = current.start
            let name = try dottedName()
            names.append(ImportedName(name: name, alias: try alias(), offset: start))
        } while take(",")
        return Statement(kind: .importModule(names), offset: offset)
    }

    private mutating func fromStatement() throws -> Statement {
        let offset = advance().start
        var level = 0
        while at(".") || at("...") { level += advance().kind == .symbol("...") ? 3 : 1 }
        let module = at(keyword: "import") ? "" : try dottedName()
        if module.isEmpty, level == 0 { throw error("expected a module name") }
        try expect(keyword: "import", "after the module")
        if at("*") {
            let star = advance().start
            let names = [ImportedName(name: "*", alias: nil, offset: star)]
            return Statement(
                kind: .importFrom(module: module, level: level, names: names), offset: offset)
        }
        let isParenthesized = take("(")
        var names: [ImportedName] = []
        repeat {
            if isParenthesized, at(")") { break }
            let token = try expectName("to import")
            let name = source.text(token.start..<token.end)
            names.append(ImportedName(name: name, alias: try alias(), offset: token.start))
        } while take(",")
        if isParenthesized { try expect(")", "or ',' in the import") }
        return Statement(kind: .importFrom(module: module, level: level, names: names), offset: offset)
    }
}
