extension Operator {
    fileprivate static let batchNorm = Operator("aten::batch_norm")
    fileprivate static let layerNorm = Operator("aten::layer_norm")
    fileprivate static let groupNorm = Operator("aten::group_norm")
    fileprivate static let instanceNorm = Operator("aten::instance_norm")
}

extension Tensor {
    /// Normalises every channel of `(N, C, …)`, in training by the batch's statistics, else by the running ones.
    ///
    /// In training `runningMean` and `runningVar` are updated in place.
    public func batchNorm(
        weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVar: Tensor?, training: Bool,
        momentum: Double = 0.1, eps: Double = 1e-5
    ) throws -> Tensor {
        try Operator.batchNorm(
            .tensor(self), IValue(weight), IValue(bias), IValue(runningMean), IValue(runningVar), .bool(training),
            .double(momentum), .double(eps), .bool(true))
    }

    /// Normalises over the last dimensions, which have the sizes `shape`.
    public func layerNorm(
        _ shape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-5
    ) throws -> Tensor {
        try Operator.layerNorm(.tensor(self), .ints(shape), IValue(weight), IValue(bias), .double(eps))
    }

    /// Normalises groups of channels of `(N, C, …)`.
    public func groupNorm(
        groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-5
    ) throws -> Tensor {
        try Operator.groupNorm(.tensor(self), .int(groups), IValue(weight), IValue(bias), .double(eps))
    }

    /// Normalises every channel of every sample of `(N, C, …)`, by its own statistics if `useInputStatistics`.
    public func instanceNorm(
        weight: Tensor? = nil, bias: Tensor? = nil, runningMean: Tensor? = nil, runningVar: Tensor? = nil,
        useInputStatistics: Bool = true, momentum: Double = 0.1, eps: Double = 1e-5
    ) throws -> Tensor {
        try Operator.instanceNorm(
            .tensor(self), IValue(weight), IValue(bias), IValue(runningMean), IValue(runningVar),
            .bool(useInputStatistics), .double(momentum), .double(eps), .bool(true))
    }
}
