import Checkpoint
import OrderedCollections
import PoseModels
import Torch

extension Trainer {
    /// The whole state of the run, in MMEngine's layout: MMPose loads and resumes it.
    func checkpoint() throws -> PickleValue {
        let versions: OrderedDictionary<String, Int> = ["": 1, "head": 2]
        var values = try model.store.entries.map { ($0.name, try $0.parameter.tensor) }
        var root = PickleDict([
            .string("meta"): .dict(description.meta(epoch: progress.epoch, iteration: progress.iteration))
        ])
        if let average {
            // As MMEngine does: the average is what is deployed, so it takes the model's place.
            var own = [try TensorEntry(Tensor(average.steps), named: "steps")]
            own += try values.map { try TensorEntry($0.1, named: "module.\($0.0)") }
            root["ema_state_dict"] = StateDict(own).pickled
            values = average.entries.map { ($0.name, $0.tensor) }
        }
        let state = StateDict(try values.map { try TensorEntry($0.1, named: $0.0) }, versions: versions)
        root["state_dict"] = state.pickled
        root["message_hub"] = .dict(messages)
        root["optimizer"] = try .dict(optimizer.pickled())
        root["param_schedulers"] = .list(schedules.map { .dict($0.pickled(optimizer)) })
        return .dict(root)
    }

    /// What MMEngine's hooks tell each other.
    private var messages: PickleDict {
        var facts = PickleDict()
        for (metric, best) in keeper.best.sorted(by: { $0.key < $1.key }) {
            facts["best_score_\(metric)"] = .float(best.value)
            if let file = best.file { facts["best_ckpt_\(metric)"] = .string(file) }
        }
        return PickleDict([
            .string("log_scalars"): .dict(PickleDict()), .string("runtime_info"): .dict(facts),
            .string("resumed_keys"): .dict(PickleDict()),
        ])
    }
}

extension TensorEntry {
    /// A tensor's own memory, or a copy where its elements do not lie one after the other.
    init(_ tensor: Tensor, named name: String) throws {
        let tensor = try tensor.detach().to(device: .cpu).contiguous()
        guard let dtype = Checkpoint.ScalarType(rawValue: tensor.dtype.rawValue) else {
            throw TorchError(operator: "checkpoint", message: "\(name): no file type for \(tensor.dtype)")
        }
        let storage = try tensor.withUnsafeBytes { TensorStorage(borrowing: $0, owner: TensorOwner(tensor)) }
        try self.init(name: name, dtype: dtype, shape: tensor.shape, storage: storage)
    }
}

/// Keeps a tensor's memory.
private final class TensorOwner: Sendable {
    private let tensor: Tensor

    init(_ tensor: Tensor) { self.tensor = tensor }
}

extension Optimizer {
    /// The state as `torch.optim.Optimizer.state_dict()` has it.
    fileprivate func pickled() throws -> PickleDict {
        var entries: OrderedDictionary<PickleKey, PickleValue> = [:]
        for (index, kept) in state.enumerated() where !kept.isEmpty {
            var values = PickleDict()
            for (name, tensor) in kept.sorted(by: { $0.key < $1.key }) {
                values[name] = .tensor(try TensorEntry(tensor, named: ""))
            }
            entries[.int(index)] = .dict(values)
        }
        var position = 0
        let groups = groups.map { group in
            defer { position += group.parameters.count }
            var values = settings(of: group)
            values["initial_lr"] = .float(group.initialValues[.learningRate] ?? 0)
            values["params"] = .list((position..<position + group.parameters.count).map(PickleValue.int))
            return PickleValue.dict(values)
        }
        return PickleDict([.string("state"): .dict(PickleDict(entries)), .string("param_groups"): .list(groups)])
    }

    /// PyTorch's names of a group's settings.
    private func settings(of group: ParameterGroup) -> PickleDict {
        var values = PickleDict([
            .string("lr"): .float(group[.learningRate]), .string("weight_decay"): .float(group[.weightDecay]),
            .string("maximize"): .bool(false), .string("foreach"): .none, .string("differentiable"): .bool(false),
            .string("fused"): .none,
        ])
        switch rule {
        case .sgd(let dampening, let nesterov):
            values["momentum"] = .float(group[.momentum])
            values["dampening"] = .float(dampening)
            values["nesterov"] = .bool(nesterov)
        case .adam(let beta2, let epsilon, let amsgrad), .adamW(let beta2, let epsilon, let amsgrad):
            values["betas"] = .tuple([.float(group[.momentum]), .float(beta2)])
            values["eps"] = .float(epsilon)
            values["amsgrad"] = .bool(amsgrad)
            values["capturable"] = .bool(false)
            if case .adamW = rule { values["decoupled_weight_decay"] = .bool(true) }
        case .adagrad(let rateDecay, let epsilon):
            values["lr_decay"] = .float(rateDecay)
            values["eps"] = .float(epsilon)
            values["initial_accumulator_value"] = .int(0)
        }
        return values
    }
}

extension ParameterSchedule {
    /// The state as MMEngine's schedulers have it.
    fileprivate func pickled(_ optimizer: Optimizer) -> PickleDict {
        let last = optimizer.groups.map { PickleValue.float($0[setting]) }
        return PickleDict([
            .string("param_name"): .string(setting.rawValue), .string("begin"): .int(begin), .string("end"): .int(end),
            .string("by_epoch"): .bool(isByEpoch), .string("last_step"): .int(lastStep),
            .string("_global_step"): .int(globalStep), .string("_last_value"): .list(last),
        ])
    }
}
