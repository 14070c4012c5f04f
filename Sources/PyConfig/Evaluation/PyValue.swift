import OrderedCollections

/// A value while a config is being evaluated. Lists, tuples, dictionaries and sets are shared objects, as in Python:
/// two names for one list see each other's changes.
enum PyValue {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case list(PyList)
    case tuple(PyTuple)
    case set(PySet)
    case dict(PyDict)
    case range(PyRange)
    case iterator(PyIterator)
    /// `keys()`, `values()` or `items()` of a dictionary, as a snapshot.
    case view(PyList)
    case slice(Int?, Int?, Int?)
    case builtin(Builtin)
    case method(PyMethod)
    case module(String)
    case reference(LazyReference)
    case ellipsis

    var typeName: String {
        switch self {
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "str"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple: "tuple"
        case .set: "set"
        case .dict: "dict"
        case .range: "range"
        case .iterator: "iterator"
        case .view: "dict view"
        case .slice: "slice"
        case .builtin, .method: "function"
        case .module: "module"
        case .reference: "imported class"
        case .ellipsis: "ellipsis"
        }
    }

    /// Python's truth of a value.
    var isTrue: Bool {
        switch self {
        case .none: false
        case .bool(let flag): flag
        case .int(let number): number != 0
        case .float(let number): number != 0
        case .string(let text): !text.isEmpty
        case .bytes(let bytes): !bytes.isEmpty
        case .list(let list), .view(let list): !list.items.isEmpty
        case .tuple(let tuple): !tuple.items.isEmpty
        case .set(let set): !set.keys.isEmpty
        case .dict(let dictionary): !dictionary.items.isEmpty
        case .range(let range): range.count > 0
        default: true
        }
    }

    /// The integer of an `int` or a `bool`, which Python takes for one.
    var integer: Int? {
        switch self {
        case .int(let number): number
        case .bool(let flag): flag ? 1 : 0
        default: nil
        }
    }

    /// The number of an `int`, `bool` or `float`.
    var number: Double? {
        if case .float(let number) = self { number } else { integer.map(Double.init) }
    }
}

/// A Python object with parts. The runtime keeps all of them and empties them one by one at the end, so that neither
/// cycles leak nor freeing a deep chain exhausts the stack.
class PyObject {
    func clear() {}
}

final class PyList: PyObject {
    var items: [PyValue]
    init(_ items: [PyValue]) { self.items = items }
    override func clear() { items = [] }
}

final class PyTuple: PyObject {
    private(set) var items: [PyValue]
    init(_ items: [PyValue]) { self.items = items }
    override func clear() { items = [] }
}

final class PySet: PyObject {
    var keys: OrderedSet<ConfigKey>
    init(_ keys: OrderedSet<ConfigKey>) { self.keys = keys }
    override func clear() { keys = [] }
}

final class PyDict: PyObject {
    var items: OrderedDictionary<ConfigKey, PyValue>
    /// Whether this is MMEngine's ConfigDict: members as attributes, `update` that merges, `pop` that forgives.
    let isConfig: Bool

    init(_ items: OrderedDictionary<ConfigKey, PyValue> = [:], isConfig: Bool = false) {
        self.items = items
        self.isConfig = isConfig
    }

    override func clear() { items = [:] }
}

/// What `iter`, `zip`, `enumerate`, `reversed` and generator expressions give: elements consumed once.
final class PyIterator: PyObject {
    private var items: ArraySlice<PyValue>
    init(_ items: [PyValue]) { self.items = items[...] }
    override func clear() { items = [] }

    func next() -> PyValue? { items.popFirst() }

    func rest() -> [PyValue] {
        defer { items = [] }
        return Array(items)
    }
}

/// A method bound to its object.
final class PyMethod: PyObject {
    private(set) var receiver: PyValue
    let name: String

    init(_ receiver: PyValue, _ name: String) {
        self.receiver = receiver
        self.name = name
    }

    override func clear() { receiver = .none }
}

/// `range(start, stop, step)`.
struct PyRange: Hashable {
    let start: Int
    let stop: Int
    let step: Int

    /// The number of elements, saturating at `Int.max`.
    var count: Int {
        guard step > 0 ? start < stop : start > stop else { return 0 }
        let (distance, overflow) =
            step > 0
            ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        if overflow { return .max }
        return Int(clamping: UInt(distance - 1) / step.magnitude + 1)
    }

    func element(_ index: Int) -> Int { start &+ index &* step }
}

/// An object that a config imports but never uses: `from torch.optim import Adam`.
struct LazyReference: Hashable {
    /// How MMEngine writes the object into a resolved config.
    let display: String
    /// The dotted name that members are looked up under.
    let base: String

    /// An object that stands under its own dotted name.
    init(_ name: String) {
        display = name
        base = name
    }

    /// A module bound by `import a.b as name`; MMEngine writes its name twice.
    init(module: String) {
        display = "\(module).\(module)"
        base = module
    }

    func member(_ name: String) -> LazyReference { LazyReference("\(base).\(name)") }
}
