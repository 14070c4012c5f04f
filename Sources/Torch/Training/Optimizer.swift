extension Operator {
    fileprivate static let adam = Operator("aten::_fused_adam_")
    fileprivate static let adamW = Operator("aten::_fused_adamw_")
    fileprivate static let sgd = Operator("aten::_fused_sgd_")
    fileprivate static let adagrad = Operator("aten::_fused_adagrad_")
    fileprivate static let addToAll = Operator("aten::_foreach_add_.Scalar")
}

/// Updates parameters from their gradients, by libtorch's fused operators: one call a group.
///
/// Not for use by several threads at a time.
public final class Optimizer: @unchecked Sendable {
    // Sendable: the trainer that owns it works on one thread at a time.

    /// How a gradient becomes a step.
    public enum Rule: Sendable, Hashable {
        /// Stochastic gradient descent; momentum is a setting of the groups.
        case sgd(dampening: Double = 0, nesterov: Bool = false)
        /// Kingma and Ba 2015; the first beta is the groups' momentum. Weight decay adds to the gradient.
        case adam(beta2: Double = 0.999, epsilon: Double = 1e-8, amsgrad: Bool = false)
        /// Adam whose weight decay shrinks the weights instead (Loshchilov and Hutter 2019).
        case adamW(beta2: Double = 0.999, epsilon: Double = 1e-8, amsgrad: Bool = false)
        /// Duchi et al. 2011.
        case adagrad(rateDecay: Double = 0, epsilon: Double = 1e-10)

        /// The momentum that groups have if a config does not say.
        public var defaultMomentum: Double {
            switch self {
            case .adam, .adamW: 0.9
            case .sgd, .adagrad: 0
            }
        }

        /// PyTorch's names of the tensors kept for each parameter.
        var stateNames: [String] {
            switch self {
            case .sgd: ["momentum_buffer"]
            case .adam(_, _, let amsgrad), .adamW(_, _, let amsgrad):
                ["step", "exp_avg", "exp_avg_sq"] + (amsgrad ? ["max_exp_avg_sq"] : [])
            case .adagrad: ["step", "sum"]
            }
        }
    }

    public let rule: Rule
    /// Schedules change their settings.
    public var groups: [ParameterGroup]
    /// What is kept for each parameter, by position over all groups, under PyTorch's names; empty before its first step.
    public private(set) var state: [[String: Tensor]]

    public init(_ rule: Rule, _ groups: [ParameterGroup]) {
        self.rule = rule
        self.groups = groups
        state = Array(repeating: [:], count: groups.reduce(0) { $0 + $1.parameters.count })
    }

    /// All parameters, in the order of `state`.
    public var parameters: [Parameter] { groups.flatMap(\.parameters) }

    /// Drops the gradients.
    public func zeroGradients() throws {
        for parameter in parameters where parameter.isAllocated { try parameter.tensor.setGrad(nil) }
    }

    /// Updates every trainable parameter that has a gradient.
    public func step() throws {
        try noGrad {
            var position = 0
            for group in groups {
                let indices = position..<position + group.parameters.count
                position = indices.upperBound
                try update(group, at: indices)
            }
        }
    }

    /// Replaces what is kept for each parameter.
    ///
    /// - Parameter state: as `state` has it; tensors are copied.
    /// - Throws: `ParameterError.shape` or `TorchError` when it belongs to other parameters or another rule.
    public func load(_ state: [[String: Tensor]]) throws {
        let parameters = self.parameters
        guard state.count == parameters.count else {
            throw TorchError(
                operator: "Optimizer.load", message: "state of \(state.count) parameters for \(parameters.count)")
        }
        self.state = try zip(state, parameters).map { entries, parameter in
            guard !entries.isEmpty else { return [:] }
            return try Dictionary(
                uniqueKeysWithValues: rule.stateNames.map { name in
                    guard let tensor = entries[name] else {
                        throw TorchError(
                            operator: "Optimizer.load", message: "\(parameter.name) has no \(name): another optimizer's"
                        )
                    }
                    let shape = name == "step" ? [] : parameter.shape
                    guard tensor.shape == shape else {
                        throw ParameterError.shape(
                            name: "\(parameter.name).\(name)", declared: shape, found: tensor.shape)
                    }
                    let device = try parameter.tensor.device
                    return (name, try tensor.detach().to(device: device, dtype: .float32).clone(.contiguous))
                })
        }
    }

