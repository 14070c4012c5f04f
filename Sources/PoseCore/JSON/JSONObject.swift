/// One object of a JSON file: where its members stand. Values are read when asked for, and a value of the wrong type is an
/// error that names file, entry and field.
package struct JSONObject {
    package let document: JSONDocument
    /// Which entry of the file this is, for messages.
    package var item: DatasetError.Item
    /// Where the object begins.
    package let offset: Int
    package private(set) var members: [(key: Range<Int>, value: Int)] = []

    /// - Throws: `DatasetError.syntax`, or `.field` when the value is not an object.
    package init(_ document: JSONDocument, at offset: Int, item: DatasetError.Item) throws {
        self.document = document
        self.item = item
        self.offset = offset
        var scanner = document.scanner(at: offset)
        guard scanner.peek() == UInt8(ascii: "{") else {
            throw DatasetError.field(
                path: document.path, item: item, field: "entry",
                reason: .wrongType(expected: "an object", found: document.kind(at: offset)))
        }
        var found: [(key: Range<Int>, value: Int)] = []
        found.reserveCapacity(12)
        try document.reading {
            try scanner.object { key, scanner in
                _ = scanner.peek()
                found.append((key, scanner.position))
                try scanner.skipValue()
            }
        }
        members = found
    }

    /// Where a member's value stands; nil when there is none. Of two members of one name the last counts, as in Python.
    package func position(_ name: StaticString) -> Int? {
        let scanner = document.scanner(at: offset)
        return members.last { scanner.matches($0.key, name) }?.value
    }

    /// The same for a name that is known only when running.
    package func position(named name: String) -> Int? {
        members.last { document.text($0.key) == name }?.value
    }

    package func has(_ name: StaticString) -> Bool { position(name) != nil }

    /// Whether a member is there and not `null`.
    package func hasValue(_ name: StaticString) -> Bool {
        guard let position = position(name) else { return false }
        return document.bytes.start[position] != UInt8(ascii: "n")
    }

    package var names: [String] { members.map { document.text($0.key) } }

    package func problem(_ field: StaticString, _ reason: DatasetError.Reason) -> DatasetError {
        .field(path: document.path, item: item, field: field.description, reason: reason)
    }

    private func required(_ name: StaticString) throws -> Int {
        guard let position = position(name) else { throw problem(name, .missing) }
        return position
    }

    private func wrongType(_ name: StaticString, _ expected: String, at position: Int) -> DatasetError {
        problem(name, .wrongType(expected: expected, found: document.kind(at: position)))
    }

    // MARK: typed members

    /// A whole number; `3.0` and Python's `true` count.
    package func int(_ name: StaticString) throws -> Int {
        let position = try required(name)
        var scanner = document.scanner(at: position)
        switch try document.reading({ try scanner.number() }) {
        case .integer(let value): return value
        case .real(let value):
            if let whole = Int(exactly: value) { return whole }
        case nil: break
        }
        if scanner.peek() == UInt8(ascii: "t") { return 1 }
        if scanner.peek() == UInt8(ascii: "f") { return 0 }
        throw wrongType(name, "a whole number", at: position)
    }

    package func optionalInt(_ name: StaticString) throws -> Int? { hasValue(name) ? try int(name) : nil }

    /// A finite number.
    package func double(_ name: StaticString) throws -> Double {
        let position = try required(name)
        var scanner = document.scanner(at: position)
        guard let value = try document.reading({ try scanner.number() })?.double else {
            throw wrongType(name, "a number", at: position)
        }
        guard value.isFinite else { throw problem(name, .notFinite(index: 0)) }
        return value
    }

    package func optionalDouble(_ name: StaticString) throws -> Double? { hasValue(name) ? try double(name) : nil }

    package func string(_ name: StaticString) throws -> String {
        let position = try required(name)
        var scanner = document.scanner(at: position)
        guard scanner.peek() == UInt8(ascii: "\"") else { throw wrongType(name, "a string", at: position) }
        return document.text(try document.reading { try scanner.string() })
    }

    /// Python's truth of a member: absent, `null`, `false`, 0, "" and empty lists are false.
    package func flag(_ name: StaticString) -> Bool {
        guard let position = position(name) else { return false }
        var scanner = document.scanner(at: position)
        switch scanner.peek() {
        case UInt8(ascii: "n"), UInt8(ascii: "f"): return false
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "\""): return (try? scanner.string())?.isEmpty == false
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            scanner.position += 1
            return scanner.peek() != UInt8(ascii: "]") && scanner.peek() != UInt8(ascii: "}")
        default:
            guard let number = try? scanner.number() else { return true }
            return number.double != 0
        }
    }

    /// A list of finite numbers, lists in it flattened.
    package func numbers(_ name: StaticString, count: Int? = nil) throws -> [Double] {
        let values = try rawNumbers(name)
        if let bad = values.firstIndex(where: { !$0.isFinite }) { throw problem(name, .notFinite(index: bad)) }
        if let count, values.count != count {
            throw problem(name, .count(expected: "\(count) numbers", found: values.count))
        }
        return values
    }

    /// The same, with NaN and infinities let through.
    package func rawNumbers(_ name: StaticString) throws -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(64)
        try eachNumber(name) { values.append($0.double) }
        return values
    }

    /// A list of finite numbers as NumPy makes an array of it: of integers if all are, else of doubles.
    package func reals(_ name: StaticString) throws -> RealArray {
        var values: [Double] = []
        var areWhole = true
        try eachNumber(name) { number in
            values.append(number.double)
            if case .real = number { areWhole = false }
        }
        if let bad = values.firstIndex(where: { !$0.isFinite }) { throw problem(name, .notFinite(index: bad)) }
        return RealArray(NDArray(values), precision: areWhole ? .integer : .double)
    }

    /// A finite number as a NumPy scalar, an integer or a double; nil when there is none.
    package func optionalReal(_ name: StaticString) throws -> RealArray? {
        guard hasValue(name) else { return nil }
        let value = try double(name)
        var scanner = document.scanner(at: try required(name))
        guard case .integer = try document.reading({ try scanner.number() }) else {
            return try RealArray([value], shape: [], precision: .double)
        }
        return try RealArray([value], shape: [], precision: .integer)
    }

    private func eachNumber(_ name: StaticString, _ take: (JSONNumber) -> Void) throws {
        let position = try required(name)
        var scanner = document.scanner(at: position)
        guard scanner.peek() == UInt8(ascii: "[") else { throw wrongType(name, "a list of numbers", at: position) }
        var count = 0
        var depth = 0
        try document.reading {
            repeat {
                switch scanner.peek() {
                case UInt8(ascii: "["):
                    depth += 1
                    scanner.position += 1
                case UInt8(ascii: "]"):
                    depth -= 1
                    scanner.position += 1
                case UInt8(ascii: ","): scanner.position += 1
                default:
                    guard let value = try scanner.number() else {
                        guard scanner.position < scanner.count else { throw scanner.expected("a number") }
                        let found = document.kind(at: scanner.position)
                        throw problem(
                            name, .wrongType(expected: "numbers only", found: "\(found) at position \(count)"))
                    }
                    take(value)
                    count += 1
                }
            } while depth > 0
        }
    }

    /// A member of any kind as a tree.
    package func value(_ name: StaticString) throws -> JSONValue? {
        guard let position = position(name) else { return nil }
        return try JSONValue(document, at: position)
    }

    /// The object itself as a tree.
    package func value() throws -> JSONValue { try JSONValue(document, at: offset) }

    /// A member that is an object.
    package func object(named name: String) throws -> JSONObject? {
        guard let position = position(named: name) else { return nil }
        return try JSONObject(document, at: position, item: item)
    }
}
