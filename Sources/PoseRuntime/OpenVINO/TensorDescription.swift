import COpenVINO

/// Types of numbers in a network's inputs and outputs.
public enum TensorElement: Hashable, Sendable, CustomStringConvertible {
    case float32, float64, int32, int64, uint8
    /// A type that has no counterpart here, by OpenVINO's number.
    case other(Int)

    init(_ type: ov_element_type_e) {
        self =
            switch type {
            case F32: .float32
            case F64: .float64
            case I32: .int32
            case I64: .int64
            case U8: .uint8
            default: .other(Int(type.rawValue))
            }
    }

    /// The type's name, as in messages.
    public var description: String {
        switch self {
        case .float32: "float32"
        case .float64: "float64"
        case .int32: "int32"
        case .int64: "int64"
        case .uint8: "uint8"
        case .other(let number): "OpenVINO type \(number)"
        }
    }
}

/// A Swift type that is stored in tensors as it is.
public protocol TensorScalar: BitwiseCopyable, Sendable {
    /// What OpenVINO calls it.
    static var tensorElement: TensorElement { get }
}

extension Float: TensorScalar {
    /// What OpenVINO calls it.
    public static var tensorElement: TensorElement { .float32 }
}
extension Double: TensorScalar {
    /// What OpenVINO calls it.
    public static var tensorElement: TensorElement { .float64 }
}
extension Int32: TensorScalar {
    /// What OpenVINO calls it.
    public static var tensorElement: TensorElement { .int32 }
}
extension Int64: TensorScalar {
    /// What OpenVINO calls it.
    public static var tensorElement: TensorElement { .int64 }
}
extension UInt8: TensorScalar {
    /// What OpenVINO calls it.
    public static var tensorElement: TensorElement { .uint8 }
}

/// An input or output of a network.
public struct TensorDescription: Hashable, Sendable {
    /// The name the model gives it.
    public let name: String
    /// Sizes; nil where any size will do.
    public let shape: [Int?]
    /// Type of its numbers.
    public let element: TensorElement

    /// Whether a tensor of this shape fits.
    public func accepts(_ shape: [Int]) -> Bool {
        shape.count == self.shape.count && zip(shape, self.shape).allSatisfy { $1 == nil || $0 == $1 }
    }

    init(port: OpaquePointer, fallbackName: String) throws(OpenVINOError) {
        var type = DYNAMIC
        try check("read an element type", ov_port_get_element_type(port, &type))
        element = TensorElement(type)

        // Ports without a name are legal (older IR files).
        var name: UnsafeMutablePointer<CChar>?
        if ov_port_get_any_name(port, &name).rawValue == 0, let name {
            self.name = String(cString: name)
            ov_free(name)
        } else {
            self.name = fallbackName
        }

        var partial = ov_partial_shape_t()
        try check("read a shape", ov_port_get_partial_shape(port, &partial))
        defer { ov_partial_shape_free(&partial) }
        var sizes: [Int?] = []
        if partial.rank.min == partial.rank.max, let dimensions = partial.dims {
            for index in 0..<max(0, Int(partial.rank.max)) {
                let dimension = dimensions[index]
                sizes.append(dimension.min == dimension.max ? Int(dimension.max) : nil)
            }
        }
        shape = sizes
    }
}
