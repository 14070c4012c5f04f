/// The header of an `.npy` file (NumPy enhancement proposal 1): element type, memory order and shape, written as a Python
/// dictionary.
struct NPYHeader: Hashable {
    /// As NumPy writes it: "<f4".
    var descriptor: String
    var isFortranOrder: Bool
    var shape: [Int]

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    init(descriptor: String, isFortranOrder: Bool = false, shape: [Int]) {
        self.descriptor = descriptor
        self.isFortranOrder = isFortranOrder
        self.shape = shape
    }

    /// Reads the header; `dataOffset` is where the values begin.
    static func parse(_ bytes: UnsafeRawBufferPointer) throws -> (header: NPYHeader, dataOffset: Int) {
        guard bytes.starts(with: magic) else { throw ArrayFileError(.notAnArrayFile) }
        guard bytes.count >= 10 else { throw ArrayFileError(.truncated) }
        let version = bytes[6]
        let start = version == 1 ? 10 : 12
        guard (1...3).contains(version) else { throw ArrayFileError(.unsupported(".npy version \(version)")) }
        guard let length = version == 1 ? bytes.littleEndian16(8) : bytes.littleEndian32(8),
            start + length <= bytes.count
        else { throw ArrayFileError(.truncated) }
        let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
        var parser = PythonLiteralParser(text)
        return (try parser.header(), start + length)
    }

    /// The bytes before the values, padded so that those begin at a multiple of 64.
    func encoded() -> [UInt8] {
        let extents = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
        let order = isFortranOrder ? "True" : "False"
        let text = "{'descr': '\(descriptor)', 'fortran_order': \(order), 'shape': (\(extents)), }"
        var bytes = Self.magic + [1, 0]
        let unpadded = bytes.count + 2 + text.utf8.count + 1
        let length = text.utf8.count + 1 + (64 - unpadded % 64) % 64
        bytes += [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
        bytes += Array(text.utf8) + Array(repeating: UInt8(ascii: " "), count: length - 1 - text.utf8.count)
        return bytes + [UInt8(ascii: "\n")]
    }
}

/// Just enough Python to read the dictionary of an `.npy` header. Nothing is evaluated.
private struct PythonLiteralParser {
    private var rest: Substring

    init(_ text: String) {
        rest = text[...]
    }

    mutating func header() throws -> NPYHeader {
        var descriptor: String?
        var order: Bool?
        var shape: [Int]?
        try expect("{")
        while !take("}") {
            let key = try string()
            try expect(":")
            switch key {
            case "descr": descriptor = try type()
            case "fortran_order": order = try boolean()
            case "shape": shape = try tuple()
            default: throw corrupt("unknown key '\(key)' in the header")
            }
            if !take(",") {
                try expect("}")
                break
            }
        }
        guard let descriptor, let order, let shape else {
            throw corrupt("the header lacks descr, fortran_order or shape")
        }
        return NPYHeader(descriptor: descriptor, isFortranOrder: order, shape: shape)
    }

    private func corrupt(_ message: String) -> ArrayFileError { ArrayFileError(.corrupt(message)) }

    private mutating func take(_ token: String) -> Bool {
        rest = rest.drop { $0.isWhitespace }
        guard rest.hasPrefix(token) else { return false }
        rest = rest.dropFirst(token.count)
        return true
    }

    private mutating func expect(_ token: String) throws {
        guard take(token) else { throw corrupt("'\(token)' expected in the header") }
    }

    private mutating func string() throws -> String {
        for quote in ["'", "\""] where take(quote) {
            guard let end = rest.firstIndex(of: Character(quote)) else {
                throw corrupt("a string in the header has no end")
            }
            defer { rest = rest[rest.index(after: end)...] }
            return String(rest[..<end])
        }
        throw corrupt("a string expected in the header")
    }

    private mutating func type() throws -> String {
        if take("[") || take("(") || take("{") { throw ArrayFileError(.unsupported("arrays of records")) }
        return try string()
    }

    private mutating func boolean() throws -> Bool {
        if take("True") { return true }
        if take("False") { return false }
        throw corrupt("True or False expected in the header")
    }

    private mutating func tuple() throws -> [Int] {
        try expect("(")
        var values: [Int] = []
        while !take(")") {
            rest = rest.drop { $0.isWhitespace }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let value = Int(digits) else {
                throw corrupt("the shape has an extent that is no number or too large")
            }
            rest = rest.dropFirst(digits.count)
            _ = take("L")  // Python 2 wrote long integers so.
            values.append(value)
            guard values.count <= 64 else { throw corrupt("more than 64 dimensions") }
            if !take(",") {
                try expect(")")
                break
            }
        }
        return values
    }
}
