package import Foundation

/// A value of a JSON file as a tree, for the parts that have no fixed form, such as segmentations.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSONValue])
    /// Members in the order of the file.
    case object([Member])

    /// A name and its value.
    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// How deep lists and objects may stand in one another.
    package static let depthLimit = 200

    /// Reads a file.
    ///
    /// - Throws: `DatasetError.file` or `.syntax`.
    package init(contentsOf url: URL) throws {
        let document = try JSONDocument(url)
        try self.init(document, at: document.scanner().position)
    }

    package init(_ document: JSONDocument, at offset: Int) throws {
        var scanner = document.scanner(at: offset)
        self = try document.reading { try Self.read(&scanner, document, depth: 0) }
    }

    private static func read(_ scanner: inout JSONScanner, _ document: JSONDocument, depth: Int) throws -> JSONValue {
        guard depth < depthLimit else {
            throw scanner.failure("more than \(depthLimit) lists and objects in each other")
        }
        switch scanner.peek() {
        case UInt8(ascii: "{"):
            var members: [Member] = []
            try scanner.object { key, scanner in
                members.append(Member(document.text(key), try read(&scanner, document, depth: depth + 1)))
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try scanner.array { elements.append(try read(&$0, document, depth: depth + 1)) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(document.text(try scanner.string()))
        default: break
        }
        let start = scanner.position
        if let number = try scanner.number() {
            switch number {
            case .integer(let value): return .int(value)
            case .real(let value): return .double(value)
            }
        }
        try scanner.skipValue()
        let word = start..<scanner.position
        if scanner.matches(word, "null") { return .null }
        if scanner.matches(word, "true") { return .bool(true) }
        if scanner.matches(word, "false") { return .bool(false) }
        throw JSONSyntaxError(offset: start, reason: "expected a value")
    }

    /// A member of an object; nil for anything else. Of two members of one name the last counts.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The elements of a list.
    package var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// A number of either kind.
    package var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// A whole number.
    package var integer: Int? {
        if case .int(let value) = self { value } else { nil }
    }

    package var text: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// All numbers of a list, lists in it flattened; nil when anything else is among them.
    package var numbers: [Double]? {
        guard let elements else { return nil }
        var values: [Double] = []
        for element in elements {
            if let value = element.number {
                values.append(value)
            } else if let inner = element.numbers {
                values += inner
            } else {
                return nil
            }
        }
        return values
    }
}
