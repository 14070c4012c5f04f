import PoseModels
public import PyConfig
public import Torch

/// `optim_wrapper` of a config: the optimizer, what each parameter gets of it, clipping and accumulation.
public struct OptimizerSettings: Sendable {
    /// How a gradient becomes a step.
    public let rule: Optimizer.Rule
    /// Settings of every parameter that `paramwise_cfg` does not change.
    public let learningRate, momentum, weightDecay: Double
    /// Whether the config names a weight decay, without which multipliers of it have no effect.
    let hasWeightDecay: Bool
    /// How gradients are kept from growing too large.
    public let clipping: GradientClipping?
    /// Iterations whose gradients are added up before a step.
    public let accumulation: Int
    /// Whether the config asks for mixed precision.
    public let isMixedPrecision: Bool
    let grouping: ParameterGrouping

    /// - Throws: `ModelError.unknownType`, or `ConfigError` when an argument is missing, unknown or impossible.
    public init(_ arguments: Arguments) throws {
        let type = arguments.has("type") ? try arguments.type() : "OptimWrapper"
        guard ["OptimWrapper", "AmpOptimWrapper"].contains(type) else {
            throw ModelError.unknownType(type, at: arguments.path, known: ["OptimWrapper", "AmpOptimWrapper"])
        }
        isMixedPrecision = type == "AmpOptimWrapper"
        if isMixedPrecision { arguments.ignore("loss_scale", "dtype", "use_fp16") }
        accumulation = try arguments.int("accumulative_counts", default: 1)
        guard (1...1_000_000).contains(accumulation) else {
            throw arguments.invalid("accumulative_counts", "must be positive, not \(accumulation)")
        }
        let optimizer = try arguments.requiredChild("optimizer")
        learningRate = try optimizer.double("lr", default: Self.defaultLearningRate(optimizer))
        hasWeightDecay = optimizer.has("weight_decay")
        var momentum: Double?
        (rule, momentum) = try Self.rule(optimizer)
        self.momentum = momentum ?? rule.defaultMomentum
        var decay = 0.0
        if case .adamW = rule { decay = 0.01 }
        weightDecay = try optimizer.double("weight_decay", default: decay)
        guard learningRate >= 0, learningRate.isFinite, weightDecay >= 0, weightDecay.isFinite else {
            throw optimizer.invalid("lr", "lr and weight_decay must be finite and not negative")
        }
        // How PyTorch runs the loops; here they are always fused.
        optimizer.ignore("foreach", "fused", "capturable", "differentiable")
        try optimizer.finish()
        clipping = try arguments.child("clip_grad").map(Self.clipping)
        grouping = try ParameterGrouping(
            arguments.child("paramwise_cfg"),
            constructor: arguments.optionalString("constructor") ?? "DefaultOptimWrapperConstructor")
        try arguments.finish()
    }

    /// The optimizer for a model.
    ///
    /// - Throws: `ConfigError` when the grouping does not fit the model.
    public func optimizer(for store: ParameterStore) throws -> Optimizer {
        Optimizer(rule, try grouping.groups(of: store, self))
    }

    private static func defaultLearningRate(_ optimizer: Arguments) throws -> Double {
        switch try optimizer.type() {
        case "SGD", "Adam", "AdamW": 1e-3
        default: 1e-2
        }
    }

    private static func rule(_ arguments: Arguments) throws -> (Optimizer.Rule, momentum: Double?) {
        let type = try arguments.type()
        func adam() throws -> (beta1: Double, beta2: Double, epsilon: Double, amsgrad: Bool) {
            let betas = try arguments.doubles("betas", default: [0.9, 0.999])
            guard betas.count == 2, betas.allSatisfy({ (0..<1).contains($0) }) else {
                throw arguments.invalid("betas", "must be two numbers from 0 and below 1, not \(betas)")
            }
            return (
                betas[0], betas[1], try arguments.double("eps", default: 1e-8),
                try arguments.bool("amsgrad", default: false)
            )
        }
        switch type {
        case "SGD":
            return (
                .sgd(
                    dampening: try arguments.double("dampening", default: 0),
                    nesterov: try arguments.bool("nesterov", default: false)),
                try arguments.double("momentum", default: 0)
            )
        case "Adam":
            let adam = try adam()
            return (.adam(beta2: adam.beta2, epsilon: adam.epsilon, amsgrad: adam.amsgrad), adam.beta1)
        case "AdamW":
            let adam = try adam()
            return (.adamW(beta2: adam.beta2, epsilon: adam.epsilon, amsgrad: adam.amsgrad), adam.beta1)
        case "Adagrad":
            return (
                .adagrad(
                    rateDecay: try arguments.double("lr_decay", default: 0),
                    epsilon: try arguments.double("eps", default: 1e-10)), nil
            )
        default:
            throw ModelError.unknownType(type, at: arguments.path, known: ["SGD", "Adam", "AdamW", "Adagrad"])
        }
    }

    private static func clipping(_ arguments: Arguments) throws -> GradientClipping {
        let type = try arguments.all["type"] == nil ? "norm" : arguments.type()
        let clipping: GradientClipping
        switch type {
        case "norm":
            let isMaximum = arguments.all["norm_type"]?.stringValue == "inf"
            if isMaximum { arguments.ignore("norm_type") }
            clipping = .norm(
                max: try arguments.double("max_norm"),
                order: try isMaximum ? .infinity : arguments.double("norm_type", default: 2))
        case "value": clipping = .value(max: try arguments.double("clip_value"))
        default: throw ModelError.unknownType(type, at: arguments.path, known: ["norm", "value"])
        }
        arguments.ignore("error_if_nonfinite", "foreach")
        try arguments.finish()
        return clipping
    }
}
