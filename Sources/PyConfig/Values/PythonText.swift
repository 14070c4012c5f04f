/// How Python prints values: `repr` of floats, strings, bytes and whole values.
enum PythonText {
    /// Python's `repr` of a float: the shortest digits that read back to the same number, with an exponent below
    /// 1e-4 and from 1e16 on.
    static func float(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
        let (digits, exponent) = shortestDigits(value.magnitude)
        let sign = value < 0 ? "-" : ""
        if exponent < -4 || exponent >= 16 {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(size)"
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
        if digits.count <= exponent + 1 {
            return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count) + ".0"
        }
        return "\(sign)\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
    }

    /// The shortest significant digits of a positive number and the power of ten of the first one.
    static func shortestDigits(_ value: Double) -> (digits: String, exponent: Int) {
        let parts = value.description.split(separator: "e")
        var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        exponent += whole.count - 1
        var digits = Substring(whole + fraction)
        while digits.count > 1, digits.first == "0" {
            digits = digits.dropFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == "0" { digits = digits.dropLast() }
        return (String(digits), exponent)
    }

    /// Python's `repr` of a string: single quotes unless only those occur inside, control characters escaped.
    static func string(_ text: String) -> String {
        let quote: Unicode.Scalar = text.utf8.contains(0x27) && !text.utf8.contains(0x22) ? "\"" : "'"
        var result = String.UnicodeScalarView()
        result.append(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result.append(contentsOf: ["\\", scalar])
            case "\n": result.append(contentsOf: ["\\", "n"])
            case "\r": result.append(contentsOf: ["\\", "r"])
            case "\t": result.append(contentsOf: ["\\", "t"])
            default:
                if isPrintable(scalar) {
                    result.append(scalar)
                } else {
                    result.append(contentsOf: escape(scalar))
                }
            }
        }
        result.append(quote)
        return String(result)
    }

    /// Python's `repr` of bytes.
    static func bytes(_ bytes: [UInt8]) -> String {
        let quote: UInt8 = bytes.contains(0x27) && !bytes.contains(0x22) ? 0x22 : 0x27
        var result = "b" + String(Unicode.Scalar(quote))
        for byte in bytes {
            switch byte {
            case quote, 0x5C: result += "\\" + String(Unicode.Scalar(byte))
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0x20..<0x7F: result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "\\x" + hex(UInt32(byte), width: 2)
            }
        }
        return result + String(Unicode.Scalar(quote))
    }

    /// `str.isprintable` for one character: neither control, format, surrogate, unassigned, nor a separator other
    /// than the space.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        let text =
            switch scalar.value {
            case ..<0x100: "\\x" + hex(scalar.value, width: 2)
            case ..<0x1_0000: "\\u" + hex(scalar.value, width: 4)
            default: "\\U" + hex(scalar.value, width: 8)
            }
        return text.unicodeScalars
    }

    /// Lower-case hexadecimal digits, padded with zeros.
    static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension ConfigValue {
    /// The value as a Python expression on one line: `dict` displays with braces, as `repr` prints them.
    public var python: String {
        switch self {
        case .none: return "None"
        case .bool(let flag): return flag ? "True" : "False"
        case .int(let number): return String(number)
        case .float(let number): return PythonText.float(number)
        case .string(let text): return PythonText.string(text)
        case .bytes(let bytes): return PythonText.bytes(bytes)
        case .list(let values): return "[" + values.map(\.python).joined(separator: ", ") + "]"
        case .tuple(let values):
            return "(" + values.map(\.python).joined(separator: ", ") + (values.count == 1 ? ",)" : ")")
        case .set(let values):
            return values.isEmpty ? "set()" : "{" + values.map(\.python).joined(separator: ", ") + "}"
        case .dict(let dictionary):
            let pairs = dictionary.map { $0.key.value.python + ": " + $0.value.python }
            return "{" + pairs.joined(separator: ", ") + "}"
        case .reference(let name): return name
        }
    }

    /// The value for a message: `python`, shortened, with the type when that is not obvious.
    var summary: String {
        let text = python
        return text.count > 60 ? "\(typeName) \(text.prefix(57))..." : text
    }
}
