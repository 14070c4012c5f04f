import Foundation

/// Python's format specification: `[[fill]align][sign][#][0][width][,|_][.precision][type]`.
struct FormatSpec {
    var fill: Character = " "
    var align: Character?
    var sign: Character?
    var isAlternate = false
    var width = 0
    var grouping: Character?
    var precision: Int?
    var type: Character?

    /// The largest width and precision accepted; more serves no config.
    static let limit = 10_000

    init(_ text: String) throws {
        var rest = Array(text)[...]
        if rest.count > 1, "<>=^".contains(rest[rest.startIndex + 1]) {
            fill = rest.removeFirst()
            align = rest.removeFirst()
        } else if let first = rest.first, "<>=^".contains(first) {
            align = rest.removeFirst()
        }
        if let first = rest.first, "+- ".contains(first) { sign = rest.removeFirst() }
        if rest.first == "#" {
            isAlternate = true
            rest.removeFirst()
        }
        if rest.first == "0" {
            rest.removeFirst()
            if align == nil { (fill, align) = ("0", "=") }
        }
        width = try Self.number(&rest) ?? 0
        if let first = rest.first, ",_".contains(first) { grouping = rest.removeFirst() }
        if rest.first == "." {
            rest.removeFirst()
            guard let number = try Self.number(&rest) else {
                throw Fault(.value, "the format lacks a precision")
            }
            precision = number
        }
        type = rest.popFirst()
        guard rest.isEmpty else {
            throw Fault(.value, "invalid format specification '\(text.prefix(40))'")
        }
    }

    private static func number(_ rest: inout ArraySlice<Character>) throws -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        guard !digits.isEmpty else { return nil }
        guard let value = Int(String(digits)), value <= limit else {
            throw Fault(.budget, "a format width or precision above \(limit)")
        }
        return value
    }

    // MARK: text

    func text(_ value: String) throws -> String {
        guard type == nil || type == "s", align != "=" || fill == "0", sign == nil, grouping == nil, !isAlternate else {
            throw Fault(.value, "this format does not fit a string")
        }
        let shown = precision.map { String(value.unicodeScalars.prefix($0)) } ?? value
        return pad(shown, defaultAlign: "<")
    }

    private func pad(_ body: String, defaultAlign: Character, signLength: Int = 0) -> String {
        let missing = max(width - body.unicodeScalars.count, 0)
        guard missing > 0 else { return body }
        let filling = { (count: Int) in String(repeating: String(fill), count: count) }
        var place = align ?? defaultAlign
        if place == "=", defaultAlign == "<" { place = "<" }
        switch place {
        case "<": return body + filling(missing)
        case "^": return filling(missing / 2) + body + filling(missing - missing / 2)
        case "=": return body.prefix(signLength) + filling(missing) + body.dropFirst(signLength)
        default: return filling(missing) + body
        }
    }

    // MARK: numbers

    func integer(_ value: Int) throws -> String {
        let digits: String
        var prefix = ""
        switch type {
        case nil, "d", "n": digits = String(value.magnitude)
        case "x", "X":
            digits = String(value.magnitude, radix: 16, uppercase: type == "X")
            prefix = type == "X" ? "0X" : "0x"
        case "o":
            digits = String(value.magnitude, radix: 8)
            prefix = "0o"
        case "b":
            digits = String(value.magnitude, radix: 2)
            prefix = "0b"
        case "c":
            guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else {
                throw Fault(.value, "%c needs the number of a character")
            }
            return pad(String(scalar), defaultAlign: "<")
        case "e", "E", "f", "F", "g", "G", "%": return try float(Double(value))
        default: throw Fault(.value, "unknown format '\(type ?? " ")' for an integer")
        }
        guard precision == nil else { throw Fault(.value, "an integer format has no precision") }
        let group = type == nil || type == "d" || type == "n" ? 3 : 4
        return number(
            isNegative: value < 0, prefix: isAlternate ? prefix : "", digits: digits, rest: "",
            group: group)
    }

    func float(_ value: Double) throws -> String {
        let isNegative = value.sign == .minus && !value.isNaN
        let magnitude = value.magnitude
        var body: String
        if !magnitude.isFinite {
            body = magnitude.isNaN ? "nan" : "inf"
            if type == "%" { body += "%" }
        } else {
            switch type {
            case nil:
                body = precision == nil ? PythonText.float(magnitude) : general(magnitude, keepsPoint: true)
            case "e", "E", "f", "F":
                body = String(
                    format: "%.*\(type == "e" || type == "E" ? "e" : "f")", precision ?? 6, magnitude)
            case "g", "G", "n": body = general(magnitude, keepsPoint: false)
            case "%": body = String(format: "%.*f", precision ?? 6, magnitude * 100) + "%"
            default: throw Fault(.value, "unknown format '\(type ?? " ")' for a float")
            }
        }
        if let type, "EFG".contains(type) { body = body.uppercased() }
        let digits = body.prefix { $0.isASCII && $0.isNumber }
        return number(
            isNegative: isNegative, prefix: "", digits: String(digits),
            rest: String(body.dropFirst(digits.count)),
            group: 3)
    }

    /// `%g`; without a type Python shows at least one digit behind the point.
    private func general(_ value: Double, keepsPoint: Bool) -> String {
        let text = String(format: isAlternate ? "%#.*g" : "%.*g", max(precision ?? 6, 1), value)
        if keepsPoint, !text.contains("e") {
            if text.utf8.count(where: isDigit) >= max(precision ?? 6, 1), !text.contains("."), value >= 1 {
                // The digits fill the precision: Python switches to an exponent.
                return String(format: "%.*e", max((precision ?? 6) - 1, 0), value)
            }
            if !text.contains(".") { return text + ".0" }
        }
        return text
    }

    private func number(
        isNegative: Bool, prefix: String, digits: String, rest: String, group: Int
    )
        -> String
    {
        let signText = isNegative ? "-" : sign == "-" ? "" : sign.map { String($0) } ?? ""
        var digits = digits
        if let grouping {
            if fill == "0", align == "=" {
                // Zeros that fill the width are grouped too.
                let room = width - signText.count - prefix.count - rest.count
                while grouped(digits, grouping, group).count < room { digits = "0" + digits }
            }
            digits = grouped(digits, grouping, group)
        }
        return pad(
            signText + prefix + digits + rest, defaultAlign: ">",
            signLength: signText.count + prefix.count)
    }

    private func grouped(_ digits: String, _ separator: Character, _ size: Int) -> String {
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % size == 0 { result.append(separator) }
            result.append(digit)
        }
        return result
    }
}
