extension Operator {
    fileprivate static let add = Operator("aten::add.Tensor")
    fileprivate static let addScalar = Operator("aten::add.Scalar")
    fileprivate static let sub = Operator("aten::sub.Tensor")
    fileprivate static let subScalar = Operator("aten::sub.Scalar")
    fileprivate static let rsub = Operator("aten::rsub.Scalar")
    fileprivate static let mul = Operator("aten::mul.Tensor")
    fileprivate static let mulScalar = Operator("aten::mul.Scalar")
    fileprivate static let div = Operator("aten::div.Tensor")
    fileprivate static let divScalar = Operator("aten::div.Scalar")
    fileprivate static let divMode = Operator("aten::div.Tensor_mode")
    fileprivate static let divScalarMode = Operator("aten::div.Scalar_mode")
    fileprivate static let remainder = Operator("aten::remainder.Tensor")
    fileprivate static let remainderScalar = Operator("aten::remainder.Scalar")
    fileprivate static let neg = Operator("aten::neg")
    fileprivate static let reciprocal = Operator("aten::reciprocal")
    fileprivate static let pow = Operator("aten::pow.Tensor_Scalar")
    fileprivate static let powTensor = Operator("aten::pow.Tensor_Tensor")
    fileprivate static let addInPlace = Operator("aten::add_.Tensor")
    fileprivate static let addScalarInPlace = Operator("aten::add_.Scalar")
    fileprivate static let subInPlace = Operator("aten::sub_.Tensor")
    fileprivate static let mulInPlace = Operator("aten::mul_.Tensor")
    fileprivate static let mulScalarInPlace = Operator("aten::mul_.Scalar")
    fileprivate static let divInPlace = Operator("aten::div_.Tensor")
    fileprivate static let divScalarInPlace = Operator("aten::div_.Scalar")
    fileprivate static let addcmul = Operator("aten::addcmul")
    fileprivate static let addcdiv = Operator("aten::addcdiv")
    fileprivate static let lerp = Operator("aten::lerp.Scalar")
    fileprivate static let zeroInPlace = Operator("aten::zero_")
    fileprivate static let fillInPlace = Operator("aten::fill_.Scalar")
}

/// How a division rounds.
public enum DivisionRounding: String, Sendable {
    case truncate = "trunc"
    case floor
}

/// A number that can be the other operand of a tensor.
///
/// As in PyTorch, an integer leaves the type of an integer tensor alone and a float makes it a floating point one.
public protocol TensorScalar {
    /// The number as an argument of an operator.
    var scalarValue: IValue { get }
}

extension Double: TensorScalar {
    /// This number.
    public var scalarValue: IValue { .double(self) }
}

extension Float: TensorScalar {
    /// This number.
    public var scalarValue: IValue { .double(Double(self)) }
}

extension Int: TensorScalar {
    /// This number.
    public var scalarValue: IValue { .int(self) }
}

// Tensors broadcast against each other and their types are promoted as in PyTorch.
extension Tensor {
    /// The sum of two tensors, element by element.
    public static func + (a: Tensor, b: Tensor) throws -> Tensor { try Operator.add(.tensor(a), .tensor(b)) }

    /// The difference of two tensors, element by element.
    public static func - (a: Tensor, b: Tensor) throws -> Tensor { try Operator.sub(.tensor(a), .tensor(b)) }

    /// The product of two tensors, element by element.
    public static func * (a: Tensor, b: Tensor) throws -> Tensor { try Operator.mul(.tensor(a), .tensor(b)) }

    /// True division: integers give floating point numbers.
    public static func / (a: Tensor, b: Tensor) throws -> Tensor { try Operator.div(.tensor(a), .tensor(b)) }

    /// The elements with the other sign.
    public static prefix func - (a: Tensor) throws -> Tensor { try Operator.neg(.tensor(a)) }

    /// The sum of each element and a number.
    public static func + (a: Tensor, b: some TensorScalar) throws -> Tensor {
        try Operator.addScalar(.tensor(a), b.scalarValue)
    }

    /// The sum of a number and each element.
    public static func + (a: some TensorScalar, b: Tensor) throws -> Tensor { try b + a }

    /// The difference of each element and a number.
    public static func - (a: Tensor, b: some TensorScalar) throws -> Tensor {
        try Operator.subScalar(.tensor(a), b.scalarValue)
    }

    /// The difference of a number and each element.
    public static func - (a: some TensorScalar, b: Tensor) throws -> Tensor {
        try Operator.rsub(.tensor(b), a.scalarValue)
    }

    /// The product of each element and a number.
    public static func * (a: Tensor, b: some TensorScalar) throws -> Tensor {
        try Operator.mulScalar(.tensor(a), b.scalarValue)
    }

