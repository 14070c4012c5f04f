import OrderedCollections

/// A key of a config dictionary. As in Python, `1`, `1.0` and `True` are the same key.
public enum ConfigKey: Sendable {
    case string(String)
    case int(Int)
    case float(Double)
    case bool(Bool)
    case none
    case tuple([ConfigKey])
    /// An imported class as key, named as in `ConfigValue.reference`.
    case reference(String)

    /// The text of a string key.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The key as a value.
    public var value: ConfigValue {
        switch self {
        case .string(let text): .string(text)
        case .int(let number): .int(number)
        case .float(let number): .float(number)
        case .bool(let flag): .bool(flag)
        case .none: .none
        case .tuple(let keys): .tuple(keys.map(\.value))
        case .reference(let name): .reference(name)
        }
    }

    /// The integer a number key equals, when there is one.
    private var integer: Int? {
        switch self {
        case .int(let number): number
        case .bool(let flag): flag ? 1 : 0
        case .float(let number): Int(exactly: number)
        default: nil
        }
    }
}

extension ConfigKey: Hashable {
    /// Whether Python takes the two for the same key.
    public static func == (a: ConfigKey, b: ConfigKey) -> Bool {
        switch (a, b) {
        case (.string(let x), .string(let y)), (.reference(let x), .reference(let y)): return x == y
        case (.none, .none): return true
        case (.tuple(let x), .tuple(let y)): return x == y
        case (.float(let x), .float(let y)): return x == y
        default:
            guard let x = a.integer, let y = b.integer else { return false }
            return x == y
        }
    }

    /// Equal keys hash equally, across number types.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text), .reference(let text): hasher.combine(text)
        case .none: hasher.combine(0)
        case .tuple(let keys): hasher.combine(keys)
        case .int, .bool, .float:
            if let integer {
                hasher.combine(integer)
            } else if case .float(let number) = self {
                hasher.combine(number)
            }
        }
    }
}

extension ConfigKey: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// A string key.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer key.
    public init(integerLiteral value: Int) { self = .int(value) }
}

/// An ordered dictionary of a config: keys keep the place of their first mention.
public struct ConfigDict: Sendable, Hashable {
    var storage: OrderedDictionary<ConfigKey, ConfigValue>

    /// An empty dictionary.
    public init() { storage = [:] }

    /// A dictionary of these pairs; a later pair replaces the value of an equal key.
    public init(pairs: some Sequence<(ConfigKey, ConfigValue)>) {
        storage = OrderedDictionary(pairs, uniquingKeysWith: { $1 })
    }

    /// The value of a string key; assigning nil removes the key.
    public subscript(_ name: String) -> ConfigValue? {
        get { storage[.string(name)] }
        set { storage[.string(name)] = newValue }
    }

    /// The value of any key; assigning nil removes the key.
    public subscript(key key: ConfigKey) -> ConfigValue? {
        get { storage[key] }
        set { storage[key] = newValue }
    }

    /// The keys, in order.
    public var keys: [ConfigKey] { Array(storage.keys) }

    /// The string keys, in order.
    public var names: [String] { storage.keys.compactMap(\.stringValue) }

    /// The values, in order.
    public var values: [ConfigValue] { Array(storage.values) }

    /// Removes a string key and returns its value.
    @discardableResult
    public mutating func removeValue(_ name: String) -> ConfigValue? {
        storage.removeValue(forKey: .string(name))
    }

    /// Moves a key to another name without changing its place. Nothing happens when `name` is absent.
    public mutating func rename(_ name: String, to newName: String) {
        guard name != newName, storage[.string(name)] != nil else { return }
        storage.removeValue(forKey: .string(newName))
        storage = OrderedDictionary(
            uniqueKeysWithValues: storage.map { key, value in
                (key == .string(name) ? .string(newName) : key, value)
            })
    }
}

extension ConfigDict: RandomAccessCollection {
    /// The position of the first pair: 0.
    public var startIndex: Int { 0 }
    /// The number of pairs.
    public var endIndex: Int { storage.count }
    /// The pair at a position, in order.
    public subscript(position: Int) -> (key: ConfigKey, value: ConfigValue) {
        let element = storage.elements[position]
        return (element.key, element.value)
    }
}

extension ConfigDict: ExpressibleByDictionaryLiteral {
    /// A dictionary of these pairs.
    public init(dictionaryLiteral elements: (ConfigKey, ConfigValue)...) {
        self.init(pairs: elements)
    }
}
