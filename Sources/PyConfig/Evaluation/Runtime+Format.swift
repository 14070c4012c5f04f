import OrderedCollections

extension Runtime {
    /// Python's `format(value, spec)`.
    func format(_ value: PyValue, spec: String) throws -> String {
        try step()
        if spec.isEmpty { return try text(value) }
        let parsed = try FormatSpec(spec)
        try allocate(parsed.width + (parsed.precision ?? 0))
        switch value {
        case .int(let number): return try parsed.integer(number)
        case .bool(let flag):
            return try parsed.integer(flag ? 1 : 0)
        case .float(let number): return try parsed.float(number)
        case .string(let text): return try parsed.text(text)
        default: throw Fault(.type, "a \(value.typeName) takes no format specification")
        }
    }

    // MARK: 'text {}'.format(...)

    /// `text.format(...)`: `{}`, `{0}`, `{name}`, `{a.b[c]}`, `!r` and specifications with nested fields.
    func format(_ text: String, _ call: Call) throws -> String {
        var next = 0
        return try format(Array(text.unicodeScalars), call, &next, level: 0)
    }

    private func format(
        _ text: [Unicode.Scalar], _ call: Call, _ next: inout Int, level: Int
    ) throws
        -> String
    {
        guard level < 3 else { throw Fault(.value, "format fields are nested too deeply") }
        var result = String.UnicodeScalarView()
        var index = 0
        while index < text.count {
            let scalar = text[index]
            if scalar == "{" || scalar == "}", index + 1 < text.count, text[index + 1] == scalar {
                result.append(scalar)
                index += 2
            } else if scalar == "{" {
                guard let end = closingBrace(text, from: index) else {
                    throw Fault(.value, "'{' in a format string was never closed")
                }
                let field = Array(text[index + 1..<end])
                let shown = try formatField(field, call, &next, level: level)
                try allocate(shown.utf8.count)
                result.append(contentsOf: shown.unicodeScalars)
                index = end + 1
            } else if scalar == "}" {
                throw Fault(.value, "a single '}' in a format string")
            } else {
                result.append(scalar)
                index += 1
            }
        }
        return String(result)
    }

    private func closingBrace(_ text: [Unicode.Scalar], from start: Int) -> Int? {
        var open = 0
        for index in start..<text.count {
            if text[index] == "{" { open += 1 }
            if text[index] == "}" { open -= 1 }
            if open == 0 { return index }
        }
        return nil
    }

    private func formatField(
        _ field: [Unicode.Scalar], _ call: Call, _ next: inout Int, level: Int
    ) throws -> String {
        let nameEnd = field.firstIndex { $0 == "!" || $0 == ":" } ?? field.count
        var specStart = nameEnd
        var conversion: UInt8?
        if nameEnd < field.count, field[nameEnd] == "!" {
            guard nameEnd + 1 < field.count, let letter = UInt8(exactly: field[nameEnd + 1].value),
                Array("rsa".utf8).contains(letter)
            else { throw Fault(.value, "a format string's conversion is !r, !s or !a") }
            conversion = letter
            specStart = nameEnd + 2
        }
        let value = try lookUp(Array(field[..<nameEnd]), call, &next)
        guard specStart < field.count else { return try converted(value, conversion, spec: "") }
        guard field[specStart] == ":" else { throw Fault(.value, "expected ':' after the conversion") }
        let spec = try format(Array(field[(specStart + 1)...]), call, &next, level: level + 1)
        return try converted(value, conversion, spec: spec)
    }

    /// Applies `!r`, `!s` or `!a`, then the specification.
    func converted(_ value: PyValue, _ conversion: UInt8?, spec: String) throws -> String {
        switch conversion {
        case UInt8(ascii: "r"): return try format(.string(repr(value)), spec: spec)
        case UInt8(ascii: "s"): return try format(.string(text(value)), spec: spec)
        case UInt8(ascii: "a"):
            let shown = try repr(value).unicodeScalars.map { scalar in
                if scalar.isASCII { return String(scalar) }
                let isShort = scalar.value < 0x100
                let isMedium = scalar.value < 0x10000
                let width = isShort ? 2 : isMedium ? 4 : 8
                return (isShort ? "\\x" : isMedium ? "\\u" : "\\U")
                    + PythonText.hex(scalar.value, width: width)
            }
            return try format(.string(shown.joined()), spec: spec)
        default: return try format(value, spec: spec)
        }
    }

