import Foundation

/// Averages of a model's parameters over the steps of training, MMEngine's averaged models.
///
/// Not for use by several threads at a time.
public final class ParameterAverage: @unchecked Sendable {
    // Sendable: the trainer that owns it works on one thread at a time.

    /// How a step's values enter the average. Momentum is the weight of the newest values.
    public enum Rule: Sendable, Hashable {
        case exponential(momentum: Double = 0.0002)
        /// The momentum falls from 1 to `momentum` over the first few `gamma` steps (YOLOX).
        case exponentialWarmup(momentum: Double = 0.0002, gamma: Int = 2000)
        /// The momentum is `gamma / (gamma + steps)` until that is less than `momentum`.
        case annealed(momentum: Double = 0.0002, gamma: Int = 100)
        /// The mean of all.
        case mean
    }

    public let rule: Rule
    /// Every how many steps values enter.
    public let interval: Int
    /// Whether buffers are averaged, too; they are copied otherwise.
    public let averagesBuffers: Bool
    /// Steps so far.
    public private(set) var steps = 0
    private let store: ParameterStore
    /// State-dict entries under their names, as averaged.
    private var averages: [(name: String, parameter: Parameter, tensor: Tensor)]

    public init(
        of store: ParameterStore, _ rule: Rule, interval: Int = 1, averagesBuffers: Bool = false
    ) throws {
        self.store = store
        self.rule = rule
        self.interval = max(interval, 1)
        self.averagesBuffers = averagesBuffers
        averages = try noGrad {
            try store.entries.map { ($0.name, $0.parameter, try $0.parameter.tensor.detach().clone(.preserve)) }
        }
    }

    /// Takes the model's values in.
    public func update() throws {
        try noGrad {
            for (_, parameter, average) in averages {
                let source = try parameter.tensor
                if parameter.kind != .parameter, !averagesBuffers {
                    _ = try average.copy_(from: source)
                } else if steps == 0 {
                    _ = try average.copy_(from: source)
                } else if steps % interval == 0, average.dtype.isFloatingPoint {
                    try mix(source, into: average)
                }
            }
        }
        steps += 1
    }

    /// Takes the model's values as they are, without counting a step: before averaging begins.
    public func follow() throws {
        try noGrad { for (_, parameter, average) in averages { _ = try average.copy_(from: parameter.tensor) } }
    }

    /// Exchanges the model's values and the averages, in place: before evaluation, and again after it.
    public func swap() throws {
        try noGrad {
            for (_, parameter, average) in averages {
                let values = try parameter.tensor.detach().clone(.preserve)
                _ = try parameter.tensor.copy_(from: average)
                _ = try average.copy_(from: values)
            }
        }
    }

    /// The averages in state-dict order.
    public var entries: [(name: String, tensor: Tensor)] { averages.map { ($0.name, $0.tensor) } }

    /// Continues from averages that were kept before; names that are not there stay as they are.
    ///
    /// - Throws: `ParameterError.shape` when a tensor does not fit.
    public func load(_ entries: [(name: String, tensor: Tensor)], steps: Int) throws {
        let found = Dictionary(entries.map { ($0.name, $0.tensor) }) { $1 }
        try noGrad {
            for (name, parameter, average) in averages {
                guard let tensor = found[name] else { continue }
                guard tensor.shape == parameter.shape else {
                    throw ParameterError.shape(name: name, declared: parameter.shape, found: tensor.shape)
                }
                _ = try average.copy_(from: tensor)
            }
        }
        self.steps = max(steps, 0)
    }

    private func mix(_ source: Tensor, into average: Tensor) throws {
        switch rule {
        case .exponential(let momentum):
            try lerp(average, to: source, momentum)
        case .exponentialWarmup(let momentum, let gamma):
            let weight = (1 - momentum) * exp(-Double(1 + steps) / Double(gamma)) + momentum
            _ = try average.mul_(1 - weight).add_(source, scale: weight)
        case .annealed(let momentum, let gamma):
            try lerp(average, to: source, max(momentum, Double(gamma) / Double(gamma + steps)))
        case .mean:
            _ = try average.add_(source - average, scale: 1 / Double(steps / interval + 1))
        }
    }

    private func lerp(_ average: Tensor, to source: Tensor, _ weight: Double) throws {
        _ = try Operator.lerpInPlace(.tensor(average), .tensor(source), .double(weight))
    }
}

extension Operator {
    fileprivate static let lerpInPlace = Operator("aten::lerp_.Scalar")
}
