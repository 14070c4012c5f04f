public import OrderedCollections

/// A Python value read from a checkpoint without running any Python: what `meta`, `message_hub` or `optimizer` hold.
///
/// Values are trees of bounded depth and size; sharing between containers in the file is not visible here.
public enum PickleValue: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    /// An integer beyond 64 bits, as little-endian two's complement bytes.
    case bigInt([UInt8])
    case float(Double)
    case complex(real: Double, imaginary: Double)
    case string(String)
    case bytes([UInt8])
    case list([PickleValue])
    /// `tuple`, and `torch.Size`.
    case tuple([PickleValue])
    case set([PickleValue])
    /// `dict` and its kin: `OrderedDict`, `defaultdict`, `Counter`, MMEngine's `ConfigDict`.
    case dict(PickleDict)
    indirect case tensor(TensorEntry)
    /// A numpy array of numbers or truth values.
    indirect case array(PickledArray)
    /// An object that is kept, not understood: its class, arguments and state. Also names of classes and types.
    indirect case object(PickledObject)
}

/// A Python dictionary in insertion order.
public struct PickleDict: Sendable {
    /// Key → value in insertion order.
    public var entries: OrderedDictionary<PickleKey, PickleValue>
    /// Attributes set on the dictionary object itself; PyTorch keeps `_metadata` of a state dict here.
    public var attributes: OrderedDictionary<String, PickleValue>

    /// A dictionary of `entries`.
    public init(
        _ entries: OrderedDictionary<PickleKey, PickleValue> = [:],
        attributes: OrderedDictionary<String, PickleValue> = [:]
    ) {
        self.entries = entries
        self.attributes = attributes
    }

    /// The value under a string key.
    public subscript(key: String) -> PickleValue? {
        get { entries[.string(key)] }
        set { entries[.string(key)] = newValue }
    }
}

/// What can be a key of a Python dictionary in a checkpoint.
public enum PickleKey: Sendable, Hashable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case tuple([PickleKey])
    /// A class, type or other named object, e.g. `torch.float32`.
    case name(String)
}

/// An instance of an allowed class that is carried along without being understood.
public struct PickledObject: Sendable {
    /// Qualified Python name of the class or callable, e.g. `mmengine.logging.history_buffer.HistoryBuffer`.
    public let className: String
    /// Constructor arguments; `nil` when this is the class (or a named constant, e.g. `torch.float32`) itself.
    public let arguments: [PickleValue]?
    /// What `__setstate__` or `__dict__.update` would have received.
    public let state: PickleValue?
    /// Elements appended to it (list and dict subclasses, deque).
    public let items: [PickleValue]

    init(className: String, arguments: [PickleValue]?, state: PickleValue? = nil, items: [PickleValue] = []) {
        self.className = className
        self.arguments = arguments
        self.state = state
        self.items = items
    }
}

extension PickleValue {
    /// True for `None`.
    public var isNone: Bool { if case .none = self { true } else { false } }
    /// The truth value, for `bool` only.
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The integer, for `int` only.
    public var intValue: Int? { if case .int(let value) = self { value } else { nil } }
    /// The number, for `float` and `int`.
    public var doubleValue: Double? {
        switch self {
        case .float(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }
    /// The text, for `str` only.
    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    /// The elements of a list, tuple or set.
    public var arrayValue: [PickleValue]? {
        switch self {
        case .list(let values), .tuple(let values), .set(let values): values
        default: nil
        }
    }
    /// The dictionary, for `dict` and its kin.
    public var dictValue: PickleDict? { if case .dict(let value) = self { value } else { nil } }
    /// The tensor, for tensors and parameters.
    public var tensorValue: TensorEntry? { if case .tensor(let value) = self { value } else { nil } }
    /// The opaque object or name.
    public var objectValue: PickledObject? { if case .object(let value) = self { value } else { nil } }
}