    /// The value that `0`, `name`, `name.member` or `name[key]` stands for among the arguments.
    private func lookUp(_ path: [Unicode.Scalar], _ call: Call, _ next: inout Int) throws -> PyValue {
        let text = { (scalars: ArraySlice<Unicode.Scalar>) in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            return String(view)
        }
        let head = path.prefix { $0 != "." && $0 != "[" }
        var value: PyValue
        if head.isEmpty || head.allSatisfy({ ("0"..."9").contains($0) }) {
            let index = head.isEmpty ? next : Int(text(head)) ?? .max
            if head.isEmpty { next += 1 }
            guard index < call.positional.count else {
                throw Fault(.index, "format() lacks argument \(text(head))")
            }
            value = call.positional[index]
        } else {
            guard let found = call.keywords.first(where: { $0.name == text(head) }) else {
                throw Fault(.key, "format() lacks the argument '\(text(head))'")
            }
            value = found.value
        }
        var rest = path.dropFirst(head.count)
        while let mark = rest.popFirst() {
            let isIndex = mark == "["
            let part = text(rest.prefix { isIndex ? $0 != "]" : $0 != "." && $0 != "[" })
            rest = rest.dropFirst(part.unicodeScalars.count + (isIndex ? 1 : 0))
            value = try member(part, of: value, isIndex: isIndex)
        }
        return value
    }

    private func member(_ name: String, of value: PyValue, isIndex: Bool) throws -> PyValue {
        switch value {
        case .dict(let dictionary) where isIndex || dictionary.isConfig:
            let key = Int(name).map(ConfigKey.int) ?? .string(name)
            if let found = dictionary.items[isIndex ? key : .string(name)] { return found }
        case .list(let list) where isIndex:
            if let index = Int(name), list.items.indices.contains(index) { return list.items[index] }
        case .tuple(let tuple) where isIndex:
            if let index = Int(name), tuple.items.indices.contains(index) { return tuple.items[index] }
        default: break
        }
        throw Fault(.key, "a format string asks for '\(name)' of a \(value.typeName), which has none")
    }

    // MARK: 'text %s' % values

    /// The `%` operator of strings.
    func percentFormat(_ format: String, _ right: PyValue) throws -> String {
        var values: [PyValue]
        if case .tuple(let tuple) = right { values = tuple.items } else { values = [right] }
        var used = 0
        var usesNames = false
        var result = ""
        var rest = Array(format)[...]
        while let character = rest.popFirst() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            var directive = PercentDirective()
            if rest.first == "(" {
                let name = String(rest.dropFirst().prefix { $0 != ")" })
                rest = rest.dropFirst(name.count + 2)
                guard case .dict(let dictionary) = right else {
                    throw Fault(.type, "the format requires a dict")
                }
                guard let value = dictionary.items[.string(name)] else {
                    throw Fault(.key, "there is no key '\(name)' for the format")
                }
                (values, used, usesNames) = ([value], 0, true)
            }
            let nextValue = {
                guard used < values.count else {
                    throw Fault(.type, "not enough values for the format string")
                }
                used += 1
                return values[used - 1]
            }
            try directive.read(&rest, star: nextValue)
            try allocate(directive.width + (directive.precision ?? 0))
            if directive.type == "%" {
                result += "%"
            } else {
                result += try directive.apply(nextValue(), self)
            }
        }
        // Python asks only tuples and plain values to be used up.
        var isMapping = usesNames
        switch right {
        case .dict, .list, .range: isMapping = true
        default: break
        }
        guard used >= values.count || isMapping else {
            throw Fault(.type, "the format string has fewer places than there are values")
        }
        return result
    }
}

/// `%-08.3f` and the like.
private struct PercentDirective {
    var flags = ""
    var width = 0
    var precision: Int?
    var type: Character = "s"

