extension Operator {
    fileprivate static let sum = Operator("aten::sum")
    fileprivate static let sumDims = Operator("aten::sum.dim_IntList")
    fileprivate static let mean = Operator("aten::mean")
    fileprivate static let meanDims = Operator("aten::mean.dim")
    fileprivate static let prod = Operator("aten::prod.dim_int")
    fileprivate static let variance = Operator("aten::var.correction")
    fileprivate static let std = Operator("aten::std.correction")
    fileprivate static let amax = Operator("aten::amax")
    fileprivate static let amin = Operator("aten::amin")
    fileprivate static let max = Operator("aten::max")
    fileprivate static let min = Operator("aten::min")
    fileprivate static let maxDim = Operator("aten::max.dim")
    fileprivate static let minDim = Operator("aten::min.dim")
    fileprivate static let argmax = Operator("aten::argmax")
    fileprivate static let argmin = Operator("aten::argmin")
    fileprivate static let any = Operator("aten::any")
    fileprivate static let anyDim = Operator("aten::any.dim")
    fileprivate static let all = Operator("aten::all")
    fileprivate static let allDim = Operator("aten::all.dim")
    fileprivate static let logsumexp = Operator("aten::logsumexp")
    fileprivate static let norm = Operator("aten::linalg_vector_norm")
    fileprivate static let cumsum = Operator("aten::cumsum")
    fileprivate static let cumprod = Operator("aten::cumprod")
    fileprivate static let median = Operator("aten::median")
    fileprivate static let countNonzero = Operator("aten::count_nonzero")
}

// Over all elements, or over dimensions, which vanish unless `keepDim`.
extension Tensor {
    /// Integers are summed as int64.
    public func sum() throws -> Tensor { try Operator.sum(.tensor(self)) }

    /// The sum along one dimension.
    public func sum(dim: Int, keepDim: Bool = false) throws -> Tensor { try sum(dims: [dim], keepDim: keepDim) }

    /// The sum over dimensions.
    public func sum(dims: [Int], keepDim: Bool = false) throws -> Tensor {
        try Operator.sumDims(.tensor(self), .ints(dims), .bool(keepDim))
    }

    /// The mean of all elements.
    public func mean() throws -> Tensor { try Operator.mean(.tensor(self)) }

    /// The mean along one dimension.
    public func mean(dim: Int, keepDim: Bool = false) throws -> Tensor { try mean(dims: [dim], keepDim: keepDim) }

    /// The mean over dimensions.
    public func mean(dims: [Int], keepDim: Bool = false) throws -> Tensor {
        try Operator.meanDims(.tensor(self), .ints(dims), .bool(keepDim))
    }

    /// The product along one dimension.
    public func prod(dim: Int, keepDim: Bool = false) throws -> Tensor {
        try Operator.prod(.tensor(self), .int(dim), .bool(keepDim))
    }

    /// The variance with divisor `n - correction`; nil reduces all dimensions.
    public func variance(dims: [Int]? = nil, correction: Int = 1, keepDim: Bool = false) throws -> Tensor {
        try Operator.variance(.tensor(self), IValue(dims), .int(correction), .bool(keepDim))
    }

    /// The standard deviation with divisor `n - correction`; nil reduces all dimensions.
    public func std(dims: [Int]? = nil, correction: Int = 1, keepDim: Bool = false) throws -> Tensor {
        try Operator.std(.tensor(self), IValue(dims), .int(correction), .bool(keepDim))
    }

    /// The largest elements along one dimension; equal ones share the gradient.
    public func amax(dim: Int, keepDim: Bool = false) throws -> Tensor { try amax(dims: [dim], keepDim: keepDim) }

    /// The largest elements over dimensions; equal ones share the gradient.
    public func amax(dims: [Int], keepDim: Bool = false) throws -> Tensor {
        try Operator.amax(.tensor(self), .ints(dims), .bool(keepDim))
    }

    /// The smallest elements along one dimension; equal ones share the gradient.
    public func amin(dim: Int, keepDim: Bool = false) throws -> Tensor { try amin(dims: [dim], keepDim: keepDim) }

    /// The smallest elements over dimensions; equal ones share the gradient.
    public func amin(dims: [Int], keepDim: Bool = false) throws -> Tensor {
        try Operator.amin(.tensor(self), .ints(dims), .bool(keepDim))
    }

    /// The largest element.
    public func max() throws -> Tensor { try Operator.max(.tensor(self)) }

    /// The smallest element.
    public func min() throws -> Tensor { try Operator.min(.tensor(self)) }

    /// The largest elements along `dim` and where they are.
    public func max(dim: Int, keepDim: Bool = false) throws -> (values: Tensor, indices: Tensor) {
        try Operator.maxDim.pair(.tensor(self), .int(dim), .bool(keepDim))
    }

    /// The smallest elements along `dim` and where they are.
    public func min(dim: Int, keepDim: Bool = false) throws -> (values: Tensor, indices: Tensor) {
        try Operator.minDim.pair(.tensor(self), .int(dim), .bool(keepDim))
    }

    /// Where the largest element is; nil counts through all elements in row-major order.
    public func argmax(dim: Int? = nil, keepDim: Bool = false) throws -> Tensor {
        try Operator.argmax(.tensor(self), IValue(dim), .bool(keepDim))
    }

    /// Where the smallest element is; nil counts through all elements in row-major order.
    public func argmin(dim: Int? = nil, keepDim: Bool = false) throws -> Tensor {
        try Operator.argmin(.tensor(self), IValue(dim), .bool(keepDim))
    }

    /// Whether any element is not zero.
    public func any() throws -> Tensor { try Operator.any(.tensor(self)) }

    /// Whether any element along one dimension is not zero.
    public func any(dim: Int, keepDim: Bool = false) throws -> Tensor {
        try Operator.anyDim(.tensor(self), .int(dim), .bool(keepDim))
    }

    /// Whether no element is zero.
    public func all() throws -> Tensor { try Operator.all(.tensor(self)) }

    /// Whether no element along one dimension is zero.
    public func all(dim: Int, keepDim: Bool = false) throws -> Tensor {
        try Operator.allDim(.tensor(self), .int(dim), .bool(keepDim))
    }

    /// `log(sum(exp(x)))` without overflow.
    public func logsumexp(dims: [Int], keepDim: Bool = false) throws -> Tensor {
        try Operator.logsumexp(.tensor(self), .ints(dims), .bool(keepDim))
    }

    /// The vector norm of order `p`; nil reduces all dimensions.
    public func norm(p: Double = 2, dims: [Int]? = nil, keepDim: Bool = false) throws -> Tensor {
        try Operator.norm(.tensor(self), .double(p), IValue(dims), .bool(keepDim))
    }

    /// The vector norm of order `p` along one dimension.
    public func norm(p: Double = 2, dim: Int, keepDim: Bool = false) throws -> Tensor {
        try norm(p: p, dims: [dim], keepDim: keepDim)
    }

    /// Sums of all elements up to each along `dim`.
    public func cumsum(dim: Int) throws -> Tensor { try Operator.cumsum(.tensor(self), .int(dim)) }

    /// Products of all elements up to each along `dim`.
    public func cumprod(dim: Int) throws -> Tensor { try Operator.cumprod(.tensor(self), .int(dim)) }

    /// The lower of the two middle elements.
    public func median() throws -> Tensor { try Operator.median(.tensor(self)) }

    /// How many elements are not zero.
    public func countNonzero() throws -> Tensor { try Operator.countNonzero(.tensor(self)) }
}
