/// A value of a resolved config: what Python's literals, `dict(...)` and imported classes become.
///
/// Equality is exact: `1` and `1.0` are different values, a list is not a tuple, and dictionaries compare in order.
public enum ConfigValue: Sendable, Hashable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case list([ConfigValue])
    case tuple([ConfigValue])
    /// A Python `set`, its elements in order of insertion.
    case set([ConfigValue])
    case dict(ConfigDict)
    /// An imported class or function, never called: `torch.optim.Adam`. Python's own objects, which MMEngine really
    /// imports, stand in angle brackets: `<mmengine.config.config.read_base>`, `<builtins.int>`.
    case reference(String)
}

extension ConfigValue {
    /// The number when this is an integer (a bool is not).
    public var intValue: Int? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The number when this is a float or an integer.
    public var doubleValue: Double? {
        switch self {
        case .float(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }

    /// The text of a string.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The truth value when this is `True` or `False`.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of a list or a tuple.
    public var arrayValue: [ConfigValue]? {
        switch self {
        case .list(let values), .tuple(let values): values
        default: nil
        }
    }

    /// The dictionary.
    public var dictValue: ConfigDict? {
        if case .dict(let value) = self { value } else { nil }
    }

    /// Whether this is Python's `None`.
    public var isNone: Bool {
        if case .none = self { true } else { false }
    }

    /// A member of a dictionary; nil for anything else.
    public subscript(_ name: String) -> ConfigValue? { dictValue?[name] }

    /// What the value is, in Python's words, for error messages: `int`, `str`, `NoneType`.
    public var typeName: String {
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
        case .reference: "class"
        }
    }
}

extension ConfigValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An `int`.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A `float`.
    public init(floatLiteral value: Double) { self = .float(value) }
    /// `True` or `False`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: ConfigValue...) { self = .list(elements) }
    /// A dict.
    public init(dictionaryLiteral elements: (ConfigKey, ConfigValue)...) {
        self = .dict(ConfigDict(pairs: elements))
    }
}
