extension Operator {
    fileprivate static let relu = Operator("aten::relu")
    fileprivate static let reluInPlace = Operator("aten::relu_")
    fileprivate static let clampMinMax = Operator("aten::hardtanh")
    fileprivate static let clampMinMaxInPlace = Operator("aten::hardtanh_")
    fileprivate static let sigmoid = Operator("aten::sigmoid")
    fileprivate static let sigmoidInPlace = Operator("aten::sigmoid_")
    fileprivate static let tanh = Operator("aten::tanh")
    fileprivate static let tanhInPlace = Operator("aten::tanh_")
    fileprivate static let silu = Operator("aten::silu")
    fileprivate static let siluInPlace = Operator("aten::silu_")
    fileprivate static let gelu = Operator("aten::gelu")
    fileprivate static let geluInPlace = Operator("aten::gelu_")
    fileprivate static let mish = Operator("aten::mish")
    fileprivate static let mishInPlace = Operator("aten::mish_")
    fileprivate static let hardswish = Operator("aten::hardswish")
    fileprivate static let hardswishInPlace = Operator("aten::hardswish_")
    fileprivate static let hardsigmoid = Operator("aten::hardsigmoid")
    fileprivate static let hardsigmoidInPlace = Operator("aten::hardsigmoid_")
    fileprivate static let leakyRelu = Operator("aten::leaky_relu")
    fileprivate static let leakyReluInPlace = Operator("aten::leaky_relu_")
    fileprivate static let elu = Operator("aten::elu")
    fileprivate static let eluInPlace = Operator("aten::elu_")
    fileprivate static let prelu = Operator("aten::prelu")
    fileprivate static let softplus = Operator("aten::softplus")
    fileprivate static let softmax = Operator("aten::softmax.int")
    fileprivate static let logSoftmax = Operator("aten::log_softmax.int")
    fileprivate static let logSigmoid = Operator("aten::log_sigmoid")
    fileprivate static let dropout = Operator("aten::dropout")
}

/// The two forms of GELU.
public enum GeluApproximation: String, Sendable {
    /// With the error function.
    case none
    case tanh
}

extension Tensor {
    /// `max(x, 0)`.
    public func relu() throws -> Tensor { try Operator.relu(.tensor(self)) }

    /// `min(max(x, 0), 6)`.
    public func relu6() throws -> Tensor { try hardtanh(min: 0, max: 6) }

    /// Limits to `min...max`.
    public func hardtanh(min: Double = -1, max: Double = 1) throws -> Tensor {
        try Operator.clampMinMax(.tensor(self), .double(min), .double(max))
    }

    /// `1 / (1 + exp(-x))`.
    public func sigmoid() throws -> Tensor { try Operator.sigmoid(.tensor(self)) }

    /// The hyperbolic tangent.
    public func tanh() throws -> Tensor { try Operator.tanh(.tensor(self)) }

    /// `x · sigmoid(x)`, also called Swish.
    public func silu() throws -> Tensor { try Operator.silu(.tensor(self)) }

    /// `x` times the normal distribution function at `x` (Hendrycks and Gimpel 2016).
    public func gelu(approximate: GeluApproximation = .none) throws -> Tensor {
        try Operator.gelu(.tensor(self), .string(approximate.rawValue))
    }

    /// `x · tanh(softplus(x))`.
    public func mish() throws -> Tensor { try Operator.mish(.tensor(self)) }

    /// `x · relu6(x + 3) / 6`.
    public func hardswish() throws -> Tensor { try Operator.hardswish(.tensor(self)) }

    /// PyTorch's `relu6(x + 3) / 6`.
    public func hardsigmoid() throws -> Tensor { try Operator.hardsigmoid(.tensor(self)) }

    /// Negative values are scaled by `negativeSlope`.
    public func leakyRelu(negativeSlope: Double = 0.01) throws -> Tensor {
        try Operator.leakyRelu(.tensor(self), .double(negativeSlope))
    }

    /// `alpha · (exp(x) - 1)` for negative values.
    public func elu(alpha: Double = 1) throws -> Tensor { try Operator.elu(.tensor(self), .double(alpha)) }

    /// Negative values are scaled by `weight`, one number or one per channel.
    public func prelu(weight: Tensor) throws -> Tensor { try Operator.prelu(.tensor(self), .tensor(weight)) }

    /// `log(1 + exp(beta · x)) / beta`, linear above `threshold`.
    public func softplus(beta: Double = 1, threshold: Double = 20) throws -> Tensor {
        try Operator.softplus(.tensor(self), .double(beta), .double(threshold))
    }

    /// `exp(x)`, scaled to the sum 1 along `dim`.
    public func softmax(dim: Int) throws -> Tensor { try Operator.softmax(.tensor(self), .int(dim)) }

    /// The logarithm of `softmax`, exact where that underflows.
    public func logSoftmax(dim: Int) throws -> Tensor { try Operator.logSoftmax(.tensor(self), .int(dim)) }

    /// The logarithm of `sigmoid`, exact where that underflows.
    public func logSigmoid() throws -> Tensor { try Operator.logSigmoid(.tensor(self)) }

    /// In training sets elements to zero with probability `p` and scales the others by `1 / (1 - p)`; else `self`.
    public func dropout(p: Double, training: Bool) throws -> Tensor {
        guard training, p > 0 else { return self }
        return try Operator.dropout(.tensor(self), .double(p), .bool(true))
    }
}

// In place, for temporaries nobody else looks at. Each returns `self`.
extension Tensor {
    /// `relu`, overwriting `self`.
    @discardableResult
    public func relu_() throws -> Tensor { try Operator.reluInPlace(.tensor(self)) }

    /// `relu6`, overwriting `self`.
    @discardableResult
    public func relu6_() throws -> Tensor { try Operator.clampMinMaxInPlace(.tensor(self), .double(0), .double(6)) }

    /// `sigmoid`, overwriting `self`.
    @discardableResult
    public func sigmoid_() throws -> Tensor { try Operator.sigmoidInPlace(.tensor(self)) }

    /// `tanh`, overwriting `self`.
    @discardableResult
    public func tanh_() throws -> Tensor { try Operator.tanhInPlace(.tensor(self)) }

    /// `silu`, overwriting `self`.
    @discardableResult
    public func silu_() throws -> Tensor { try Operator.siluInPlace(.tensor(self)) }

    /// `gelu`, overwriting `self`.
    @discardableResult
    public func gelu_(approximate: GeluApproximation = .none) throws -> Tensor {
        try Operator.geluInPlace(.tensor(self), .string(approximate.rawValue))
    }

    /// `mish`, overwriting `self`.
    @discardableResult
    public func mish_() throws -> Tensor { try Operator.mishInPlace(.tensor(self)) }

    /// `hardswish`, overwriting `self`.
    @discardableResult
    public func hardswish_() throws -> Tensor { try Operator.hardswishInPlace(.tensor(self)) }

    /// `hardsigmoid`, overwriting `self`.
    @discardableResult
    public func hardsigmoid_() throws -> Tensor { try Operator.hardsigmoidInPlace(.tensor(self)) }

    /// `leakyRelu`, overwriting `self`.
    @discardableResult
    public func leakyRelu_(negativeSlope: Double = 0.01) throws -> Tensor {
        try Operator.leakyReluInPlace(.tensor(self), .double(negativeSlope))
    }

    /// `elu`, overwriting `self`.
    @discardableResult
    public func elu_(alpha: Double = 1) throws -> Tensor { try Operator.eluInPlace(.tensor(self), .double(alpha)) }
}
