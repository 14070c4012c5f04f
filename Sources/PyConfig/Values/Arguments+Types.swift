/// One scalar type an argument can have: how it is recognised and what messages call it.
private struct Scalar<Value>: Sendable {
    let name: String
    let plural: String
    let read: @Sendable (ConfigValue) -> Value?
}

private let integer = Scalar(
    name: "an integer", plural: "a list of integers", read: { $0.intValue })
private let double = Scalar(name: "a number", plural: "a list of numbers", read: { $0.doubleValue })
private let boolean = Scalar(
    name: "True or False", plural: "a list of True or False", read: { $0.boolValue })
private let text = Scalar(name: "a string", plural: "a list of strings", read: { $0.stringValue })

extension Arguments {
    // Each type has: required, with a default for an absent argument, and optional (absent or None is nil).

    /// A required integer.
    public func int(_ name: String) throws -> Int { try scalar(name, integer) }
    /// An integer, or the default when absent.
    public func int(_ name: String, default value: Int) throws -> Int {
        try scalar(name, integer, value)
    }
    /// An integer, or nil when absent or `None`.
    public func optionalInt(_ name: String) throws -> Int? { try optional(name, integer) }

    /// A required number; an integer counts as one.
    public func double(_ name: String) throws -> Double { try scalar(name, PyConfig.double) }
    /// A number, or the default when absent.
    public func double(_ name: String, default value: Double) throws -> Double {
        try scalar(name, PyConfig.double, value)
    }
    /// A number, or nil when absent or `None`.
    public func optionalDouble(_ name: String) throws -> Double? {
        try optional(name, PyConfig.double)
    }

    /// A required `True` or `False`.
    public func bool(_ name: String) throws -> Bool { try scalar(name, boolean) }
    /// `True` or `False`, or the default when absent.
    public func bool(_ name: String, default value: Bool) throws -> Bool {
        try scalar(name, boolean, value)
    }
    /// `True` or `False`, or nil when absent or `None`.
    public func optionalBool(_ name: String) throws -> Bool? { try optional(name, boolean) }

    /// A required string.
    public func string(_ name: String) throws -> String { try scalar(name, text) }
    /// A string, or the default when absent.
    public func string(_ name: String, default value: String) throws -> String {
        try scalar(name, text, value)
    }
    /// A string, or nil when absent or `None`.
    public func optionalString(_ name: String) throws -> String? { try optional(name, text) }

    // Lists and tuples. With `orScalar` a single value counts as a list of one.

    /// A required list or tuple of integers.
    public func ints(_ name: String, orScalar: Bool = false) throws -> [Int] {
        try list(name, integer, orScalar)
    }
    /// A list or tuple of integers, or the default when absent.
    public func ints(_ name: String, default value: [Int], orScalar: Bool = false) throws -> [Int] {
        try list(name, integer, orScalar, value)
    }
    /// A list or tuple of integers, or nil when absent or `None`.
    public func optionalInts(_ name: String, orScalar: Bool = false) throws -> [Int]? {
        has(name) ? try list(name, integer, orScalar) : nil
    }

    /// A required list or tuple of numbers.
    public func doubles(_ name: String, orScalar: Bool = false) throws -> [Double] {
        try list(name, PyConfig.double, orScalar)
    }
    /// A list or tuple of numbers, or the default when absent.
    public func doubles(
        _ name: String, default value: [Double], orScalar: Bool = false
    ) throws
        -> [Double]
    {
        try list(name, PyConfig.double, orScalar, value)
    }
    /// A list or tuple of numbers, or nil when absent or `None`.
    public func optionalDoubles(_ name: String, orScalar: Bool = false) throws -> [Double]? {
        has(name) ? try list(name, PyConfig.double, orScalar) : nil
    }

    /// A required list or tuple of strings.
    public func strings(_ name: String, orScalar: Bool = false) throws -> [String] {
        try list(name, text, orScalar)
    }
    /// A list or tuple of strings, or the default when absent.
    public func strings(
        _ name: String, default value: [String], orScalar: Bool = false
    ) throws
        -> [String]
    {
        try list(name, text, orScalar, value)
    }
    /// A list or tuple of strings, or nil when absent or `None`.
    public func optionalStrings(_ name: String, orScalar: Bool = false) throws -> [String]? {
        has(name) ? try list(name, text, orScalar) : nil
    }

    /// A required list or tuple of truth values.
    public func bools(_ name: String, orScalar: Bool = false) throws -> [Bool] {
        try list(name, boolean, orScalar)
    }
    /// A list or tuple of truth values, or the default when absent.
    public func bools(_ name: String, default value: [Bool], orScalar: Bool = false) throws -> [Bool] {
        try list(name, boolean, orScalar, value)
    }

    private func scalar<Value>(_ name: String, _ type: Scalar<Value>) throws -> Value {
        let found = try required(name)
        guard let value = type.read(found) else { throw wrongType(name, type.name, found) }
        return value
    }

    private func scalar<Value>(
        _ name: String, _ type: Scalar<Value>, _ fallback: Value
    ) throws
        -> Value
    {
        value(name) == nil ? fallback : try scalar(name, type)
    }

    private func optional<Value>(_ name: String, _ type: Scalar<Value>) throws -> Value? {
        present(name) == nil ? nil : try scalar(name, type)
    }

    private func list<Value>(
        _ name: String, _ type: Scalar<Value>, _ orScalar: Bool, _ fallback: [Value]? = nil
    ) throws -> [Value] {
        guard let found = value(name) else {
            guard let fallback else { throw missing(name) }
            return fallback
        }
        if orScalar, let single = type.read(found) { return [single] }
        guard let elements = found.arrayValue else { throw wrongType(name, type.plural, found) }
        return try elements.enumerated().map { index, element in
            guard let value = type.read(element) else {
                throw wrongType("\(name).\(index)", type.name, element)
            }
            return value
        }
    }
}
