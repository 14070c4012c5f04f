import OrderedCollections

extension Evaluator {
    /// The value of an expression. `position` is left at the operation that failed.
    func evaluate(_ expression: Expression) throws -> PyValue {
        switch expression.kind {
        case .constant(let value): return try constant(value)
        case .ellipsis: return .ellipsis
        case .name(let name):
            position = expression.offset
            return try value(of: name)
        case .list(let elements): return try runtime.list(evaluateAll(elements))
        case .tuple(let elements): return try runtime.tuple(evaluateAll(elements))
        case .set(let elements):
            let values = try evaluateAll(elements)
            position = expression.offset
            return try runtime.set(OrderedSet(values.map { try runtime.key($0) }))
        case .dict(let items): return try dictDisplay(items)
        case .formatted(let parts): return try runtime.string(formatted(parts))
        case .unary(let operation, let operand):
            let value = try evaluate(operand)
            position = expression.offset
            return try runtime.unary(operation, value)
        case .binary(let operation, let left, let right):
            let (a, b) = try (evaluate(left), evaluate(right))
            position = expression.offset
            return try runtime.binary(operation, a, b)
        case .and(let left, let right):
            let value = try evaluate(left)
            return value.isTrue ? try evaluate(right) : value
        case .or(let left, let right):
            let value = try evaluate(left)
            return value.isTrue ? value : try evaluate(right)
        case .not(let operand): return .bool(try !evaluate(operand).isTrue)
        case .compare(let first, let links): return try comparison(first, links, at: expression.offset)
        case .conditional(let test, let then, let otherwise):
            return try evaluate(evaluate(test).isTrue ? then : otherwise)
        case .attribute(let object, let name):
            let value = try evaluate(object)
            position = expression.offset
            return try attribute(name, of: value)
        case .index(let object, let index):
            let (container, place) = try (evaluate(object), evaluate(index))
            position = expression.offset
            return try element(of: container, at: place)
        case .slice(let lower, let upper, let step):
            return .slice(try bound(lower), try bound(upper), try bound(step))
        case .call(let function, let arguments):
            return try call(function, arguments, at: expression.offset)
        case .starred:
            position = expression.offset
            throw Fault(.syntax, "a starred expression cannot stand here")
        case .assignment(let name, let value):
            let result = try evaluate(value)
            globals[name] = result
            return result
        case .comprehension(let kind, let element, let value, let clauses):
            return try comprehension(kind, element, value, clauses)
        }
    }

    private func constant(_ value: ConfigValue) throws -> PyValue {
        switch value {
        case .none: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .float(let number): return .float(number)
        case .string(let text): return .string(text)
        default: return try runtime.object(value, isConfig: false)
        }
    }

