import Foundation

/// How Python's `int()` and `float()` read text.
enum PythonNumber {
    enum Integer: Equatable {
        case value(Int)
        case tooLarge, invalid
    }

    /// `int(text, base)`: surrounding white space, a sign, and underscores between digits are allowed. Base 0 and the
    /// matching bases accept `0x`, `0o` and `0b`.
    static func int(_ text: String, base: Int = 10) -> Integer {
        var digits = Substring(text.trimmingCharacters(in: .whitespacesAndNewlines)).lowercased()[...]
        guard base == 0 || (2...36).contains(base) else { return .invalid }
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits = digits.dropFirst() }
        var radix = base
        for (prefix, value) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            guard base == 0 || base == value else { continue }
            digits = digits.dropFirst(2)
            if digits.first == "_" { digits = digits.dropFirst() }
            radix = value
        }
        if radix == 0 { radix = 10 }
        guard hasProperUnderscores(digits) else { return .invalid }
        let plain = digits.filter { $0 != "_" }
        let isValid = plain.utf8.allSatisfy { byte in
            let value = isDigit(byte) ? Int(byte) - 48 : byte >= 97 && byte <= 122 ? Int(byte) - 87 : 99
            return value < radix
        }
        guard isValid, !plain.isEmpty else { return .invalid }
        guard let value = Int((isNegative ? "-" : "") + plain, radix: radix) else { return .tooLarge }
        return .value(value)
    }

    /// `float(text)`: decimal notation, `inf`, `infinity` and `nan` in any case.
    static func float(_ text: String) -> Double? {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        var body = trimmed[...]
        let isNegative = body.first == "-"
        if isNegative || body.first == "+" { body = body.dropFirst() }
        switch body {
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        guard hasProperUnderscores(body), let magnitude = decimal(body.filter { $0 != "_" }) else {
            return nil
        }
        return isNegative ? -magnitude : magnitude
    }

    /// Digits with an optional point and exponent; nothing else, unlike Swift's own reader of hexadecimal floats.
    private static func decimal(_ text: String) -> Double? {
        let parts = text.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard mantissa.allSatisfy({ $0.utf8.allSatisfy(isDigit) }),
            mantissa.contains(where: { !$0.isEmpty })
        else {
            return nil
        }
        var exponent = "0"
        if parts.count > 1 {
            let digits = parts[1].first == "-" || parts[1].first == "+" ? parts[1].dropFirst() : parts[1]
            guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit) else { return nil }
            exponent = String(parts[1])
        }
        let whole = mantissa[0].isEmpty ? "0" : mantissa[0]
        let fraction = mantissa.count > 1 && !mantissa[1].isEmpty ? mantissa[1] : "0"
        return Double("\(whole).\(fraction)e\(exponent)")
    }

    private static func hasProperUnderscores(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.allSatisfy { index in
            guard bytes[index] == UInt8(ascii: "_") else { return true }
            return index > 0 && index + 1 < bytes.count && isAlphanumeric(bytes[index - 1])
                && isAlphanumeric(bytes[index + 1])
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A
    }
}
