import OrderedCollections

/// Runs the statements of one config file over the values of its names.
final class Evaluator {
    let source: SourceText
    let runtime: Runtime
    /// The file's names, in order of first assignment.
    var globals: OrderedDictionary<String, PyValue> = [:]
    /// Names of comprehensions, innermost last.
    var scopes: [[String: PyValue]] = []
    /// Whether imports name classes (MMEngine's pure-Python style) or only Python's harmless modules.
    let isLazy: Bool
    /// Where the current operation stands, for messages.
    var position = 0

    init(_ source: SourceText, runtime: Runtime, isLazy: Bool) {
        self.source = source
        self.runtime = runtime
        self.isLazy = isLazy
    }

    /// Runs a file, or evaluates parts of it, turning faults into errors with their place.
    func located<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let fault as Fault {
            throw source.error(fault.kind, fault.message, at: position)
        }
    }

    func run(_ statements: [Statement]) throws {
        try located {
            for statement in statements {
                guard try execute(statement) == .next else {
                    position = statement.offset
                    throw Fault(.syntax, "'break' and 'continue' belong into a loop")
                }
            }
        }
    }

    enum Flow { case next, breakLoop, continueLoop }

    private func execute(_ statements: [Statement]) throws -> Flow {
        for statement in statements {
            let flow = try execute(statement)
            if flow != .next { return flow }
        }
        return .next
    }

    private func execute(_ statement: Statement) throws -> Flow {
        position = statement.offset
        try runtime.step()
        switch statement.kind {
        case .expression(let expression): _ = try evaluate(expression)
        case .assign(let targets, let value):
            let result = try evaluate(value)
            for target in targets { try assign(result, to: target) }
        case .augment(let target, let operation, let value): try augment(target, operation, value)
        case .delete(let targets): for target in targets { try delete(target) }
        case .conditional(let test, let then, let otherwise):
            return try execute(evaluate(test).isTrue ? then : otherwise)
        case .forLoop(let target, let iterable, let body, let otherwise):
            return try loop(target, iterable, body, otherwise)
        case .whileLoop(let test, let body, let otherwise):
            while try evaluate(test).isTrue {
                let flow = try execute(body)
                if flow == .breakLoop { return .next }
                position = statement.offset
                try runtime.step()
            }
            return try execute(otherwise)
        case .importModule(let names): for name in names { try importModule(name) }
        case .importFrom(let module, let level, let names): try importFrom(module, level, names)
        case .readBase, .pass: break
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
        return .next
    }

    private func loop(
        _ target: Expression, _ iterable: Expression, _ body: [Statement], _ otherwise: [Statement]
    ) throws -> Flow {
        let sequence = try evaluate(iterable)
        position = iterable.offset
        for element in try runtime.elements(sequence) {
            try assign(element, to: target)
            if try execute(body) == .breakLoop { return .next }
        }
        return try execute(otherwise)
    }

    // MARK: names

    func value(of name: String) throws -> PyValue {
        for scope in scopes.reversed() {
            if let value = scope[name] { return value }
        }
        if let value = globals[name] { return value }
        if let builtin = Builtin.named(name) { return .builtin(builtin) }
        if Builtin.refused.contains(name) {
            throw Fault(.unsupported, "'\(name)' is not available in configs: a config is data")
        }
        let known = Array(globals.keys) + scopes.flatMap(\.keys)
        let hint = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
        throw Fault(.name, "name '\(name)' is not defined\(hint)")
    }

    func bind(_ name: String, _ value: PyValue) {
        if scopes.isEmpty { globals[name] = value } else { scopes[scopes.count - 1][name] = value }
    }
}
