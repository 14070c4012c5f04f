import Foundation
import OrderedCollections

extension Evaluator {
    /// Calls a built-in function.
    func call(_ builtin: Builtin, _ call: Call) throws -> PyValue {
        try runtime.step()
        switch builtin {
        case .dict, .orderedDict, .dictFromKeys, .list, .tuple, .set, .frozenset, .range, .slice, .bool,
            .int, .float,
            .str, .repr:
            return try construct(builtin, call)
        case .len, .min, .max, .sum, .abs, .round, .pow, .divmod: return try numeric(builtin, call)
        case .sorted, .zip, .enumerate, .reversed, .any, .all, .map, .filter, .iter, .next:
            return try iteration(builtin, call)
        case .copy, .deepCopy, .join, .basename, .dirname, .splitExtension, .normalize:
            return try moduleFunction(builtin, call)
        case .readBase: throw Fault(.unsupported, "read_base() belongs into 'with read_base():'")
        default: return try mathFunction(builtin, call)
        }
    }

    private func construct(_ builtin: Builtin, _ call: Call) throws -> PyValue {
        var call = call
        switch builtin {
        case .dict, .orderedDict: return try makeDict(call)
        case .str: call.fold("object")
        default: break
        }
        switch builtin {
        case .range, .slice: try call.arity(1...3)
        case .repr: try call.arity(1...1)
        case .int, .dictFromKeys: call.fold("x", "base")
        default: try call.arity(0...1)
        }
        let argument = call.positional.first
        switch builtin {
        case .list: return try runtime.list(argument.map(runtime.elements) ?? [])
        case .tuple:
            if case .tuple = argument, let argument { return argument }
            return try runtime.tuple(argument.map(runtime.elements) ?? [])
        case .set, .frozenset:
            return try runtime.set(
                OrderedSet((argument.map(runtime.elements) ?? []).map { try runtime.key($0) }))
        case .range: return try makeRange(call)
        case .slice: return try makeSlice(call)
        case .bool: return .bool(argument?.isTrue ?? false)
        case .int: return try makeInt(call)
        case .float: return try makeFloat(argument)
        case .repr: return try runtime.string(runtime.repr(call.positional[0]))
        case .dictFromKeys:
            try call.arity(1...2)
            let value = call.positional.count > 1 ? call.positional[1] : .none
            let keys = try runtime.elements(call.positional[0]).map { (try runtime.key($0), value) }
            return .dict(try runtime.dict(OrderedDictionary(keys, uniquingKeysWith: { $1 })))
        default: return try runtime.string(argument.map(runtime.text) ?? "")
        }
    }

    private func makeDict(_ call: Call) throws -> PyValue {
        guard call.positional.count <= 1 else {
            throw Fault(.type, "dict() takes at most 1 positional argument")
        }
        let result = try runtime.dict([:])
        if let source = call.positional.first { try update(result, from: source) }
        for (name, value) in call.keywords { try runtime.store(value, at: .string(name), in: result) }
        return .dict(result)
    }

    private func makeRange(_ call: Call) throws -> PyValue {
        let numbers = try call.positional.indices.map { try call.integer($0) }
        if numbers.count == 1 { return .range(PyRange(start: 0, stop: numbers[0], step: 1)) }
        let step = numbers.count > 2 ? numbers[2] : 1
        guard step != 0 else { throw Fault(.value, "range() step must not be zero") }
        return .range(PyRange(start: numbers[0], stop: numbers[1], step: step))
    }

    private func makeSlice(_ call: Call) throws -> PyValue {
        let numbers = try call.positional.indices.map {
            call.optional($0) == nil ? nil : try call.integer($0)
        }
        if numbers.count == 1 { return .slice(nil, numbers[0], nil) }
        return .slice(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : nil)
    }

    private func makeInt(_ call: Call) throws -> PyValue {
        try call.arity(0...2)
        guard let argument = call.positional.first else { return .int(0) }
        if let number = argument.integer, call.positional.count == 1 { return .int(number) }
        switch argument {
        case .float(let number) where call.positional.count == 1:
            guard number.isFinite else { throw Fault(.value, "int() of an infinite or undefined number") }
            guard let result = Int(exactly: number.rounded(.towardZero)) else { throw Fault.overflow() }
            return .int(result)
        case .string(let text):
            let base = call.positional.count > 1 ? try call.integer(1) : 10
            switch PythonNumber.int(text, base: base) {
            case .value(let number): return .int(number)
            case .tooLarge: throw Fault.overflow()
            case .invalid:
                throw Fault(.value, "int() cannot read \(PythonText.string(String(text.prefix(60))))")
            }
        default: throw Fault(.type, "int() needs a number or a string, not '\(argument.typeName)'")
        }
    }

    private func makeFloat(_ argument: PyValue?) throws -> PyValue {
        guard let argument else { return .float(0) }
        if let number = argument.number { return .float(number) }
        guard case .string(let text) = argument else {
            throw Fault(.type, "float() needs a number or a string, not '\(argument.typeName)'")
        }
        guard let number = PythonNumber.float(text) else {
            throw Fault(.value, "float() cannot read \(PythonText.string(String(text.prefix(60))))")
        }
        return .float(number)
    }

    private func moduleFunction(_ builtin: Builtin, _ call: Call) throws -> PyValue {
        if builtin == .join {
            guard !call.positional.isEmpty, call.keywords.isEmpty else {
                throw Fault(.type, "os.path.join() needs at least one part")
            }
            return try runtime.string(Paths.join(call.positional.indices.map { try call.string($0) }))
        }
        try call.arity(1...1)
        switch builtin {
        case .copy: return try shallowCopy(call.positional[0])
        case .deepCopy: return try runtime.deepCopy(call.positional[0])
        case .basename: return .string(Paths.split(try call.string(0)).tail)
        case .dirname: return .string(Paths.split(try call.string(0)).head)
        case .normalize: return .string(Paths.normalize(try call.string(0)))
        default:
            let (root, ending) = Paths.splitExtension(try call.string(0))
            return try runtime.tuple([.string(root), .string(ending)])
        }
    }

    func shallowCopy(_ value: PyValue) throws -> PyValue {
        switch value {
        case .list(let list): try runtime.list(list.items)
        case .dict(let dictionary):
            .dict(try runtime.dict(dictionary.items, isConfig: dictionary.isConfig))
        case .set(let set): try runtime.set(set.keys)
        default: value
        }
    }
}
