/// Element types a tensor in a checkpoint can have, named as PyTorch names them.
///
/// Types outside this list (complex, quantised, float8, unsigned integers wider than a byte) are refused by name when
/// a file is opened: no pose model uses them, and guessing at their meaning would load wrong numbers.
public enum ScalarType: String, Sendable, Hashable, CaseIterable, Codable {
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

    /// True for the types that hold real numbers rather than integers or truth values.
    public var isFloatingPoint: Bool {
        switch self {
        case .float32, .float64, .float16, .bfloat16: true
        case .int64, .int32, .int16, .int8, .uint8, .bool: false
        }
    }
}
