import PoseModels
public import PyConfig
public import Torch

/// `EMAHook` of a config: the average of the parameters that is evaluated and kept.
public struct AverageSettings: Sendable {
    let rule: ParameterAverage.Rule
    let interval: Int
    let averagesBuffers: Bool
    /// The iteration or epoch from which values are averaged; before, the average follows the model.
    public let beginIteration, beginEpoch: Int

    /// - Throws: `ModelError.unknownType`, or `ConfigError` when an argument is unknown or impossible.
    public init(_ arguments: Arguments) throws {
        let type = try arguments.string("ema_type", default: "ExponentialMovingAverage")
        let momentum = try arguments.double("momentum", default: 0.0002)
        guard momentum > 0, momentum < 1 else {
            throw arguments.invalid("momentum", "must be between 0 and 1, not \(momentum)")
        }
        func gamma(_ value: Int) throws -> Int {
            let gamma = try arguments.int("gamma", default: value)
            guard gamma > 0 else { throw arguments.invalid("gamma", "must be positive, not \(gamma)") }
            return gamma
        }
        switch type.hasPrefix("mmpose.") ? String(type.dropFirst("mmpose.".count)) : type {
        case "ExponentialMovingAverage": rule = .exponential(momentum: momentum)
        case "ExpMomentumEMA": rule = .exponentialWarmup(momentum: momentum, gamma: try gamma(2000))
        case "MomentumAnnealingEMA": rule = .annealed(momentum: momentum, gamma: try gamma(100))
        case "StochasticWeightAverage": rule = .mean
        default:
            throw ModelError.unknownType(
                type, at: arguments.path(of: "ema_type"),
                known: [
                    "ExponentialMovingAverage", "ExpMomentumEMA", "MomentumAnnealingEMA", "StochasticWeightAverage",
                ])
        }
        interval = try arguments.int("interval", default: 1)
        guard interval > 0 else { throw arguments.invalid("interval", "must be positive, not \(interval)") }
        averagesBuffers = try arguments.bool("update_buffers", default: false)
        beginIteration = try arguments.int("begin_iter", default: 0)
        beginEpoch = try arguments.int("begin_epoch", default: 0)
        arguments.ignore("priority", "strict_load", "evaluate_on_ema", "evaluate_on_origin", "device")
        try arguments.finish()
    }

    /// The average of a model, starting with its values.
    public func average(of store: ParameterStore) throws -> ParameterAverage {
        try ParameterAverage(of: store, rule, interval: interval, averagesBuffers: averagesBuffers)
    }
}