    private func evaluateAll(_ elements: [Expression]) throws -> [PyValue] {
        var values: [PyValue] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            if case .starred(let inner) = element.kind {
                let sequence = try evaluate(inner)
                position = element.offset
                values += try runtime.elements(sequence)
                try runtime.allocate(values.count)
            } else {
                values.append(try evaluate(element))
            }
        }
        try runtime.step(values.count)
        return values
    }

    private func dictDisplay(_ items: [DictItem]) throws -> PyValue {
        let result = try runtime.dict([:])
        for item in items {
            let value = try item.key == nil ? evaluate(item.value) : .none
            if let key = item.key {
                let evaluated = try evaluate(key)
                let value = try evaluate(item.value)
                position = key.offset
                try runtime.store(value, at: runtime.key(evaluated), in: result)
            } else {
                position = item.value.offset
                guard case .dict = value else {
                    throw Fault(.type, "** needs a dict, not '\(value.typeName)'")
                }
                try update(result, from: value)
            }
        }
        return .dict(result)
    }

    private func formatted(_ parts: [FormatPart]) throws -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .field(let expression, let conversion, let spec):
                let value = try evaluate(expression)
                let specification = spec.isEmpty ? "" : try formatted(spec)
                position = expression.offset
                let shown = try runtime.converted(value, conversion, spec: specification)
                try runtime.allocate(shown.utf8.count)
                result += shown
            }
        }
        return result
    }

    private func comparison(
        _ first: Expression, _ links: [Comparison], at offset: Int
    ) throws
        -> PyValue
    {
        var left = try evaluate(first)
        for link in links {
            let right = try evaluate(link.other)
            position = offset
            if try !runtime.compare(link.operation, left, right) { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    private func bound(_ expression: Expression?) throws -> Int? {
        guard let expression else { return nil }
        let value = try evaluate(expression)
        if case .none = value { return nil }
        guard let number = value.integer else {
            position = expression.offset
            throw Fault(.type, "slice indices are integers or None, not '\(value.typeName)'")
        }
        return number
    }

    // MARK: comprehensions

    private func comprehension(
        _ kind: ComprehensionKind, _ element: Expression, _ value: Expression?,
        _ clauses: [ComprehensionClause]
    ) throws -> PyValue {
        // The first iterable belongs to the surrounding scope.
        let first = try evaluate(clauses[0].iterable)
        scopes.append([:])
        defer { scopes.removeLast() }
        var values: [PyValue] = []
        let dictionary = kind == .dict ? try runtime.dict([:]) : nil
        try run(clauses[...], first: first) {
            let item = try evaluate(element)
            try runtime.step()
            if let dictionary, let value {
                try runtime.store(evaluate(value), at: runtime.key(item), in: dictionary)
            } else {
                values.append(item)
            }
        }
        switch kind {
        case .list: return try runtime.list(values)
        case .generator: return try runtime.iterator(values)
        case .set:
            position = element.offset
            return try runtime.set(OrderedSet(values.map { try runtime.key($0) }))
        case .dict: return dictionary.map(PyValue.dict) ?? .none
        }
    }

    private func run(
        _ clauses: ArraySlice<ComprehensionClause>, first: PyValue?, _ body: () throws -> Void
    ) throws {
        guard let clause = clauses.first else { return try body() }
        let iterable = try first ?? evaluate(clause.iterable)
        position = clause.iterable.offset
        for element in try runtime.elements(iterable) {
            try assign(element, to: clause.target)
            if try clause.conditions.allSatisfy({ try evaluate($0).isTrue }) {
                try run(clauses.dropFirst(), first: nil, body)
            }
        }
    }

    // MARK: calls

    private func call(
        _ function: Expression, _ arguments: [CallArgument], at offset: Int
    ) throws
        -> PyValue
    {
        let callee = try evaluate(function)
        var call = Call(name: "", positional: [], keywords: [])
        for argument in arguments {
            let value = try evaluate(argument.value)
            position = argument.value.offset
            switch argument.form {
            case .positional: call.positional.append(value)
            case .keyword(let name): try add(name, value, to: &call)
            case .star: call.positional += try runtime.elements(value)
            case .doubleStar:
                guard case .dict(let dictionary) = value else {
                    throw Fault(.type, "** needs a dict, not '\(value.typeName)'")
                }
                for (key, item) in dictionary.items {
                    guard case .string(let name) = key else {
                        throw Fault(.type, "keyword names are strings")
                    }
                    try add(name, item, to: &call)
                }
            }
        }
        position = offset
        return try invoke(callee, call)
    }

    private func add(_ name: String, _ value: PyValue, to call: inout Call) throws {
        if call.keywords.count < 16 {
            if call.keywords.contains(where: { $0.name == name }) {
                throw Fault(.type, "the argument '\(name)' is given twice")
            }
        } else if Set(call.keywords.map(\.name)).contains(name) {
            throw Fault(.type, "the argument '\(name)' is given twice")
        }
        try runtime.step(1 + call.keywords.count / 16)
        call.keywords.append((name, value))
    }

    /// Calls a built-in function or a method.
    func invoke(_ callee: PyValue, _ call: Call) throws -> PyValue {
        try runtime.step()
        switch callee {
        case .builtin(let builtin):
            return try self.call(
                builtin, Call(name: builtin.name, positional: call.positional, keywords: call.keywords))
        case .method(let method):
            let call = Call(name: method.name, positional: call.positional, keywords: call.keywords)
            switch method.receiver {
            case .string(let text): return try stringMethod(text, call)
            case .list(let list): return try listMethod(list, call)
            case .tuple(let tuple): return try sequenceMethod(tuple.items, call)
            case .dict(let dictionary): return try dictMethod(dictionary, call)
            case .set(let set): return try setMethod(set, call)
            default: throw Fault(.type, "a \(method.receiver.typeName) has no methods in configs")
            }
        case .reference(let reference):
            throw Fault(
                .unsupported,
                "'\(reference.base)' is not called in a config; write dict(type=...) with its arguments")
        default: throw Fault(.type, "'\(callee.typeName)' object is not callable")
        }
    }
}
