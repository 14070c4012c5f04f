/// A numpy array of numbers or truth values as pickled: little-endian elements and their layout.
public struct PickledArray: Sendable {
    /// numpy's type code without byte order: `f8`, `f4`, `f2`, `i8` … `i1`, `u8` … `u1`, `b1`.
    public let typeCode: String
    /// Sizes; `[]` for a scalar.
    public let shape: [Int]
    /// True when the elements lie in column-major order.
    public let isFortranOrder: Bool
    /// The elements, little-endian, in the order they lie in memory.
    public let bytes: [UInt8]

    /// Number of elements.
    public var elementCount: Int { bytes.count / (Self.elementSizes[typeCode] ?? 1) }

    static let elementSizes = [
        "f8": 8, "f4": 4, "f2": 2, "i8": 8, "i4": 4, "i2": 2, "i1": 1, "u8": 8, "u4": 4, "u2": 2, "u1": 1, "b1": 1,
    ]

    /// The elements as numbers, in memory order; truth values are 0 and 1.
    public var doubles: [Double] {
        switch typeCode {
        case "f8": elements(UInt64.self).map(Double.init(bitPattern:))
        case "f4": elements(UInt32.self).map { Double(Float(bitPattern: $0)) }
        case "f2": elements(UInt16.self).map(Half.double)
        case "u8": elements(UInt64.self).map(Double.init)
        default: (integers ?? []).map(Double.init)
        }
    }

    /// The elements as integers, in memory order; `nil` for fractions and for values beyond `Int`.
    public var integers: [Int]? {
        switch typeCode {
        case "i8": elements(Int64.self).map(Int.init)
        case "i4": elements(Int32.self).map(Int.init)
        case "i2": elements(Int16.self).map(Int.init)
        case "i1": elements(Int8.self).map(Int.init)
        case "u8": elements(UInt64.self).allSatisfy { $0 <= Int.max } ? elements(UInt64.self).map { Int($0) } : nil
        case "u4": elements(UInt32.self).map(Int.init)
        case "u2": elements(UInt16.self).map(Int.init)
        case "u1", "b1": bytes.map(Int.init)
        default: nil
        }
    }

    private func elements<Element: FixedWidthInteger>(_ type: Element.Type) -> [Element] {
        bytes.withUnsafeBytes { buffer in
            stride(from: 0, to: buffer.count, by: MemoryLayout<Element>.size).map {
                Element(littleEndian: buffer.loadUnaligned(fromByteOffset: $0, as: Element.self))
            }
        }
    }
}

/// IEEE 754 half precision, which Swift lacks on Intel Macs.
enum Half {
    static func double(_ bits: UInt16) -> Double {
        let sign: FloatingPointSign = bits >> 15 == 0 ? .plus : .minus
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF)
        switch exponent {
        case 0: return Double(sign: sign, exponent: -24, significand: fraction)
        case 31: return fraction == 0 ? Double(signOf: sign == .plus ? 1 : -1, magnitudeOf: .infinity) : .nan
        default: return Double(sign: sign, exponent: exponent - 25, significand: 1024 + fraction)
        }
    }
}
