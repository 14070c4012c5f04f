/// An argument or a result of an operator, as libtorch's interpreter has them.
public enum IValue: Sendable {
    case none
    case tensor(Tensor)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case string(String)
    case ints([Int])
    case doubles([Double])
    case bools([Bool])
    case tensors([Tensor])
    /// For operators that take `Tensor?[]`, such as `aten::index`.
    case optionalTensors([Tensor?])
    case device(Device)
    case generator(Generator)

    /// `.none` for nil.
    public init(_ tensor: Tensor?) { self = tensor.map(IValue.tensor) ?? .none }
    /// `.none` for nil.
    public init(_ value: Int?) { self = value.map(IValue.int) ?? .none }
    /// `.none` for nil.
    public init(_ value: Double?) { self = value.map(IValue.double) ?? .none }
    /// `.none` for nil.
    public init(_ values: [Int]?) { self = values.map(IValue.ints) ?? .none }
    /// `.none` for nil.
    public init(_ values: [Double]?) { self = values.map(IValue.doubles) ?? .none }
    /// libtorch passes data types as numbers; `.none` for nil.
    public init(_ dtype: ScalarType?) { self = dtype.map { .int(Int($0.code)) } ?? .none }
    /// `.none` for nil.
    public init(_ device: Device?) { self = device.map(IValue.device) ?? .none }
    /// `.none` for nil.
    public init(_ generator: Generator?) { self = generator.map(IValue.generator) ?? .none }
    /// libtorch passes memory formats as numbers; `.none` for nil.
    public init(_ format: MemoryFormat?) { self = format.map { .int($0.rawValue) } ?? .none }
}

/// The order in memory of a dense tensor's elements.
public enum MemoryFormat: Int, Sendable {
    case contiguous = 0
    /// As the input has it.
    case preserve = 1
    /// NHWC for a tensor whose shape is `(N, C, H, W)`.
    case channelsLast = 2
    /// NDHWC for a tensor whose shape is `(N, C, D, H, W)`.
    case channelsLast3d = 3
}