    /// The product of a number and each element.
    public static func * (a: some TensorScalar, b: Tensor) throws -> Tensor { try b * a }

    /// The quotient of each element and a number.
    public static func / (a: Tensor, b: some TensorScalar) throws -> Tensor {
        try Operator.divScalar(.tensor(a), b.scalarValue)
    }

    /// The quotient of a number and each element.
    public static func / (a: some TensorScalar, b: Tensor) throws -> Tensor { try b.reciprocal() * a }

    /// Division that rounds to integers.
    public func divide(by other: Tensor, rounding: DivisionRounding) throws -> Tensor {
        try Operator.divMode(.tensor(self), .tensor(other), .string(rounding.rawValue))
    }

    /// Division that rounds to integers.
    public func divide(by other: some TensorScalar, rounding: DivisionRounding) throws -> Tensor {
        try Operator.divScalarMode(.tensor(self), other.scalarValue, .string(rounding.rawValue))
    }

    /// What floor division leaves; it has the sign of the divisor, as in Python.
    public func remainder(_ other: Tensor) throws -> Tensor { try Operator.remainder(.tensor(self), .tensor(other)) }

    /// What floor division leaves; it has the sign of the divisor, as in Python.
    public func remainder(_ other: some TensorScalar) throws -> Tensor {
        try Operator.remainderScalar(.tensor(self), other.scalarValue)
    }

    /// `1 / x`.
    public func reciprocal() throws -> Tensor { try Operator.reciprocal(.tensor(self)) }

    /// Each element to the power of `exponent`.
    public func pow(_ exponent: some TensorScalar) throws -> Tensor {
        try Operator.pow(.tensor(self), exponent.scalarValue)
    }

    /// Each element to the power of `exponent`.
    public func pow(_ exponent: Tensor) throws -> Tensor { try Operator.powTensor(.tensor(self), .tensor(exponent)) }

    /// `self + value · a · b`.
    public func addcmul(_ a: Tensor, _ b: Tensor, value: Double = 1) throws -> Tensor {
        try Operator.addcmul(.tensor(self), .tensor(a), .tensor(b), .double(value))
    }

    /// `self + value · a / b`.
    public func addcdiv(_ a: Tensor, _ b: Tensor, value: Double = 1) throws -> Tensor {
        try Operator.addcdiv(.tensor(self), .tensor(a), .tensor(b), .double(value))
    }

    /// `self + weight · (end - self)`.
    public func lerp(to end: Tensor, weight: Double) throws -> Tensor {
        try Operator.lerp(.tensor(self), .tensor(end), .double(weight))
    }
}

// In place: they change the memory of `self`, and of every view of it, and return `self`.
extension Tensor {
    /// Adds `scale · other`.
    @discardableResult
    public func add_(_ other: Tensor, scale: Double = 1) throws -> Tensor {
        if scale == 1 { return try Operator.addInPlace(.tensor(self), .tensor(other)) }
        return try Operator.addInPlace(.tensor(self), .tensor(other), .double(scale))
    }

    /// Adds a number.
    @discardableResult
    public func add_(_ other: some TensorScalar) throws -> Tensor {
        try Operator.addScalarInPlace(.tensor(self), other.scalarValue)
    }

    /// Subtracts `other`.
    @discardableResult
    public func sub_(_ other: Tensor) throws -> Tensor { try Operator.subInPlace(.tensor(self), .tensor(other)) }

    /// Multiplies with `other`.
    @discardableResult
    public func mul_(_ other: Tensor) throws -> Tensor { try Operator.mulInPlace(.tensor(self), .tensor(other)) }

    /// Multiplies with `other`.
    @discardableResult
    public func mul_(_ other: some TensorScalar) throws -> Tensor {
        try Operator.mulScalarInPlace(.tensor(self), other.scalarValue)
    }

    /// Divides by `other`.
    @discardableResult
    public func div_(_ other: Tensor) throws -> Tensor { try Operator.divInPlace(.tensor(self), .tensor(other)) }

    /// Divides by `other`.
    @discardableResult
    public func div_(_ other: some TensorScalar) throws -> Tensor {
        try Operator.divScalarInPlace(.tensor(self), other.scalarValue)
    }

    /// Sets all elements to zero.
    @discardableResult
    public func zero_() throws -> Tensor { try Operator.zeroInPlace(.tensor(self)) }

    /// Sets all elements to `value`.
    @discardableResult
    public func fill_(_ value: some TensorScalar) throws -> Tensor {
        try Operator.fillInPlace(.tensor(self), value.scalarValue)
    }
}
