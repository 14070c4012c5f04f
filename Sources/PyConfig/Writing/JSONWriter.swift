extension ConfigValue {
    /// The value as JSON, as Python's `json.dumps` writes it: tuples and sets as lists, number keys as strings, floats
    /// with the shortest digits, `NaN` and `Infinity` by name, classes by their dotted name. Members keep their order.
    ///
    /// - Throws: `ConfigError.unwritable` for bytes and for tuples as keys.
    public func json(pretty: Bool = true) throws -> String {
        var writer = JSONWriter(isPretty: pretty)
        try writer.write(self, path: "", indent: 0)
        return writer.text
    }
}

extension Config {
    /// The resolved config as JSON; see `ConfigValue.json(pretty:)`.
    public func json(pretty: Bool = true) throws -> String {
        try ConfigValue.dict(root).json(pretty: pretty)
    }
}

/// Writes JSON in Python's style.
private struct JSONWriter {
    let isPretty: Bool
    var text = ""

    init(isPretty: Bool) { self.isPretty = isPretty }

    mutating func write(_ value: ConfigValue, path: String, indent: Int) throws {
        switch value {
        case .none: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .int(let number): text += String(number)
        case .float(let number): text += Self.float(number)
        case .string(let string), .reference(let string): write(string)
        case .list(let values), .tuple(let values), .set(let values):
            try write(values.indices, in: "[]", indent: indent) { writer, index in
                try writer.write(values[index], path: "\(path).\(index)", indent: indent + 1)
            }
        case .dict(let dictionary):
            try write(dictionary.indices, in: "{}", indent: indent) { writer, index in
                let (key, value) = dictionary[index]
                let name = try Self.name(of: key, path: path)
                writer.write(name)
                writer.text += ": "
                try writer.write(value, path: path.isEmpty ? name : "\(path).\(name)", indent: indent + 1)
            }
        case .bytes: throw ConfigError.unwritable(path: path, reason: "bytes have no form in JSON")
        }
    }

    private mutating func write(
        _ indices: Range<Int>, in brackets: String, indent: Int,
        _ element: (inout JSONWriter, Int) throws -> Void
    ) throws {
        text += brackets.prefix(1)
        for index in indices {
            if index > 0 { text += isPretty ? "," : ", " }
            if isPretty { text += "\n" + String(repeating: "  ", count: indent + 1) }
            try element(&self, index)
        }
        if isPretty, !indices.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += brackets.suffix(1)
    }

    private mutating func write(_ string: String) {
        var result = String.UnicodeScalarView()
        result.append("\"")
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": result.append(contentsOf: ["\\", scalar])
            case "\n": result.append(contentsOf: ["\\", "n"])
            case "\r": result.append(contentsOf: ["\\", "r"])
            case "\t": result.append(contentsOf: ["\\", "t"])
            case "\u{8}": result.append(contentsOf: ["\\", "b"])
            case "\u{C}": result.append(contentsOf: ["\\", "f"])
            case _ where scalar.value < 0x20:
                result.append(contentsOf: ("\\u" + PythonText.hex(scalar.value, width: 4)).unicodeScalars)
            default: result.append(scalar)
            }
        }
        result.append("\"")
        text.unicodeScalars.append(contentsOf: result)
    }

    private static func float(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        return PythonText.float(number)
    }

    private static func name(of key: ConfigKey, path: String) throws -> String {
        switch key {
        case .string(let name), .reference(let name): return name
        case .int(let number): return String(number)
        case .float(let number): return float(number)
        case .bool(let flag): return flag ? "true" : "false"
        case .none: return "null"
        case .tuple: throw ConfigError.unwritable(path: path, reason: "a tuple cannot be a key in JSON")
        }
    }
}
