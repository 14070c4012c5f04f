extension Operator {
    fileprivate static let eq = Operator("aten::eq.Tensor")
    fileprivate static let ne = Operator("aten::ne.Tensor")
    fileprivate static let lt = Operator("aten::lt.Tensor")
    fileprivate static let le = Operator("aten::le.Tensor")
    fileprivate static let gt = Operator("aten::gt.Tensor")
    fileprivate static let ge = Operator("aten::ge.Tensor")
    fileprivate static let eqScalar = Operator("aten::eq.Scalar")
    fileprivate static let neScalar = Operator("aten::ne.Scalar")
    fileprivate static let ltScalar = Operator("aten::lt.Scalar")
    fileprivate static let leScalar = Operator("aten::le.Scalar")
    fileprivate static let gtScalar = Operator("aten::gt.Scalar")
    fileprivate static let geScalar = Operator("aten::ge.Scalar")
    fileprivate static let logicalAnd = Operator("aten::logical_and")
    fileprivate static let logicalOr = Operator("aten::logical_or")
    fileprivate static let logicalXor = Operator("aten::logical_xor")
    fileprivate static let logicalNot = Operator("aten::logical_not")
    fileprivate static let `where` = Operator("aten::where.self")
    fileprivate static let isnan = Operator("aten::isnan")
    fileprivate static let isinf = Operator("aten::isinf")
    fileprivate static let isfinite = Operator("aten::isfinite")
    fileprivate static let isclose = Operator("aten::isclose")
}

// Element by element, giving bools. Methods, because `==` on tensors should not look like one answer.
extension Tensor {
    /// Where the elements are equal.
    public func eq(_ other: Tensor) throws -> Tensor { try Operator.eq(.tensor(self), .tensor(other)) }

    /// Where the elements differ.
    public func ne(_ other: Tensor) throws -> Tensor { try Operator.ne(.tensor(self), .tensor(other)) }

    /// Where `self` is less.
    public func lt(_ other: Tensor) throws -> Tensor { try Operator.lt(.tensor(self), .tensor(other)) }

    /// Where `self` is less or equal.
    public func le(_ other: Tensor) throws -> Tensor { try Operator.le(.tensor(self), .tensor(other)) }

    /// Where `self` is greater.
    public func gt(_ other: Tensor) throws -> Tensor { try Operator.gt(.tensor(self), .tensor(other)) }

    /// Where `self` is greater or equal.
    public func ge(_ other: Tensor) throws -> Tensor { try Operator.ge(.tensor(self), .tensor(other)) }

    /// Where the elements equal a number.
    public func eq(_ other: some TensorScalar) throws -> Tensor {
        try Operator.eqScalar(.tensor(self), other.scalarValue)
    }

    /// Where the elements differ from a number.
    public func ne(_ other: some TensorScalar) throws -> Tensor {
        try Operator.neScalar(.tensor(self), other.scalarValue)
    }

    /// Where the elements are less than a number.
    public func lt(_ other: some TensorScalar) throws -> Tensor {
        try Operator.ltScalar(.tensor(self), other.scalarValue)
    }

    /// Where the elements are at most a number.
    public func le(_ other: some TensorScalar) throws -> Tensor {
        try Operator.leScalar(.tensor(self), other.scalarValue)
    }

    /// Where the elements are greater than a number.
    public func gt(_ other: some TensorScalar) throws -> Tensor {
        try Operator.gtScalar(.tensor(self), other.scalarValue)
    }

    /// Where the elements are at least a number.
    public func ge(_ other: some TensorScalar) throws -> Tensor {
        try Operator.geScalar(.tensor(self), other.scalarValue)
    }

    /// Where both are not zero.
    public func logicalAnd(_ other: Tensor) throws -> Tensor {
        try Operator.logicalAnd(.tensor(self), .tensor(other))
    }

    /// Where one is not zero.
    public func logicalOr(_ other: Tensor) throws -> Tensor { try Operator.logicalOr(.tensor(self), .tensor(other)) }

    /// Where exactly one is not zero.
    public func logicalXor(_ other: Tensor) throws -> Tensor {
        try Operator.logicalXor(.tensor(self), .tensor(other))
    }

    /// Where the elements are zero.
    public func logicalNot() throws -> Tensor { try Operator.logicalNot(.tensor(self)) }

    /// The elements of `a` where the condition is true, else those of `b`.
    public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
        try Operator.where(.tensor(condition), .tensor(a), .tensor(b))
    }

    /// Where the elements are not numbers.
    public func isnan() throws -> Tensor { try Operator.isnan(.tensor(self)) }

    /// Where the elements are infinite.
    public func isinf() throws -> Tensor { try Operator.isinf(.tensor(self)) }

    /// Where the elements are neither infinite nor NaN.
    public func isfinite() throws -> Tensor { try Operator.isfinite(.tensor(self)) }

    /// Where `|self - other| ≤ absolute + relative · |other|`.
    public func isClose(to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8) throws -> Tensor {
        try Operator.isclose(.tensor(self), .tensor(other), .double(relative), .double(absolute))
    }

    /// Whether all elements are close, see `isClose`.
    public func allClose(to other: Tensor, relative: Double = 1e-5, absolute: Double = 1e-8) throws -> Bool {
        try isClose(to: other, relative: relative, absolute: absolute).all().item() != 0
    }
}