    /// Gradients and kept tensors of the parameters that take part, libtorch's lists.
    private struct Lists {
        var weights: [Tensor] = []
        var gradients: [Tensor] = []
        var kept: [String: [Tensor]] = [:]
        var isFirst = false

        func tensors(_ name: String) -> IValue { .tensors(kept[name] ?? []) }
    }

    private func update(_ group: ParameterGroup, at indices: Range<Int>) throws {
        // SGD starts its buffers with the first gradient, so new ones are a call of their own.
        var (old, new) = (Lists(), Lists())
        new.isFirst = true
        for (index, parameter) in zip(indices, group.parameters) where parameter.isTrainable {
            let weight = try parameter.tensor
            guard let gradient = try weight.grad else { continue }
            let isNew = state[index].isEmpty
            if isNew { state[index] = try initialState(for: weight, momentum: group[.momentum]) }
            let entries = state[index]
            func append(to lists: inout Lists) {
                lists.weights.append(weight)
                lists.gradients.append(gradient)
                for (name, tensor) in entries { lists.kept[name, default: []].append(tensor) }
            }
            if isNew { append(to: &new) } else { append(to: &old) }
        }
        for lists in [old, new] where !lists.weights.isEmpty { try update(group, lists) }
    }

    private func initialState(for weight: Tensor, momentum: Double) throws -> [String: Tensor] {
        if case .sgd = rule, momentum == 0 { return [:] }
        return try Dictionary(
            uniqueKeysWithValues: rule.stateNames.map { name in
                // Counters are on the weight's device for the fused operators; PyTorch keeps them in float32.
                let shape = name == "step" ? [] : weight.shape
                return (name, try Tensor.zeros(shape, dtype: .float32).to(weight.device))
            })
    }

    private func update(_ group: ParameterGroup, _ lists: Lists) throws {
        let (rate, momentum, decay) = (group[.learningRate], group[.momentum], group[.weightDecay])
        if let steps = lists.kept["step"] { _ = try Operator.addToAll.call([.tensors(steps), .double(1)]) }
        let lead: [IValue] = [.tensors(lists.weights), .tensors(lists.gradients)]
        switch rule {
        case .sgd(let dampening, let nesterov):
            let buffers = momentum == 0 ? IValue.tensors([]) : lists.tensors("momentum_buffer")
            _ = try Operator.sgd.call(
                lead + [
                    buffers, .double(decay), .double(momentum), .double(rate), .double(dampening), .bool(nesterov),
                    .bool(false), .bool(lists.isFirst),
                ])
        case .adam(let beta2, let epsilon, let amsgrad), .adamW(let beta2, let epsilon, let amsgrad):
            var isDecoupled = false
            if case .adamW = rule { isDecoupled = true }
            _ = try (isDecoupled ? Operator.adamW : Operator.adam).call(
                lead + [
                    lists.tensors("exp_avg"), lists.tensors("exp_avg_sq"), lists.tensors("max_exp_avg_sq"),
                    lists.tensors("step"), .double(rate), .double(momentum), .double(beta2), .double(decay),
                    .double(epsilon), .bool(amsgrad), .bool(false),
                ])
        case .adagrad(let rateDecay, let epsilon):
            _ = try Operator.adagrad.call(
                lead + [
                    lists.tensors("sum"), lists.tensors("step"), .double(rate), .double(rateDecay), .double(decay),
                    .double(epsilon), .bool(false),
                ])
        }
    }
}
