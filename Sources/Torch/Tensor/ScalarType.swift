/// The type of a tensor's elements.
public enum ScalarType: String, CaseIterable, Hashable, Sendable {
    case float32, float64, float16, bfloat16, int64, int32, int16, int8, uint8, bool

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Whether the elements have fractions.
    public var isFloatingPoint: Bool {
        switch self {
        case .float32, .float64, .float16, .bfloat16: true
        default: false
        }
    }

    /// The number of this type in `c10::ScalarType`.
    var code: Int32 {
        switch self {
        case .uint8: 0
        case .int8: 1
        case .int16: 2
        case .int32: 3
        case .int64: 4
        case .float16: 5
        case .float32: 6
        case .float64: 7
        case .bool: 11
        case .bfloat16: 15
        }
    }

    private static let byCode: [Int32: ScalarType] = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.code, $0) })

    /// nil for types this package has no use for, such as complex and quantised numbers.
    init?(code: Int32) {
        guard let type = Self.byCode[code] else { return nil }
        self = type
    }
}

/// A Swift type whose values can be the elements of a tensor, with the same layout in memory.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// The type of tensors made of such values.
    static var scalarType: ScalarType { get }
}

extension Float: TensorElement {
    /// `.float32`.
    public static var scalarType: ScalarType { .float32 }
}

extension Double: TensorElement {
    /// `.float64`.
    public static var scalarType: ScalarType { .float64 }
}

extension Int: TensorElement {
    /// `.int64`.
    public static var scalarType: ScalarType { .int64 }
}

extension Int64: TensorElement {
    /// `.int64`.
    public static var scalarType: ScalarType { .int64 }
}

extension Int32: TensorElement {
    /// `.int32`.
    public static var scalarType: ScalarType { .int32 }
}

extension Int16: TensorElement {
    /// `.int16`.
    public static var scalarType: ScalarType { .int16 }
}

extension Int8: TensorElement {
    /// `.int8`.
    public static var scalarType: ScalarType { .int8 }
}

extension UInt8: TensorElement {
    /// `.uint8`.
    public static var scalarType: ScalarType { .uint8 }
}

extension Bool: TensorElement {
    /// `.bool`.
    public static var scalarType: ScalarType { .bool }
}
