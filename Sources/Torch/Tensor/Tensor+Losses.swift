extension Operator {
    fileprivate static let mse = Operator("aten::mse_loss")
    fileprivate static let l1 = Operator("aten::l1_loss")
    fileprivate static let smoothL1 = Operator("aten::smooth_l1_loss")
    fileprivate static let huber = Operator("aten::huber_loss")
    fileprivate static let bce = Operator("aten::binary_cross_entropy")
    fileprivate static let bceWithLogits = Operator("aten::binary_cross_entropy_with_logits")
    fileprivate static let crossEntropy = Operator("aten::cross_entropy_loss")
    fileprivate static let nll = Operator("aten::nll_loss_nd")
    fileprivate static let klDiv = Operator("aten::kl_div")
    fileprivate static let cosineSimilarity = Operator("aten::cosine_similarity")
}

/// How a loss sums up what it finds for each element.
public enum LossReduction: Int, Sendable {
    case none, mean, sum
}

// `self` is the prediction.
extension Tensor {
    /// The squared error.
    public func mseLoss(_ target: Tensor, reduction: LossReduction = .mean) throws -> Tensor {
        try Operator.mse(.tensor(self), .tensor(target), .int(reduction.rawValue))
    }

    /// The absolute error.
    public func l1Loss(_ target: Tensor, reduction: LossReduction = .mean) throws -> Tensor {
        try Operator.l1(.tensor(self), .tensor(target), .int(reduction.rawValue))
    }

    /// Squared below `beta`, absolute above; divided by `beta`.
    public func smoothL1Loss(_ target: Tensor, beta: Double = 1, reduction: LossReduction = .mean) throws -> Tensor {
        try Operator.smoothL1(.tensor(self), .tensor(target), .int(reduction.rawValue), .double(beta))
    }

    /// `smoothL1Loss` times `delta`.
    public func huberLoss(_ target: Tensor, delta: Double = 1, reduction: LossReduction = .mean) throws -> Tensor {
        try Operator.huber(.tensor(self), .tensor(target), .int(reduction.rawValue), .double(delta))
    }

    /// Cross entropy of probabilities.
    public func binaryCrossEntropy(
        _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
    ) throws -> Tensor {
        try Operator.bce(.tensor(self), .tensor(target), IValue(weight), .int(reduction.rawValue))
    }

    /// Cross entropy of numbers whose sigmoid are the probabilities.
    public func binaryCrossEntropyWithLogits(
        _ target: Tensor, weight: Tensor? = nil, positiveWeight: Tensor? = nil, reduction: LossReduction = .mean
    ) throws -> Tensor {
        try Operator.bceWithLogits(
            .tensor(self), .tensor(target), IValue(weight), IValue(positiveWeight), .int(reduction.rawValue))
    }

    /// Cross entropy of scores `(N, classes, …)` with class numbers `(N, …)` or probabilities of `self`'s shape.
    public func crossEntropy(
        _ target: Tensor, weight: Tensor? = nil, ignoreIndex: Int = -100, labelSmoothing: Double = 0,
        reduction: LossReduction = .mean
    ) throws -> Tensor {
        try Operator.crossEntropy(
            .tensor(self), .tensor(target), IValue(weight), .int(reduction.rawValue), .int(ignoreIndex),
            .double(labelSmoothing))
    }

    /// The negative of the log-probabilities `(N, classes, …)` at the class numbers `(N, …)`.
    public func nllLoss(
        _ target: Tensor, weight: Tensor? = nil, ignoreIndex: Int = -100, reduction: LossReduction = .mean
    ) throws -> Tensor {
        try Operator.nll(
            .tensor(self), .tensor(target), IValue(weight), .int(reduction.rawValue), .int(ignoreIndex))
    }

    /// The divergence of `target` from the log-probabilities `self`; `mean` divides by all elements, as in PyTorch.
    public func klDivergence(
        _ target: Tensor, logTarget: Bool = false, reduction: LossReduction = .mean
    ) throws -> Tensor {
        try Operator.klDiv(.tensor(self), .tensor(target), .int(reduction.rawValue), .bool(logTarget))
    }

    /// The cosine of the angle between vectors along `dim`.
    public func cosineSimilarity(_ other: Tensor, dim: Int = 1, eps: Double = 1e-8) throws -> Tensor {
        try Operator.cosineSimilarity(.tensor(self), .tensor(other), .int(dim), .double(eps))
    }
}
