/// Names, calls and objects: the instructions that in Python could run anything. Here every call is one of the few in
/// `PickleGlobal.Action`, carried out by this library on plain values.
extension PickleMachine {
    /// What MMEngine's `HistoryBuffer` names through `getattr`.
    private static let historyStatistics: Set<String> = ["min", "max", "mean", "current"]
    private static let historyBuffer = "mmengine.logging.history_buffer.HistoryBuffer"

    mutating func stepObject(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .global: try pushGlobal(module: try nameLine(), name: try nameLine())
        case .stackGlobal:
            guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
                throw malformed("STACK_GLOBAL without names")
            }
            try pushGlobal(module: module, name: name)
        case .reduce:
            let arguments = try pop()
            stack.append(try call(try pop(), with: try tuple(arguments)))
        case .newobj:
            let arguments = try pop()
            stack.append(try construct(try pop(), with: try tuple(arguments)))
        case .newobjEx:
            guard case .node(let keywords) = try pop(), nodes[keywords].items.isEmpty else {
                throw CheckpointError.Reason.refusedOperation("the pickle constructs an object with keyword arguments")
            }
            let arguments = try pop()
            stack.append(try construct(try pop(), with: try tuple(arguments)))
        case .inst:
            let global = try PickleGlobal(module: try nameLine(), name: try nameLine())
            stack.append(try construct(push(global), with: try popToMark()))
        case .obj:
            let items = try popToMark()
            guard let type = items.first else { throw malformed("OBJ without a class") }
            stack.append(try construct(type, with: Array(items.dropFirst())))
        case .build:
            let state = try pop()
            try build(try top(), with: state)
        case .binpersid: stack.append(try storage(try pop()))
        case .persid:
            throw CheckpointError.Reason.refusedOperation("the pickle refers to an outside object by a text name")
        default:
            throw CheckpointError.Reason.refusedOperation("the pickle asks for a class of Python's extension registry")
        }
    }

    private mutating func nameLine() throws -> String {
        guard let name = String(validating: try reader.line(), as: UTF8.self) else {
            throw malformed("a name is not UTF-8")
        }
        return name
    }

    private mutating func push(_ global: PickleGlobal) -> PickleItem {
        globals.append(global)
        return .global(globals.count - 1)
    }

    private mutating func pushGlobal(module: String, name: String) throws {
        stack.append(push(try PickleGlobal(module: module, name: name)))
    }

    func tuple(_ item: PickleItem) throws -> [PickleItem] {
        guard case .node(let index) = item, case .tuple = nodes[index].kind else {
            throw malformed("the arguments of a call are not a tuple")
        }
        return nodes[index].items
    }

    func global(_ item: PickleItem) -> PickleGlobal? {
        if case .global(let index) = item { globals[index] } else { nil }
    }

    /// `cls.__new__(cls, *arguments)`: only for classes, never for functions.
    private mutating func construct(_ type: PickleItem, with arguments: [PickleItem]) throws -> PickleItem {
        switch global(type)?.action {
        case .carry, .container, .defaultDict: return try call(type, with: arguments)
        default: throw refusedCall(type, "as a class")
        }
    }

    private func refusedCall(_ callee: PickleItem, _ how: String) -> CheckpointError.Reason {
        .refusedOperation("the pickle calls \(global(callee)?.name ?? "a value that is no function") \(how)")
    }

    private mutating func call(_ callee: PickleItem, with arguments: [PickleItem]) throws -> PickleItem {
        guard let global = global(callee) else { throw refusedCall(callee, "as a function") }
        switch global.action {
        case .rebuildTensor: return try rebuildTensor(arguments, isTyped: false)
        case .rebuildTypedTensor: return try rebuildTensor(arguments, isTyped: true)
        case .rebuildParameter:
            guard case .tensor? = arguments.first else { throw malformed("a parameter without its tensor") }
            return arguments[0]
        case .rebuildFromType: return try rebuildFromType(arguments)
        case .container(let kind): return try container(kind, arguments)
        case .defaultDict: return try container(.dict, Array(arguments.dropFirst()))
        case .byteArray: return try byteArray(arguments)
        case .complex:
            guard arguments.count == 2, let real = number(arguments[0]), let imaginary = number(arguments[1]) else {
                throw malformed("a complex number without its parts")
            }
            return .complex(real, imaginary)
        case .encode: return try encode(arguments)
        case .numpyReconstruct: return make(PickleNode(kind: .array(nil), arguments: arguments))
        case .numpyScalar: return try numpyScalar(arguments)
        case .numpyType: return try numpyType(arguments)
        case .numpyFromBuffer: return try numpyFromBuffer(arguments)
        case .reconstruct: return try reconstruct(arguments)
        case .attribute: return try attribute(arguments)
        case .carry: return make(PickleNode(kind: .object(className: global.name), arguments: arguments))
        case .constant, .storage: throw refusedCall(callee, "as a function")
        }
    }

    /// `getattr(HistoryBuffer, "min")` and its three siblings are names, not calls. Everything else is refused.
    private mutating func attribute(_ arguments: [PickleItem]) throws -> PickleItem {
        guard arguments.count == 2, global(arguments[0])?.name == Self.historyBuffer,
            case .string(let name) = arguments[1], Self.historyStatistics.contains(name)
        else { throw CheckpointError.Reason.refusedGlobal("builtins.getattr") }
        return push(PickleGlobal(constant: Self.historyBuffer + "." + name))
    }

    /// `copyreg._reconstructor(cls, base, state)`.
    private mutating func reconstruct(_ arguments: [PickleItem]) throws -> PickleItem {
        guard arguments.count == 3 else { throw malformed("an object without class, base and state") }
        if case .none = arguments[2] { return try construct(arguments[0], with: []) }
        return try construct(arguments[0], with: [arguments[2]])
    }

    private mutating func container(_ kind: PickleNode.Kind, _ arguments: [PickleItem]) throws -> PickleItem {
        guard let source = arguments.first else { return make(PickleNode(kind: kind)) }
        guard arguments.count == 1 else { throw malformed("a container made from \(arguments.count) values") }
        guard case .dict = kind else {
            guard let items = elements(source) else { throw malformed("a container made from a single value") }
            return try copy(items, as: kind)
        }
        if case .node(let index) = source, case .dict = nodes[index].kind {
            return try copy(nodes[index].items, as: kind)
        }
        guard let pairs = elements(source) else { throw malformed("a dictionary made from a single value") }
        var items: [PickleItem] = []
        for pair in pairs {
            guard let pair = elements(pair), pair.count == 2 else { throw malformed("a dictionary with half an item") }
            items += pair
        }
        return try copy(items, as: kind)
    }

    private mutating func byteArray(_ arguments: [PickleItem]) throws -> PickleItem {
        guard let source = arguments.first else { return .bytes([]) }
        if case .bytes = source { return source }
        return try encode(arguments)
    }

    /// `_codecs.encode(text, "latin1")` is how Python 3 writes bytes for protocol 2.
    private mutating func encode(_ arguments: [PickleItem]) throws -> PickleItem {
        guard arguments.count == 2, case .string(let text) = arguments[0], case .string(let encoding) = arguments[1],
            encoding == "latin1" || encoding == "latin-1"
        else { throw malformed("bytes that are not Latin-1 text") }
        try charge(text.utf8.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard scalar.value < 256 else { throw malformed("bytes that are not Latin-1 text") }
            bytes.append(UInt8(scalar.value))
        }
        return .bytes(bytes)
    }

    func number(_ item: PickleItem) -> Double? {
        switch item {
        case .float(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }

    /// `__setstate__`: for objects the state is kept; nothing is called.
    private mutating func build(_ target: PickleItem, with state: PickleItem) throws {
        guard case .node(let index) = target else { throw malformed("BUILD on a value without state") }
        switch nodes[index].kind {
        case .dict, .object: nodes[index].state = state
        case .numpyType(let code): nodes[index].kind = .numpyType(try byteOrdered(code, state))
        case .array: try setArrayState(index, state)
        case .list, .tuple, .set: throw malformed("BUILD on a value without state")
        }
    }
}
