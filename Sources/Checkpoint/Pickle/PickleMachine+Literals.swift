/// Numbers, text and bytes.
extension PickleMachine {
    /// Integers of Python have no limit; those in checkpoints are seeds and generator states.
    private static let bigIntLimit = 4096

    mutating func stepNumber(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .int: stack.append(try decimal(allowsBool: true))
        case .long: stack.append(try decimal(allowsBool: false))
        case .binint: stack.append(.int(Int(try reader.integer(Int32.self))))
        case .binint1: stack.append(.int(Int(try reader.byte())))
        case .binint2: stack.append(.int(Int(try reader.integer(UInt16.self))))
        case .long1: stack.append(try integer(try reader.take(Int(try reader.byte()))))
        case .long4: stack.append(try integer(try reader.take(Int(try reader.integer(Int32.self)))))
        case .float:
            let text = String(decoding: try reader.line(), as: UTF8.self)
            guard let value = Double(text) else { throw malformed("'\(Text.printable(text))' is not a number") }
            stack.append(.float(value))
        default: stack.append(.float(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))
        }
    }

    private mutating func decimal(allowsBool: Bool) throws -> PickleItem {
        var text = Substring(String(decoding: try reader.line(), as: UTF8.self))
        if allowsBool && (text == "00" || text == "01") { return .bool(text == "01") }
        if text.hasSuffix("L") { text = text.dropLast() }
        guard let value = Int(text) else {
            throw malformed("'\(Text.printable(String(text)))' is not an integer of 64 bits")
        }
        return .int(value)
    }

    /// Little-endian two's complement of any length.
    private func integer(_ bytes: UnsafeRawBufferPointer) throws -> PickleItem {
        guard bytes.count <= Self.bigIntLimit else {
            throw CheckpointError.Reason.limit("\(reader.subject) holds an integer of \(bytes.count) bytes")
        }
        let fill: UInt8 = (bytes.last ?? 0) >= 0x80 ? 0xFF : 0
        guard bytes.count <= 8 || bytes.dropFirst(8).allSatisfy({ $0 == fill }) && (bytes[7] >= 0x80) == (fill != 0)
        else { return .bigInt(Array(bytes)) }
        var value: UInt64 = fill == 0 ? 0 : .max
        for byte in bytes.prefix(8).reversed() { value = value << 8 | UInt64(byte) }
        return .int(Int(truncatingIfNeeded: value))
    }

    mutating func stepText(_ opcode: PickleOpcode) throws {
        switch opcode {
        case .string: stack.append(try quotedLine())
        case .binstring: stack.append(try pythonTwoString(try reader.take(Int(try reader.integer(Int32.self)))))
        case .shortBinstring: stack.append(try pythonTwoString(try reader.take(Int(try reader.byte()))))
        case .unicode: stack.append(.string(try unicodeLine()))
        case .binunicode: stack.append(try text(try reader.take(try reader.integer(UInt32.self))))
        case .shortBinunicode: stack.append(try text(try reader.take(Int(try reader.byte()))))
        case .binunicode8: stack.append(try text(try reader.take(try reader.integer(UInt64.self))))
        case .binbytes: stack.append(.bytes(Array(try reader.take(try reader.integer(UInt32.self)))))
        case .shortBinbytes: stack.append(.bytes(Array(try reader.take(Int(try reader.byte())))))
        case .binbytes8, .bytearray8: stack.append(.bytes(Array(try reader.take(try reader.integer(UInt64.self)))))
        default:
            throw CheckpointError.Reason.unsupported("\(reader.subject) refers to buffers outside the file")
        }
    }

    private func text(_ bytes: UnsafeRawBufferPointer) throws -> PickleItem {
        guard let string = String(validating: bytes, as: UTF8.self) else { throw malformed("text is not UTF-8") }
        return .string(string)
    }

    /// A `str` of Python 2 is text or bytes, nobody knows; UTF-8 decides.
    private func pythonTwoString(_ bytes: some Collection<UInt8>) throws -> PickleItem {
        if let string = String(validating: bytes, as: UTF8.self) { return .string(string) }
        return .bytes(Array(bytes))
    }

    /// Protocol 0 text: a Python string literal.
    private mutating func quotedLine() throws -> PickleItem {
        let line = try reader.line()
        guard line.count >= 2, let quote = line.first, quote == line.last,
            quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
        else { throw malformed("a string without quotes") }
        return try pythonTwoString(try unescape(line.dropFirst().dropLast()))
    }

    private func unescape(_ literal: some Sequence<UInt8>) throws -> [UInt8] {
        var result: [UInt8] = []
        var iterator = literal.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            switch iterator.next() {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "x"):
                guard let high = iterator.next(), let low = iterator.next(),
                    let value = Self.hexadecimal([high, low])
                else { throw malformed("a broken \\x in a string") }
                result.append(UInt8(truncatingIfNeeded: value))
            case .some(let other) where [UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(other):
                result.append(other)
            default: throw malformed("an unknown escape in a string")
            }
        }
        return result
    }

    /// Protocol 0 text in Python's `raw-unicode-escape`: Latin-1, with `\uXXXX` and `\UXXXXXXXX`.
    private mutating func unicodeLine() throws -> String {
        let line = try reader.line()
        var scalars = String.UnicodeScalarView()
        var position = 0
        while position < line.count {
            let next = position + 1 < line.count ? line[position + 1] : 0
            let digits = next == UInt8(ascii: "u") ? 4 : next == UInt8(ascii: "U") ? 8 : 0
            guard line[position] == UInt8(ascii: "\\"), digits > 0 else {
                scalars.append(Unicode.Scalar(line[position]))
                position += 1
                continue
            }
            let end = position + 2 + digits
            guard end <= line.count, let value = Self.hexadecimal(line[position + 2..<end]),
                let scalar = Unicode.Scalar(value)
            else { throw malformed("a broken \\u in a string") }
            scalars.append(scalar)
            position = end
        }
        return String(scalars)
    }

    private static func hexadecimal(_ digits: some Collection<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(number)
        }
        return value
    }
}
