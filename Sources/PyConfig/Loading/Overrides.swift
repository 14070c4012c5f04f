/// MMEngine's `--cfg-options`: `a.b.0.c=value` entries with the grammar of its `DictAction`.
enum Overrides {
    /// The entries as nested dictionaries, to be merged into a config.
    ///
    /// - Throws: `ConfigError.option` naming the entry.
    static func parse(_ entries: [String]) throws -> ConfigDict {
        var values: [(path: String, value: ConfigValue)] = []
        for entry in entries {
            guard let equals = entry.firstIndex(of: "="), equals != entry.startIndex else {
                throw ConfigError.option(entry, reason: "expected key=value")
            }
            let path = String(entry[..<equals])
            let value = try parseValue(
                Array(entry[entry.index(after: equals)...].unicodeScalars), entry: entry, depth: 0)
            if let index = values.firstIndex(where: { $0.path == path }) {
                values[index].value = value
            } else {
                values.append((path, value))
            }
        }
        var result = ConfigDict()
        for (path, value) in values {
            let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 64 else { throw ConfigError.option(path, reason: "more than 64 levels") }
            guard insert(value, at: parts[...], into: &result) else {
                throw ConfigError.option(
                    path, reason: "another option gives a value to a part of this path")
            }
        }
        return result
    }

    private static func insert(
        _ value: ConfigValue, at path: ArraySlice<String>, into result: inout ConfigDict
    ) -> Bool {
        guard let name = path.first else { return false }
        if path.count == 1 {
            result[name] = value
            return true
        }
        guard case .dict(var inner) = result[name] ?? .dict(ConfigDict()) else { return false }
        guard insert(value, at: path.dropFirst(), into: &inner) else { return false }
        result[name] = .dict(inner)
        return true
    }

    /// A value: outer quotes and all spaces go; brackets make lists and tuples; commas without brackets make a list.
    private static func parseValue(
        _ text: [Unicode.Scalar], entry: String, depth: Int
    ) throws
        -> ConfigValue
    {
        guard depth < 64 else {
            throw ConfigError.option(entry, reason: "brackets are nested too deeply")
        }
        var body = text[...]
        while let first = body.first, first == "'" || first == "\"" { body.removeFirst() }
        while let last = body.last, last == "'" || last == "\"" { body.removeLast() }
        body = body.filter { $0 != " " }[...]
        let isTuple = body.first == "(" && body.last == ")" && body.count > 1
        let isList = body.first == "[" && body.last == "]" && body.count > 1
        if isTuple || isList {
            body = body.dropFirst().dropLast()
        } else if !body.contains(",") {
            return scalar(string(body))
        }
        var values: [ConfigValue] = []
        while !body.isEmpty {
            let end = try nextComma(body, entry: entry)
            let element = Array(body[..<end])
            guard isTuple || isList || element.count < text.count else {
                throw ConfigError.option(entry, reason: "the brackets do not match")
            }
            values.append(try parseValue(element, entry: entry, depth: depth + 1))
            body = end < body.endIndex ? body[(end + 1)...] : []
        }
        return isTuple ? .tuple(values) : .list(values)
    }

    /// The first comma outside brackets, or the end.
    private static func nextComma(_ text: ArraySlice<Unicode.Scalar>, entry: String) throws -> Int {
        var round = 0
        var square = 0
        var comma: Int?
        for index in text.indices {
            switch text[index] {
            case "(": round += 1
            case ")": round -= 1
            case "[": square += 1
            case "]": square -= 1
            case "," where round == 0 && square == 0: comma = comma ?? index
            default: break
            }
        }
        guard round == 0, square == 0 else {
            throw ConfigError.option(entry, reason: "the brackets do not match")
        }
        return comma ?? text.endIndex
    }

    private static func scalar(_ text: String) -> ConfigValue {
        if case .value(let number) = PythonNumber.int(text) { return .int(number) }
        if let number = PythonNumber.float(text) { return .float(number) }
        switch text.lowercased() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: return text == "None" ? .none : .string(text)
        }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
