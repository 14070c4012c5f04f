import Foundation

/// A number as JSON has it, whole numbers kept apart.
@frozen @usableFromInline package enum JSONNumber {
    case integer(Int)
    case real(Double)

    @inlinable @inline(__always) package var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        }
    }
}

@usableFromInline let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

extension JSONScanner {
    /// Takes a number; nil, and nothing taken, when the next value is not one.
    ///
    /// Digits that fit in 53 bits and a power of ten up to 10²² give the correctly rounded result with one operation
    /// (Clinger 1990); anything else goes through `strtod`.
    @inlinable package mutating func number() throws -> JSONNumber? {
        let first = peek()
        if first == UInt8(ascii: "N") || first == UInt8(ascii: "I") { return try nonFinite(negative: false) }
        let start = position
        var at = position
        var negative = false
        if first == UInt8(ascii: "-") {
            negative = true
            at += 1
            if at < count, bytes[at] == UInt8(ascii: "I") {
                position = at
                return try nonFinite(negative: true)
            }
        }
        var digits = 0
        var mantissa: UInt64 = 0
        let wholeStart = at
        while at < count, case let digit = bytes[at] &- 48, digit < 10 {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            digits += 1
            at += 1
        }
        guard at > wholeStart else {
            guard negative else { return nil }
            throw failure("a number without digits")
        }
        var exponent = 0
        var isWhole = true
        if at < count, bytes[at] == UInt8(ascii: ".") {
            isWhole = false
            at += 1
            let fractionStart = at
            while at < count, case let digit = bytes[at] &- 48, digit < 10 {
                mantissa = mantissa &* 10 &+ UInt64(digit)
                digits += 1
                at += 1
            }
            exponent = fractionStart - at
        }
        var hasExponent = false
        if at < count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            hasExponent = true
            isWhole = false
            at += 1
            if at < count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            while at < count, bytes[at] &- 48 < 10 { at += 1 }
        }
        position = at
        if digits <= 18, isWhole { return .integer(negative ? -Int(mantissa) : Int(mantissa)) }
        guard digits <= 18, mantissa < 1 << 53, !hasExponent, exponent >= -22 else {
            return .real(slowNumber(start..<at))
        }
        let value = powersOfTen.withUnsafeBufferPointer { Double(mantissa) / $0[-exponent] }
        return .real(negative ? -value : value)
    }

    @usableFromInline func slowNumber(_ range: Range<Int>) -> Double {
        let text = String(
            decoding: UnsafeBufferPointer(start: bytes + range.lowerBound, count: range.count), as: UTF8.self)
        return strtod(text, nil)
    }

    /// Python's `NaN`, `Infinity` and `-Infinity`.
    @usableFromInline mutating func nonFinite(negative: Bool) throws -> JSONNumber {
        for (word, value) in [("NaN", Double.nan), ("Infinity", negative ? -Double.infinity : .infinity)] {
            let letters = Array(word.utf8)
            guard position + letters.count <= count,
                letters.indices.allSatisfy({ bytes[position + $0] == letters[$0] })
            else { continue }
            position += letters.count
            return .real(value)
        }
        throw expected("a value")
    }
}
