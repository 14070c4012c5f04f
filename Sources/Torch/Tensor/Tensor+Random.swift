extension Operator {
    fileprivate static let uniformInPlace = Operator("aten::uniform_")
    fileprivate static let normalInPlace = Operator("aten::normal_")
    fileprivate static let erfinvInPlace = Operator("aten::erfinv_")
    fileprivate static let bernoulliInPlace = Operator("aten::bernoulli_.float")
    fileprivate static let multinomial = Operator("aten::multinomial")
}

// In place; without a generator the device's default one draws, see `manualSeed`. Each returns `self`.
extension Tensor {
    /// Uniform in [low, high).
    @discardableResult
    public func uniform_(_ low: Double = 0, _ high: Double = 1, generator: Generator? = nil) throws -> Tensor {
        try Operator.uniformInPlace(.tensor(self), .double(low), .double(high), IValue(generator))
    }

    /// Normally distributed.
    @discardableResult
    public func normal_(mean: Double = 0, std: Double = 1, generator: Generator? = nil) throws -> Tensor {
        try Operator.normalInPlace(.tensor(self), .double(mean), .double(std), IValue(generator))
    }

    /// The inverse of the error function.
    @discardableResult
    public func erfinv_() throws -> Tensor { try Operator.erfinvInPlace(.tensor(self)) }

    /// One with probability `p`, else zero.
    @discardableResult
    public func bernoulli_(p: Double, generator: Generator? = nil) throws -> Tensor {
        try Operator.bernoulliInPlace(.tensor(self), .double(p), IValue(generator))
    }

    /// Indices drawn with the probabilities in the rows of `self`.
    public func multinomial(_ count: Int, replacement: Bool = false, generator: Generator? = nil) throws -> Tensor {
        try Operator.multinomial(.tensor(self), .int(count), .bool(replacement), IValue(generator))
    }
}
