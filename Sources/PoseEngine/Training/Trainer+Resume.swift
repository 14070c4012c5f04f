import Checkpoint
public import Foundation
import OrderedCollections
import PoseModels
public import PoseRuntime
import Torch

extension Trainer {
    /// Fills the model with weights to begin with; they need not fit exactly, as in MMEngine.
    ///
    /// - Parameter checkpoint: nil for those that the model's parts ask for (`init_cfg`).
    /// - Returns: what is worth knowing, a line each.
    /// - Throws: `CheckpointError`, `TrainingError.cannotTrain` when a part's weights are not here.
    public func begin(with checkpoint: URL?, locations: ModelLocations = ModelLocations()) throws -> [String] {
        guard let checkpoint else {
            return try pretrained.flatMap { file in
                let report = try file.load(into: model, locations)
                return ["\(file.checkpoint): \(report.loaded.count) of the weights of \(file.part) loaded"]
            }
        }
        let skipped = pretrained.map { "\($0.checkpoint) is left aside: load_from says what to begin with" }
        return try model.load(CheckpointFile.open(checkpoint).stateDict()).notes + skipped
    }

    /// Goes on where a checkpoint was written, by this library or by MMEngine.
    ///
    /// - Throws: `CheckpointError` when the file cannot be read, `TrainingError.cannotResume` when it is of another run.
    public func resume(from url: URL) throws {
        func failure(_ reason: String) -> TrainingError { .cannotResume(file: url.path, reason: reason) }
        let file = try CheckpointFile.open(url)
        guard let root = file.root.dictValue, let meta = file.meta?.dictValue, let iteration = meta["iter"]?.intValue,
            let state = root["optimizer"]?.dictValue
        else { throw failure("it has weights only; name it in load_from to begin with them") }
        guard (0...totalIterations).contains(iteration) else {
            throw failure("it is at iteration \(iteration), but the run ends at \(totalIterations)")
        }
        let epoch = iteration / epochLength
        if let stored = meta["epoch"]?.intValue, stored != epoch, case .epochs = settings.length {
            throw failure(
                "\(iteration) iterations were \(stored) epochs there and are \(epoch) here; is it the same data and"
                    + " batch size?")
        }
        let report = try model.load(average == nil || root["ema_state_dict"] == nil ? file.stateDict() : own(file))
        guard report.fitsExactly else { throw failure(report.summary) }
        if let average, root["ema_state_dict"] != nil { try resume(average, file) }
        do {
            try optimizer.resume(state)
        } catch {
            throw failure(String(describing: error))
        }
        try resumeSchedules(root["param_schedulers"]?.arrayValue ?? [], failure)
        progress.iteration = iteration
        progress.epoch = epoch
        resumeBest(root["message_hub"]?.dictValue?["runtime_info"]?.dictValue)
        keeper.adopt(upTo: place)
    }

    /// The newest checkpoint of a run's folder that can be read; nil when there is none.
    ///
    /// - Parameter report: is told of newer ones that are damaged.
    public static func newestCheckpoint(in folder: URL, report: (String) -> Void = { _ in }) -> URL? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let files = names.filter { name in
            name.hasSuffix(".pth") && (name.hasPrefix("epoch_") || name.hasPrefix("iter_"))
        }.map { folder.appendingPathComponent($0) }
        func time(_ url: URL) -> Date {
            let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
            return attributes?[.modificationDate] as? Date ?? .distantPast
        }
        return files.sorted { (time($1), $1.path) < (time($0), $0.path) }.first { url in
            do {
                _ = try CheckpointFile.open(url)
                return true
            } catch {
                report("\(error); takes the one before")
                return false
            }
        }
    }

    /// In a file with an average the values of the last step are beside it.
    private func own(_ file: CheckpointFile) throws -> StateDict {
        let stored = try file.stateDict(under: "ema_state_dict")
        let versions = try file.stateDict().versions
        return StateDict(
            stored.filter { $0.name != "steps" }.map { entry in
                entry.renamed(entry.name.hasPrefix("module.") ? String(entry.name.dropFirst(7)) : entry.name)
            }, versions: versions)
    }

    private func resume(_ average: ParameterAverage, _ file: CheckpointFile) throws {
        let steps = try file.stateDict(under: "ema_state_dict")["steps"].map { Int(try Tensor($0).item()) } ?? 0
        try average.load(file.stateDict().map { ($0.name, try Tensor($0)) }, steps: steps)
    }

    private func resumeSchedules(_ states: [PickleValue], _ failure: (String) -> TrainingError) throws {
        guard states.count == schedules.count else {
            throw failure("it has \(states.count) schedules, the config \(schedules.count)")
        }
        for (schedule, state) in zip(schedules, states) {
            guard let state = state.dictValue, let last = state["last_step"]?.intValue,
                let global = state["_global_step"]?.intValue
            else { throw failure("a schedule's state lacks last_step") }
            schedule.resume(lastStep: last, globalStep: global)
        }
    }

    private func resumeBest(_ facts: PickleDict?) {
        for case (.string(let key), let value) in facts?.entries ?? [:] {
            guard key.hasPrefix("best_score_"), let score = value.doubleValue else { continue }
            let metric = String(key.dropFirst("best_score_".count))
            keeper.best[metric] = CheckpointKeeper.Best(
                value: score, file: facts?["best_ckpt_\(metric)"]?.stringValue)
        }
    }
}

extension Optimizer {
    /// Takes over the state of `torch.optim.Optimizer.state_dict()`.
    fileprivate func resume(_ state: PickleDict) throws {
        guard let stored = state["param_groups"]?.arrayValue, stored.count == groups.count else {
            throw TorchError(
                operator: "resume",
                message:
                    "the optimizer has \(state["param_groups"]?.arrayValue?.count ?? 0) groups of parameters there,"
                    + " \(groups.count) here")
        }
        for (index, group) in stored.enumerated() {
            guard let group = group.dictValue, group["params"]?.arrayValue?.count == groups[index].parameters.count
            else {
                throw TorchError(operator: "resume", message: "group \(index) of the optimizer has other parameters")
            }
            if let rate = group["lr"]?.doubleValue { groups[index][.learningRate] = rate }
            if let decay = group["weight_decay"]?.doubleValue { groups[index][.weightDecay] = decay }
            let momentum = group["betas"]?.arrayValue?.first?.doubleValue ?? group["momentum"]?.doubleValue
            if let momentum { groups[index][.momentum] = momentum }
        }
        let kept = state["state"]?.dictValue
        try load(
            parameters.indices.map { index in
                var tensors: [String: Tensor] = [:]
                for case (.string(let name), let value) in kept?.entries[.int(index)]?.dictValue?.entries ?? [:] {
                    switch value {
                    case .tensor(let entry): tensors[name] = try Tensor(entry)
                    // PyTorch before 1.12 counted steps outside tensors.
                    case .int(let count): tensors[name] = try Tensor(Double(count))
                    default: break
                    }
                }
                return tensors
            })
    }
}
