extension Operator {
    fileprivate static let exp = Operator("aten::exp")
    fileprivate static let expm1 = Operator("aten::expm1")
    fileprivate static let log = Operator("aten::log")
    fileprivate static let log1p = Operator("aten::log1p")
    fileprivate static let log2 = Operator("aten::log2")
    fileprivate static let sqrt = Operator("aten::sqrt")
    fileprivate static let rsqrt = Operator("aten::rsqrt")
    fileprivate static let square = Operator("aten::square")
    fileprivate static let abs = Operator("aten::abs")
    fileprivate static let sign = Operator("aten::sign")
    fileprivate static let sin = Operator("aten::sin")
    fileprivate static let cos = Operator("aten::cos")
    fileprivate static let tan = Operator("aten::tan")
    fileprivate static let asin = Operator("aten::asin")
    fileprivate static let acos = Operator("aten::acos")
    fileprivate static let atan = Operator("aten::atan")
    fileprivate static let atan2 = Operator("aten::atan2")
    fileprivate static let erf = Operator("aten::erf")
    fileprivate static let erfinv = Operator("aten::erfinv")
    fileprivate static let floor = Operator("aten::floor")
    fileprivate static let ceil = Operator("aten::ceil")
    fileprivate static let round = Operator("aten::round")
    fileprivate static let trunc = Operator("aten::trunc")
    fileprivate static let frac = Operator("aten::frac")
    fileprivate static let clamp = Operator("aten::clamp")
    fileprivate static let clampTensor = Operator("aten::clamp.Tensor")
    fileprivate static let clampInPlace = Operator("aten::clamp_")
    fileprivate static let maximum = Operator("aten::maximum")
    fileprivate static let minimum = Operator("aten::minimum")
    fileprivate static let nanToNum = Operator("aten::nan_to_num")
}

// Element by element.
extension Tensor {
    /// `e` to the power of each element.
    public func exp() throws -> Tensor { try Operator.exp(.tensor(self)) }

    /// `exp(x) - 1`, exact near zero.
    public func expm1() throws -> Tensor { try Operator.expm1(.tensor(self)) }

    /// The natural logarithm.
    public func log() throws -> Tensor { try Operator.log(.tensor(self)) }

    /// `log(1 + x)`, exact near zero.
    public func log1p() throws -> Tensor { try Operator.log1p(.tensor(self)) }

    /// The logarithm to base 2.
    public func log2() throws -> Tensor { try Operator.log2(.tensor(self)) }

    /// The square root; NaN for negative elements.
    public func sqrt() throws -> Tensor { try Operator.sqrt(.tensor(self)) }

    /// `1 / sqrt(x)`.
    public func rsqrt() throws -> Tensor { try Operator.rsqrt(.tensor(self)) }

    /// `x · x`.
    public func square() throws -> Tensor { try Operator.square(.tensor(self)) }

    /// The absolute value.
    public func abs() throws -> Tensor { try Operator.abs(.tensor(self)) }

    /// -1, 0 or 1.
    public func sign() throws -> Tensor { try Operator.sign(.tensor(self)) }

    /// The sine of radians.
    public func sin() throws -> Tensor { try Operator.sin(.tensor(self)) }

    /// The cosine of radians.
    public func cos() throws -> Tensor { try Operator.cos(.tensor(self)) }

    /// The tangent of radians.
    public func tan() throws -> Tensor { try Operator.tan(.tensor(self)) }

    /// The arc sine in radians.
    public func asin() throws -> Tensor { try Operator.asin(.tensor(self)) }

    /// The arc cosine in radians.
    public func acos() throws -> Tensor { try Operator.acos(.tensor(self)) }

    /// The arc tangent in radians.
    public func atan() throws -> Tensor { try Operator.atan(.tensor(self)) }

    /// The angle of the point `(x, self)`.
    public func atan2(_ x: Tensor) throws -> Tensor { try Operator.atan2(.tensor(self), .tensor(x)) }

    /// The error function.
    public func erf() throws -> Tensor { try Operator.erf(.tensor(self)) }

    /// The inverse of the error function.
    public func erfinv() throws -> Tensor { try Operator.erfinv(.tensor(self)) }

    /// The next integer below.
    public func floor() throws -> Tensor { try Operator.floor(.tensor(self)) }

    /// The next integer above.
    public func ceil() throws -> Tensor { try Operator.ceil(.tensor(self)) }

    /// To the nearest integer, halves to the even one.
    public func round() throws -> Tensor { try Operator.round(.tensor(self)) }

    /// Towards zero.
    public func trunc() throws -> Tensor { try Operator.trunc(.tensor(self)) }

    /// What `trunc` takes away.
    public func frac() throws -> Tensor { try Operator.frac(.tensor(self)) }

    /// Limits the elements; at least one limit must be given.
    public func clamp(min: Double? = nil, max: Double? = nil) throws -> Tensor {
        try Operator.clamp(.tensor(self), IValue(min), IValue(max))
    }

    /// Limits the elements to tensors that broadcast.
    public func clamp(min: Tensor?, max: Tensor?) throws -> Tensor {
        try Operator.clampTensor(.tensor(self), IValue(min), IValue(max))
    }

    /// `clamp` in place; returns `self`.
    @discardableResult
    public func clamp_(min: Double? = nil, max: Double? = nil) throws -> Tensor {
        try Operator.clampInPlace(.tensor(self), IValue(min), IValue(max))
    }

    /// The larger of two elements.
    public func maximum(_ other: Tensor) throws -> Tensor { try Operator.maximum(.tensor(self), .tensor(other)) }

    /// The smaller of two elements.
    public func minimum(_ other: Tensor) throws -> Tensor { try Operator.minimum(.tensor(self), .tensor(other)) }

    /// Replaces NaN by `nan` and infinities by the largest numbers, unless others are given.
    public func nanToNum(
        nan: Double = 0, positiveInfinity: Double? = nil, negativeInfinity: Double? = nil
    ) throws -> Tensor {
        try Operator.nanToNum(.tensor(self), .double(nan), IValue(positiveInfinity), IValue(negativeInfinity))
    }
}
