/// Something that is not JSON, at a byte of the file.
@usableFromInline package struct JSONSyntaxError: Error {
    package let offset: Int
    package let reason: String
}

/// Walks over JSON text without building anything, as far as possible at memory speed.
///
/// As Python's `json` it takes `NaN` and `Infinity` for numbers. Values that are skipped are only checked for balanced
/// brackets and closed strings.
@frozen @usableFromInline package struct JSONScanner {
    @usableFromInline package let bytes: UnsafePointer<UInt8>
    @usableFromInline package let count: Int
    @usableFromInline package var position: Int

    package init(_ bytes: UnsafePointer<UInt8>, count: Int, at position: Int = 0) {
        self.bytes = bytes
        self.count = count
        self.position = position
    }

    @usableFromInline package func failure(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: position, reason: reason)
    }

    /// The next byte that is not white space, without taking it; 0 at the end.
    @inlinable @inline(__always) package mutating func peek() -> UInt8 {
        while position < count {
            let byte = bytes[position]
            if byte > 0x20 { return byte }
            if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return byte }
            position += 1
        }
        return 0
    }

    /// Takes the next byte, which must be this one.
    @inlinable @inline(__always) package mutating func take(_ byte: UInt8) throws {
        guard peek() == byte, position < count else { throw expected("'\(Character(Unicode.Scalar(byte)))'") }
        position += 1
    }

    /// Takes the next byte if it is this one.
    @inlinable @inline(__always) package mutating func takes(_ byte: UInt8) -> Bool {
        guard peek() == byte, position < count else { return false }
        position += 1
        return true
    }

    @usableFromInline package func expected(_ what: String) -> JSONSyntaxError {
        position >= count
            ? failure("the file ends where \(what) is expected (is it truncated?)") : failure("expected \(what)")
    }

    // MARK: strings

    /// Takes a string and returns the range of its bytes between the quotes, escapes as written.
    @inlinable @inline(__always) package mutating func string() throws -> Range<Int> {
        try take(UInt8(ascii: "\""))
        let start = position
        while position < count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<position - 1
            }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        position = count
        throw failure("the file ends inside a string (is it truncated?)")
    }

    // MARK: skipping

    /// Takes a value of any kind.
    @usableFromInline package mutating func skipValue() throws {
        switch peek() {
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested()
        case UInt8(ascii: "\""): _ = try string()
        default: try skipWord()
        }
    }

    private mutating func skipNested() throws {
        var depth = 0
        while position < count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    position += 1
                    return
                }
            case UInt8(ascii: "\""):
                _ = try string()
                continue
            default: break
            }
            position += 1
        }
        throw failure("the file ends inside a list or an object (is it truncated?)")
    }

    /// A number, `true`, `false`, `null` and what Python adds to them.
    private mutating func skipWord() throws {
        let start = position
        while position < count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
                position += 1
                continue
            default: break
            }
            break
        }
        guard position > start else { throw expected("a value") }
    }

    // MARK: walking

    /// Takes an object and calls `member` with every key; `member` must take the value.
    @inlinable @inline(__always) package mutating func object(
        _ member: (Range<Int>, inout JSONScanner) throws -> Void
    ) throws {
        try take(UInt8(ascii: "{"))
        if takes(UInt8(ascii: "}")) { return }
        while true {
            guard peek() == UInt8(ascii: "\"") else { throw expected("a name in quotes") }
            let key = try string()
            try take(UInt8(ascii: ":"))
            try member(key, &self)
            if takes(UInt8(ascii: ",")) { continue }
            guard takes(UInt8(ascii: "}")) else { throw expected("',' or '}'") }
            return
        }
    }

    /// Takes a list and calls `element` before every element, which it must take.
    @inlinable @inline(__always) package mutating func array(_ element: (inout JSONScanner) throws -> Void) throws {
        try take(UInt8(ascii: "["))
        if takes(UInt8(ascii: "]")) { return }
        while true {
            try element(&self)
            if takes(UInt8(ascii: ",")) { continue }
            guard takes(UInt8(ascii: "]")) else { throw expected("',' or ']'") }
            return
        }
    }

    /// Whether the bytes of a range are these characters.
    @inlinable @inline(__always) package func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        let other = text.utf8Start
        for index in 0..<range.count where bytes[range.lowerBound + index] != other[index] { return false }
        return true
    }
}