    mutating func read(_ rest: inout ArraySlice<Character>, star: () throws -> PyValue) throws {
        while let flag = rest.first, "-+ #0".contains(flag) { flags.append(rest.removeFirst()) }
        width = try number(&rest, star) ?? 0
        if width < 0 {
            flags.append("-")
            width = -width
        }
        if rest.first == "." {
            rest.removeFirst()
            precision = max(try number(&rest, star) ?? 0, 0)
        }
        while let letter = rest.first, "hlL".contains(letter) { rest.removeFirst() }
        guard let letter = rest.popFirst() else {
            throw Fault(.value, "the format string ends after '%'")
        }
        type = letter
    }

    private func number(
        _ rest: inout ArraySlice<Character>, _ star: () throws -> PyValue
    ) throws
        -> Int?
    {
        if rest.first == "*" {
            rest.removeFirst()
            guard let value = try star().integer, value.magnitude <= FormatSpec.limit else {
                throw Fault(.type, "'*' in a format needs a small integer")
            }
            return value
        }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        if digits.isEmpty { return nil }
        guard let value = Int(String(digits)), value <= FormatSpec.limit else {
            throw Fault(.budget, "a format width or precision above \(FormatSpec.limit)")
        }
        return value
    }

    func apply(_ value: PyValue, _ runtime: Runtime) throws -> String {
        var spec = try FormatSpec("")
        spec.width = width
        spec.isAlternate = flags.contains("#")
        if flags.contains("+") { spec.sign = "+" } else if flags.contains(" ") { spec.sign = " " }
        switch type {
        case "s", "r", "a":
            spec.precision = precision
            spec.align = flags.contains("-") ? "<" : ">"
            return try spec.text(type == "s" ? runtime.text(value) : runtime.repr(value))
        case "d", "i", "u", "x", "X", "o":
            guard let number = value.integer ?? ("diu".contains(type) ? truncated(value) : nil) else {
                throw Fault(.type, "%\(type) needs a number, not '\(value.typeName)'")
            }
            spec.type = "iu".contains(type) ? "d" : type
            setNumberAlignment(&spec)
            guard let precision else { return try spec.integer(number) }
            var digits = FormatSpec.zeroPadded(to: precision, sign: spec.sign, type: spec.type)
            digits.isAlternate = spec.isAlternate
            spec.type = nil
            spec.align = flags.contains("-") ? "<" : ">"
            return try spec.text(digits.integer(number))
        case "e", "E", "f", "F", "g", "G":
            guard let number = value.number else {
                throw Fault(.type, "%\(type) needs a number, not '\(value.typeName)'")
            }
            spec.type = type
            spec.precision = precision
            setNumberAlignment(&spec)
            return try spec.float(number)
        case "c":
            if case .string(let text) = value, text.unicodeScalars.count == 1 {
                return try spec.text(text)
            }
            guard let number = value.integer else { throw Fault(.type, "%c needs a character") }
            spec.type = "c"
            return try spec.integer(number)
        default: throw Fault(.value, "unsupported format character '\(type)'")
        }
    }

    private func setNumberAlignment(_ spec: inout FormatSpec) {
        if flags.contains("-") {
            spec.align = "<"
        } else if flags.contains("0") {
            (spec.fill, spec.align) = ("0", "=")
        }
    }

    private func truncated(_ value: PyValue) -> Int? {
        guard case .float(let number) = value else { return nil }
        return Int(exactly: number.rounded(.towardZero))
    }
}

extension FormatSpec {
    /// At least this many digits, the sign not counted.
    fileprivate static func zeroPadded(to digits: Int, sign: Character?, type: Character?) -> DigitSpec {
        DigitSpec(digits: digits, sign: sign, type: type)
    }
}

/// `%.5d`: a minimum number of digits.
private struct DigitSpec {
    let digits: Int
    let sign: Character?

    let type: Character?
    var isAlternate = false

    func integer(_ value: Int) -> String {
        let radix = type == "o" ? 8 : type == "x" || type == "X" ? 16 : 10
        let body = String(value.magnitude, radix: radix, uppercase: type == "X")
        let prefix = isAlternate && type != "d" ? "0\(type ?? "x")" : ""
        let signText = value < 0 ? "-" : sign.map { String($0) } ?? ""
        return signText + prefix + String(repeating: "0", count: max(digits - body.count, 0)) + body
    }
}
