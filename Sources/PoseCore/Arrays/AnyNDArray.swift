/// An array whose element type is known only at run time, as files of arrays have them.
public enum AnyNDArray: Hashable, Sendable {
    case bool(NDArray<Bool>)
    case int8(NDArray<Int8>)
    case int16(NDArray<Int16>)
    case int32(NDArray<Int32>)
    case int64(NDArray<Int64>)
    case uint8(NDArray<UInt8>)
    case uint16(NDArray<UInt16>)
    case uint32(NDArray<UInt32>)
    case uint64(NDArray<UInt64>)
    /// Half precision, widened; every value is exact. Written as 32-bit floats.
    case float16(NDArray<Float>)
    case float32(NDArray<Float>)
    case float64(NDArray<Double>)
    case string(NDArray<String>)

    public var shape: [Int] {
        switch self {
        case .bool(let array): array.shape
        case .int8(let array): array.shape
        case .int16(let array): array.shape
        case .int32(let array): array.shape
        case .int64(let array): array.shape
        case .uint8(let array): array.shape
        case .uint16(let array): array.shape
        case .uint32(let array): array.shape
        case .uint64(let array): array.shape
        case .float16(let array), .float32(let array): array.shape
        case .float64(let array): array.shape
        case .string(let array): array.shape
        }
    }

    /// NumPy's name of the element type: "float32", "bool", "str".
    public var typeName: String {
        switch self {
        case .bool: "bool"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .uint8: "uint8"
        case .uint16: "uint16"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .float16: "float16"
        case .float32: "float32"
        case .float64: "float64"
        case .string: "str"
        }
    }

    /// All values as doubles (true is 1); nil for strings. Integers beyond 2⁵³ are rounded.
    public var doubles: NDArray<Double>? {
        switch self {
        case .bool(let array): array.map { $0 ? 1 : 0 }
        case .int8(let array): array.map(Double.init)
        case .int16(let array): array.map(Double.init)
        case .int32(let array): array.map(Double.init)
        case .int64(let array): array.map(Double.init)
        case .uint8(let array): array.map(Double.init)
        case .uint16(let array): array.map(Double.init)
        case .uint32(let array): array.map(Double.init)
        case .uint64(let array): array.map(Double.init)
        case .float16(let array), .float32(let array): array.map(Double.init)
        case .float64(let array): array
        case .string: nil
        }
    }

    /// All values as 32-bit floats; nil for strings.
    public var floats: NDArray<Float>? {
        switch self {
        case .float16(let array), .float32(let array): array
        default: doubles?.map(Float.init)
        }
    }

    /// All values as integers; nil unless the element type is a whole number or truth value and every value fits.
    public var integers: NDArray<Int>? {
        switch self {
        case .bool(let array): array.map { $0 ? 1 : 0 }
        case .int8(let array): array.map(Int.init)
        case .int16(let array): array.map(Int.init)
        case .int32(let array): array.map(Int.init)
        case .int64(let array): array.map(Int.init)
        case .uint8(let array): array.map(Int.init)
        case .uint16(let array): array.map(Int.init)
        case .uint32(let array): array.map(Int.init)
        case .uint64(let array): array.elements.allSatisfy { $0 <= UInt64(Int.max) } ? array.map { Int($0) } : nil
        case .float16, .float32, .float64, .string: nil
        }
    }

    /// The strings; nil for numbers.
    public var strings: NDArray<String>? {
        if case .string(let array) = self { array } else { nil }
    }
}
