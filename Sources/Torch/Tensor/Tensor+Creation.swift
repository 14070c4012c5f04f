extension Operator {
    fileprivate static let empty = Operator("aten::empty.memory_format")
    fileprivate static let zeros = Operator("aten::zeros")
    fileprivate static let ones = Operator("aten::ones")
    fileprivate static let full = Operator("aten::full")
    fileprivate static let arange = Operator("aten::arange.start_step")
    fileprivate static let linspace = Operator("aten::linspace")
    fileprivate static let eye = Operator("aten::eye.m")
    fileprivate static let rand = Operator("aten::rand.generator")
    fileprivate static let randn = Operator("aten::randn.generator")
    fileprivate static let randint = Operator("aten::randint.low_generator")
    fileprivate static let randperm = Operator("aten::randperm.generator")
    fileprivate static let emptyLike = Operator("aten::empty_like")
    fileprivate static let zerosLike = Operator("aten::zeros_like")
    fileprivate static let onesLike = Operator("aten::ones_like")
    fileprivate static let fullLike = Operator("aten::full_like")
    fileprivate static let randLike = Operator("aten::rand_like")
    fileprivate static let randnLike = Operator("aten::randn_like")
}

extension Tensor {
    /// A tensor whose elements have no defined value yet.
    public static func empty(_ shape: [Int], dtype: ScalarType = .float32, device: Device = .cpu) throws -> Tensor {
        try Operator.empty(.ints(shape), IValue(dtype), .none, .device(device))
    }

    /// Zero everywhere.
    public static func zeros(_ shape: [Int], dtype: ScalarType = .float32, device: Device = .cpu) throws -> Tensor {
        try Operator.zeros(.ints(shape), IValue(dtype), .none, .device(device))
    }

    /// One everywhere.
    public static func ones(_ shape: [Int], dtype: ScalarType = .float32, device: Device = .cpu) throws -> Tensor {
        try Operator.ones(.ints(shape), IValue(dtype), .none, .device(device))
    }

    /// The same value everywhere.
    public static func full(
        _ shape: [Int], _ value: Double, dtype: ScalarType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try Operator.full(.ints(shape), .double(value), IValue(dtype), .none, .device(device))
    }

    /// `0, 1, …, end - 1` as int64 unless told otherwise.
    public static func arange(_ end: Int, dtype: ScalarType = .int64, device: Device = .cpu) throws -> Tensor {
        try Operator.arange(.int(0), .int(end), .int(1), IValue(dtype), .none, .device(device))
    }

    /// `start, start + step, …` up to but without `end`.
    public static func arange(
        from start: Int, to end: Int, step: Int = 1, dtype: ScalarType = .int64, device: Device = .cpu
    ) throws -> Tensor {
        try Operator.arange(.int(start), .int(end), .int(step), IValue(dtype), .none, .device(device))
    }

    /// `start, start + step, …` up to but without `end`.
    public static func arange(
        from start: Double, to end: Double, step: Double = 1, dtype: ScalarType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try Operator.arange(.double(start), .double(end), .double(step), IValue(dtype), .none, .device(device))
    }

    /// `steps` evenly spaced numbers, both ends included.
    public static func linspace(
        from start: Double, to end: Double, steps: Int, dtype: ScalarType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try Operator.linspace(.double(start), .double(end), .int(steps), IValue(dtype), .none, .device(device))
    }

    /// Ones on the diagonal of a matrix, square unless `columns` is given.
    public static func eye(
        _ rows: Int, columns: Int? = nil, dtype: ScalarType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try Operator.eye(.int(rows), .int(columns ?? rows), IValue(dtype), .none, .device(device))
    }

    /// Uniform in [0, 1). Without a generator the device's default one draws, see `manualSeed`.
    public static func rand(
        _ shape: [Int], generator: Generator? = nil, dtype: ScalarType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try Operator.rand(.ints(shape), IValue(generator), IValue(dtype), .none, .device(device))
    }

    /// Normal with mean 0 and variance 1.
    public static func randn(
        _ shape: [Int], generator: Generator? = nil, dtype: ScalarType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try Operator.randn(.ints(shape), IValue(generator), IValue(dtype), .none, .device(device))
    }

    /// Integers uniform in [low, high).
    public static func randint(
        _ low: Int = 0, _ high: Int, shape: [Int], generator: Generator? = nil, dtype: ScalarType = .int64,
        device: Device = .cpu
    ) throws -> Tensor {
        try Operator.randint(
            .int(low), .int(high), .ints(shape), IValue(generator), IValue(dtype), .none, .device(device))
    }

    /// A random order of `0..<count`.
    public static func randperm(
        _ count: Int, generator: Generator? = nil, dtype: ScalarType = .int64, device: Device = .cpu
    ) throws -> Tensor {
        try Operator.randperm(.int(count), IValue(generator), IValue(dtype), .none, .device(device))
    }

    /// Like `self` in shape, type and device, as all `…Like` methods, with undefined values.
    public func emptyLike() throws -> Tensor { try Operator.emptyLike(.tensor(self)) }

    /// Zeros.
    public func zerosLike() throws -> Tensor { try Operator.zerosLike(.tensor(self)) }

    /// Ones.
    public func onesLike() throws -> Tensor { try Operator.onesLike(.tensor(self)) }

    /// The same value everywhere.
    public func fullLike(_ value: Double) throws -> Tensor { try Operator.fullLike(.tensor(self), .double(value)) }

    /// Uniform in [0, 1), from the default generator.
    public func randLike() throws -> Tensor { try Operator.randLike(.tensor(self)) }

    /// Standard normal, from the default generator.
    public func randnLike() throws -> Tensor { try Operator.randnLike(.tensor(self)) }
}
