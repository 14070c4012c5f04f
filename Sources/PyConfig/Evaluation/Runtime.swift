import OrderedCollections

/// What one load shares between its files: the budget, and all objects created on the way.
final class Runtime {
    let budget: ConfigBudget
    private var stepsLeft: Int
    private var sizeLeft: Int
    private var objects: [PyObject] = []

    init(budget: ConfigBudget) {
        self.budget = budget
        stepsLeft = budget.steps
        sizeLeft = budget.size
    }

    deinit { for object in objects { object.clear() } }

    /// Counts work done.
    func step(_ count: Int = 1) throws {
        guard count <= stepsLeft else {
            throw Fault(.budget, "the config takes more than \(budget.steps) steps")
        }
        stepsLeft -= count
    }

    /// Counts elements, characters or bytes before they are created.
    func allocate(_ count: Int) throws {
        guard count <= sizeLeft else {
            throw Fault(
                .budget, "the config's values hold more than \(budget.size) elements and characters")
        }
        sizeLeft -= count
    }

    /// Refuses a nesting of values deeper than the budget, cycles included.
    func checkDepth(_ depth: Int) throws {
        guard depth <= budget.depth else {
            throw Fault(.budget, "a value is nested more than \(budget.depth) deep, or contains itself")
        }
    }

    private func keep<Object: PyObject>(_ object: Object) -> Object {
        objects.append(object)
        return object
    }

    func list(_ items: [PyValue]) throws -> PyValue {
        try allocate(items.count + 1)
        return .list(keep(PyList(items)))
    }

    func tuple(_ items: [PyValue]) throws -> PyValue {
        try allocate(items.count + 1)
        return .tuple(keep(PyTuple(items)))
    }

    func view(_ items: [PyValue]) throws -> PyValue {
        try allocate(items.count + 1)
        return .view(keep(PyList(items)))
    }

    func iterator(_ items: [PyValue]) throws -> PyValue {
        try allocate(items.count + 1)
        return .iterator(keep(PyIterator(items)))
    }

    func set(_ keys: OrderedSet<ConfigKey>) throws -> PyValue {
        try allocate(keys.count + 1)
        return .set(keep(PySet(keys)))
    }

    func dict(_ items: OrderedDictionary<ConfigKey, PyValue>, isConfig: Bool = false) throws -> PyDict {
        try allocate(items.count + 1)
        return keep(PyDict(items, isConfig: isConfig))
    }

    func method(_ receiver: PyValue, _ name: String) throws -> PyValue {
        try allocate(1)
        return .method(keep(PyMethod(receiver, name)))
    }

    /// A string; long ones count towards the size.
    func string(_ text: String) throws -> PyValue {
        try allocate(text.utf8.count)
        return .string(text)
    }

    // MARK: elements and keys

    /// The elements that a `for` loop over the value would see.
    func elements(_ value: PyValue) throws -> [PyValue] {
        switch value {
        case .list(let list), .view(let list):
            try step(list.items.count)
            return list.items
        case .tuple(let tuple):
            try step(tuple.items.count)
            return tuple.items
        case .set(let set):
            try step(set.keys.count)
            return try set.keys.map { try self.value(of: $0) }
        case .dict(let dictionary):
            try step(dictionary.items.count)
            return try dictionary.items.keys.map { try self.value(of: $0) }
        case .string(let text):
            try step(text.utf8.count)
            return text.unicodeScalars.map { .string(String($0)) }
        case .bytes(let bytes):
            try step(bytes.count)
            return bytes.map { .int(Int($0)) }
        case .range(let range):
            try step(range.count)
            try allocate(range.count)
            return (0..<range.count).map { .int(range.element($0)) }
        case .iterator(let iterator):
            let rest = iterator.rest()
            try step(rest.count)
            return rest
        default: throw Fault(.type, "'\(value.typeName)' object is not iterable")
        }
    }

    /// The value as a dictionary key.
    func key(_ value: PyValue, depth: Int = 0) throws -> ConfigKey {
        try checkDepth(depth)
        switch value {
        case .none: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .float(let number): return .float(number)
        case .string(let text): return .string(text)
        case .tuple(let tuple):
            try step(tuple.items.count)
            return .tuple(try tuple.items.map { try key($0, depth: depth + 1) })
        case .reference(let reference): return .reference(reference.display)
        case .builtin(let builtin): return .reference(builtin.display)
        default: throw Fault(.type, "a dictionary key or set element cannot be a '\(value.typeName)'")
        }
    }

    /// A key as a value.
    func value(of key: ConfigKey) throws -> PyValue {
        switch key {
        case .none: .none
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .float(let number): .float(number)
        case .string(let text): .string(text)
        case .tuple(let keys): try tuple(try keys.map { try value(of: $0) })
        case .reference(let name): .reference(LazyReference(name))
        }
    }
}
