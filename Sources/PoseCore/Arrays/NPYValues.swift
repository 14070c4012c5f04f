/// The values behind an `.npy` header: bytes in a given type, byte order and shape.
struct NPYValues {
    private let bytes: UnsafeRawBufferPointer
    private let shape: [Int]
    private let count: Int
    private let isBigEndian: Bool
    private let kind: Character
    private let size: Int
    private let descriptor: String

    init(bytes: UnsafeRawBufferPointer, header: NPYHeader) throws {
        descriptor = header.descriptor
        shape = header.shape
        let (order, rest) = Self.split(header.descriptor)
        guard let kind = rest.first, let size = Int(rest.dropFirst()), size >= 0, size <= 1 << 24 else {
            // "O" has no size, "M8[ns]" a unit.
            throw ArrayFileError(.unsupported("element type '\(header.descriptor)'"))
        }
        self.kind = kind
        self.size = kind == "U" ? size * 4 : size
        isBigEndian = order == ">"
        do {
            count = try NDArray<UInt8>.count(of: header.shape)
        } catch {
            throw ArrayFileError(.corrupt("shape \(header.shape) does not fit in memory"))
        }
        // Arrays of empty strings have no bytes that could bound their number.
        let (needed, overflow) = count.multipliedReportingOverflow(by: max(self.size, size == 0 ? 1 : 0))
        guard !overflow, needed <= bytes.count || (size == 0 && count <= 1 << 20) else {
            throw ArrayFileError(.truncated)
        }
        self.bytes = bytes
    }

    private static func split(_ descriptor: String) -> (order: Character, rest: Substring) {
        if let first = descriptor.first, "<>=|".contains(first) { return (first, descriptor.dropFirst()) }
        return ("=", descriptor[...])
    }

    func array() throws -> AnyNDArray {
        switch (kind, size) {
        case ("b", 1): .bool(values(UInt8.self) { $0 != 0 })
        case ("i", 1): .int8(values(Int8.self) { $0 })
        case ("i", 2): .int16(values(Int16.self) { $0 })
        case ("i", 4): .int32(values(Int32.self) { $0 })
        case ("i", 8): .int64(values(Int64.self) { $0 })
        case ("u", 1): .uint8(values(UInt8.self) { $0 })
        case ("u", 2): .uint16(values(UInt16.self) { $0 })
        case ("u", 4): .uint32(values(UInt32.self) { $0 })
        case ("u", 8): .uint64(values(UInt64.self) { $0 })
        case ("f", 2): .float16(values(UInt16.self, HalfPrecision.widen))
        case ("f", 4): .float32(values(UInt32.self, Float.init(bitPattern:)))
        case ("f", 8): .float64(values(UInt64.self, Double.init(bitPattern:)))
        case ("U", _): .string(try strings(unit: UInt32.self))
        case ("S", _), ("a", _): .string(try strings(unit: UInt8.self))
        default: throw ArrayFileError(.unsupported("element type '\(descriptor)'"))
        }
    }

    private func values<Raw: FixedWidthInteger, T: Sendable>(_ raw: Raw.Type, _ make: (Raw) -> T) -> NDArray<T> {
        let width = MemoryLayout<Raw>.size
        let result = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count {
                let value = bytes.loadUnaligned(fromByteOffset: index * width, as: Raw.self)
                buffer.initializeElement(
                    at: index, to: make(isBigEndian ? Raw(bigEndian: value) : Raw(littleEndian: value)))
            }
            initialized = count
        }
        return NDArray(unchecked: result, shape: shape)
    }

    /// Fixed-length strings of UTF-32 or byte units, padded with zeros.
    private func strings<Unit: FixedWidthInteger>(unit: Unit.Type) throws -> NDArray<String> {
        let width = MemoryLayout<Unit>.size
        let result = try (0..<count).map { index in
            var units: [Unit] = (0..<size / width).map {
                let value = bytes.loadUnaligned(fromByteOffset: index * size + $0 * width, as: Unit.self)
                return isBigEndian ? Unit(bigEndian: value) : Unit(littleEndian: value)
            }
            while units.last == 0 { units.removeLast() }
            if width == 1 { return String(decoding: units.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self) }
            var text = String.UnicodeScalarView()
            for unit in units {
                guard let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: unit)) else {
                    throw ArrayFileError(.corrupt("a string has a unit that is no Unicode character"))
                }
                text.append(scalar)
            }
            return String(text)
        }
        return NDArray(unchecked: result, shape: shape)
    }
}

/// IEEE 754 half precision without `Float16`, which is missing on Intel Macs.
enum HalfPrecision {
    static func widen(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x3FF)
        return switch exponent {
        case 0: Float(bitPattern: sign | 0x3F80_0000) * Float(fraction) * 0x1p-24
        case 0x1F: Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
