import OrderedCollections

/// A Python value as JSON and as lines of text. Tensors, arrays, bytes and objects are described by what they are;
/// plain values are given as they are.
public struct PickleDescription: Sendable, Encodable {
    private let value: PickleValue

    /// The description of `value`.
    public init(_ value: PickleValue) {
        self.value = value
    }

    /// In text, long containers are cut here.
    private static let shownElements = 100
    /// Arrays up to this size show their numbers.
    private static let shownNumbers = 64

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Plain values as themselves (numbers that JSON lacks as text), tuples and sets as arrays; tensors, arrays, bytes
    /// and objects as `{"tensor": …}`, `{"array": …}`, `{"bytes": n}`, `{"object": …}`.
    public func encode(to encoder: any Encoder) throws {
        switch value {
        case .none:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .int(let value): try value.encode(to: encoder)
        case .float(let value) where value.isFinite: try value.encode(to: encoder)
        case .float, .complex, .bigInt: try line.encode(to: encoder)
        case .string(let text): try text.encode(to: encoder)
        case .bytes(let bytes): try encode(["bytes": .int(bytes.count)], to: encoder)
        case .list(let items), .tuple(let items), .set(let items):
            var container = encoder.unkeyedContainer()
            for item in items { try container.encode(PickleDescription(item)) }
        case .dict(let dict):
            var container = encoder.container(keyedBy: Key.self)
            for (key, value) in dict.entries {
                try container.encode(PickleDescription(value), forKey: Key(stringValue: key.description))
            }
        case .tensor(let tensor):
            try encode(
                ["tensor": .string(tensor.dtype.rawValue), "shape": .list(tensor.shape.map { .int($0) })], to: encoder)
        case .array(let array):
            var parts: [String: PickleValue] = [
                "array": .string(array.typeCode), "shape": .list(array.shape.map { .int($0) }),
            ]
            if array.elementCount <= Self.shownNumbers { parts["values"] = array.nestedLists }
            try encode(parts, to: encoder)
        case .object(let object):
            var parts: [String: PickleValue] = ["object": .string(object.className)]
            if let arguments = object.arguments, !arguments.isEmpty { parts["arguments"] = .list(arguments) }
            if !object.items.isEmpty { parts["items"] = .list(object.items) }
            parts["state"] = object.state
            try encode(parts, to: encoder)
        }
    }

    private func encode(_ parts: [String: PickleValue], to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (name, value) in parts { try container.encode(PickleDescription(value), forKey: Key(stringValue: name)) }
    }

    /// The value in one line; containers by their kind and size.
    var line: String {
        switch value {
        case .none: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .bigInt(let digits): "an integer of \(digits.count) bytes"
        case .float(let value): String(value)
        case .complex(let real, let imaginary): "\(real)+\(imaginary)j"
        case .string(let text): "'\(text)'"
        case .bytes(let bytes): "\(bytes.count) bytes"
        case .list(let items): "list of \(items.count)"
        case .tuple(let items): "tuple of \(items.count)"
        case .set(let items): "set of \(items.count)"
        case .dict(let dict): "dict of \(dict.entries.count)"
        case .tensor(let tensor): "tensor \(tensor.dtype.rawValue) \(tensor.shape)"
        case .array(let array): "array \(array.typeCode) \(array.shape)"
        case .object(let object): object.className
        }
    }

    /// Adds the value and what it contains, one line each, indented by depth.
    func appendLines(to lines: inout [String], label: String, indent: Int) {
        let start = String(repeating: "  ", count: indent)
        lines.append(start + Text.printable("\(label): \(line)", limit: 200))
        var children: [(String, PickleValue)] = []
        switch value {
        case .list(let items), .tuple(let items), .set(let items):
            children = items.prefix(Self.shownElements).enumerated().map { (String($0), $1) }
            if items.count > children.count { children.append(("…", .string("\(items.count - children.count) more"))) }
        case .dict(let dict):
            children = dict.entries.prefix(Self.shownElements).map { ($0.description, $1) }
            if dict.entries.count > children.count {
                children.append(("…", .string("\(dict.entries.count - children.count) more")))
            }
        case .object(let object):
            children = (object.arguments ?? []).prefix(Self.shownElements).enumerated().map { ("argument \($0)", $1) }
            if let state = object.state { children.append(("state", state)) }
        default: break
        }
        for (label, child) in children {
            PickleDescription(child).appendLines(to: &lines, label: label, indent: indent + 1)
        }
    }
}
