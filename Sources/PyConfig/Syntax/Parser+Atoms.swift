extension Parser {
    /// An atom with its trailing attributes, indices and calls.
    mutating func postfix() throws -> Expression {
        var result = try atom()
        while case .symbol(let symbol) = current.kind {
            let offset = current.start
            switch symbol {
            case ".":
                advance()
                let token = try expectName("after '.'")
                result = try make(
                    .attribute(result, source.text(token.start..<token.end)), at: token.start, result)
            case "[":
                advance()
                let index = try subscriptIndex()
                try expect("]", "after the index")
                result = try make(.index(result, index), at: offset, result, index)
            case "(":
                advance()
                let arguments = try callArguments()
                result = try make(
                    .call(result, arguments), at: result.offset,
                    over: height([result] + arguments.map(\.value)))
            default: return result
            }
        }
        return result
    }

    private mutating func atom() throws -> Expression {
        let token = current
        switch token.kind {
        case .int(let magnitude):
            guard let value = Int(exactly: magnitude) else {
                throw source.error(.overflow, "this integer does not fit in 64 bits", at: token.start)
            }
            advance()
            return try make(.constant(.int(value)), at: token.start)
        case .float(let value):
            advance()
            return try make(.constant(.float(value)), at: token.start)
        case .string: return try stringAtom()
        case .name(let name): return try nameAtom(name, token)
        case .symbol("("): return try parenthesized()
        case .symbol("["): return try listDisplay()
        case .symbol("{"): return try braceDisplay()
        case .symbol("..."):
            advance()
            return try make(.ellipsis, at: token.start)
        default: throw error("expected an expression, found \(token.description)")
        }
    }

    private mutating func nameAtom(_ name: String, _ token: Token) throws -> Expression {
        let kind: Expression.Kind
        switch name {
        case "None": kind = .constant(.none)
        case "True": kind = .constant(.bool(true))
        case "False": kind = .constant(.bool(false))
        case _ where Self.keywords.contains(name):
            throw error("expected an expression, found '\(name)'")
        default: kind = .name(name)
        }
        advance()
        return try make(kind, at: token.start)
    }

    private mutating func parenthesized() throws -> Expression {
        let offset = advance().start
        if take(")") { return try make(.tuple([]), at: offset) }
        if at(keyword: "yield") {
            throw unsupported("'yield' is not supported in configs", at: current.start)
        }
        let first = try element()
        if startsClause {
            let clauses = try comprehensionClauses()
            try expect(")", "after the generator")
            return try comprehension(.generator, first, nil, clauses, at: offset)
        }
        guard at(",") else {
            try expect(")", "to close the parenthesis")
            if case .starred = first.kind {
                throw source.error(
                    .syntax, "a starred expression needs a list or a tuple around it", at: offset)
            }
            return first
        }
        var elements = [first]
        while take(",") {
            if at(")") { break }
            elements.append(try element())
        }
        try expect(")", "or ',' in the tuple")
        return try make(.tuple(elements), at: offset, over: height(elements))
    }

    private mutating func listDisplay() throws -> Expression {
        let offset = advance().start
        var elements: [Expression] = []
        while !at("]") {
            elements.append(try element())
            if elements.count == 1, startsClause {
                let clauses = try comprehensionClauses()
                try expect("]", "after the comprehension")
                return try comprehension(.list, elements[0], nil, clauses, at: offset)
            }
            if !take(",") { break }
        }
        try expect("]", "or ',' in the list")
        return try make(.list(elements), at: offset, over: height(elements))
    }

    private mutating func braceDisplay() throws -> Expression {
        let offset = advance().start
        if take("}") { return try make(.dict([]), at: offset) }
        if at("**") { return try dictDisplay(first: nil, at: offset) }
        let first = try element()
        if take(":") { return try dictDisplay(first: first, at: offset) }
        if startsClause {
            let clauses = try comprehensionClauses()
            try expect("}", "after the comprehension")
            return try comprehension(.set, first, nil, clauses, at: offset)
        }
        var elements = [first]
        while take(",") {
            if at("}") { break }
            elements.append(try element())
        }
        try expect("}", "or ',' in the set")
        return try make(.set(elements), at: offset, over: height(elements))
    }

    /// The rest of a dict display; with `first`, its key and the colon are read already.
    private mutating func dictDisplay(first: Expression?, at offset: Int) throws -> Expression {
        var items: [DictItem] = []
        if let first {
            let value = try expression()
            if startsClause {
                let clauses = try comprehensionClauses()
                try expect("}", "after the comprehension")
                return try comprehension(.dict, first, value, clauses, at: offset)
            }
            items.append(DictItem(key: first, value: value))
            if !take(",") { return try closeDict(items, at: offset) }
        }
        while !at("}") {
            if take("**") {
                items.append(DictItem(key: nil, value: try disjunction()))
            } else {
                let key = try expression()
                try expect(":", "after the key")
                items.append(DictItem(key: key, value: try expression()))
            }
            if !take(",") { break }
        }
        return try closeDict(items, at: offset)
    }

    private mutating func closeDict(_ items: [DictItem], at offset: Int) throws -> Expression {
        try expect("}", "or ',' in the dictionary")
        return try make(
            .dict(items), at: offset,
            over: height(items.flatMap { [$0.value] + ($0.key.map { [$0] } ?? []) }))
    }

    // MARK: comprehensions

    var startsClause: Bool { at(keyword: "for") || at(keyword: "async") }

    mutating func comprehensionClauses() throws -> [ComprehensionClause] {
        var clauses: [ComprehensionClause] = []
        while startsClause {
            if at(keyword: "async") {
                throw unsupported("'async' is not supported in configs", at: current.start)
            }
            advance()
            let target = try targetList(until: "in")
            try expect(keyword: "in", "after the loop variable")
            let iterable = try disjunction()
            var conditions: [Expression] = []
            while take(keyword: "if") { conditions.append(try conditionOfClause()) }
            clauses.append(
                ComprehensionClause(target: target, iterable: iterable, conditions: conditions))
        }
        return clauses
    }

    private mutating func conditionOfClause() throws -> Expression {
        if case .symbol(":=") = next.kind { return try namedExpression() }
        return try disjunction()
    }

    func comprehension(
        _ kind: ComprehensionKind, _ element: Expression, _ value: Expression?,
        _ clauses: [ComprehensionClause],
        at offset: Int
    ) throws -> Expression {
        if case .starred = element.kind {
            throw source.error(.syntax, "a comprehension cannot unpack with '*'", at: element.offset)
        }
        let parts =
            clauses.flatMap { [$0.target, $0.iterable] + $0.conditions } + [element]
            + (value.map { [$0] } ?? [])
        return try make(
            .comprehension(kind, element: element, value: value, clauses), at: offset, over: height(parts)
        )
    }

    // MARK: calls and indices

    private mutating func callArguments() throws -> [CallArgument] {
        var arguments: [CallArgument] = []
        while !at(")") {
            let argument = try callArgument()
            if case .positional = argument.form {
                for earlier in arguments {
                    switch earlier.form {
                    case .keyword, .doubleStar:
                        throw source.error(
                            .syntax, "a positional argument follows a keyword argument", at: argument.value.offset
                        )
                    default: break
                    }
                }
            }
            arguments.append(argument)
            if !take(",") { break }
        }
        try expect(")", "or ',' in the call")
        return arguments
    }

    private mutating func callArgument() throws -> CallArgument {
        if take("*") { return CallArgument(form: .star, value: try expression()) }
        if take("**") { return CallArgument(form: .doubleStar, value: try expression()) }
        if case .name(let name) = current.kind, case .symbol("=") = next.kind {
            if Self.keywords.contains(name) {
                throw error("'\(name)' is a keyword of Python, not an argument name")
            }
            advance()
            advance()
            return CallArgument(form: .keyword(name), value: try expression())
        }
        let value = try namedExpression()
        guard startsClause else { return CallArgument(form: .positional, value: value) }
        let clauses = try comprehensionClauses()
        return CallArgument(
            form: .positional, value: try comprehension(.generator, value, nil, clauses, at: value.offset)
        )
    }

    private mutating func subscriptIndex() throws -> Expression {
        let offset = current.start
        let first = try sliceOrExpression()
        guard at(",") else { return first }
        var elements = [first]
        while take(",") {
            if at("]") { break }
            elements.append(try sliceOrExpression())
        }
        return try make(.tuple(elements), at: offset, over: height(elements))
    }

    private mutating func sliceOrExpression() throws -> Expression {
        let offset = current.start
        let lower = at(":") ? nil : try namedExpression()
        if let lower, !at(":") { return lower }
        try expect(":", "in the slice")
        let upper = at(":") || at("]") || at(",") ? nil : try expression()
        var step: Expression?
        if take(":"), !at("]"), !at(",") { step = try expression() }
        let parts = [lower, upper, step].compactMap(\.self)
        return try make(.slice(lower, upper, step), at: offset, over: height(parts))
    }
}
