import PyConfig

/// Optimiser, learning rate and length of the run.
struct ScheduleTranslation {
    let root: OldDict

    /// The new top-level entries, in order.
    func translate() -> ConfigDict {
        var result = ConfigDict()
        let epochs = root["total_epochs"] ?? root["runner"]?["max_epochs"] ?? 210
        result["train_cfg"] = training(epochs)
        result["val_cfg"] = [:]
        result["test_cfg"] = [:]
        if let wrapper = optimizer() { result["optim_wrapper"] = .dict(wrapper) }
        let schedulers = schedulers(epochs)
        if !schedulers.isEmpty { result["param_scheduler"] = .list(schedulers.map { .dict($0) }) }
        return result
    }

    private func training(_ epochs: ConfigValue) -> ConfigValue {
        root.keep("total_epochs", at: "train_cfg.max_epochs")
        root.keep("runner", at: "train_cfg")
        var result: ConfigDict = ["by_epoch": true, "max_epochs": epochs]
        let interval = root.dict("evaluation")?.keep("interval", at: "train_cfg.val_interval")
        result["val_interval"] = interval ?? 1
        return .dict(result)
    }

    // MARK: optimiser

    private func optimizer() -> ConfigDict? {
        guard let old = root.dict("optimizer") else { return nil }
        var result = ConfigDict()
        if let half = root.dict("fp16") {
            result["type"] = "AmpOptimWrapper"
            result["loss_scale"] = half["loss_scale"] ?? "dynamic"
            root.compute(
                "fp16", at: "optim_wrapper.type", "AmpOptimWrapper", "mixed precision is a kind of optim_wrapper")
        }
        var inner = old.values
        for name in ["paramwise_cfg", "constructor"] { inner.removeValue(name) }
        result["optimizer"] = .dict(inner)
        old.ledger.enter(.renamed, old.path, .dict(inner), to: "optim_wrapper.optimizer")
        if let groups = old["paramwise_cfg"] {
            result["paramwise_cfg"] = groups
            old.keep("paramwise_cfg", at: "optim_wrapper.paramwise_cfg")
        }
        if let constructor = old.string("constructor") {
            let name =
                constructor == "LayerDecayOptimizerConstructor" ? "LayerDecayOptimWrapperConstructor" : constructor
            result["constructor"] = .string(name)
            old.compute("constructor", at: "optim_wrapper.constructor", .string(name), "the class's name in 1.x")
        }
        if let config = root.dict("optimizer_config") {
            if let clip = config.given("grad_clip") {
                result["clip_grad"] = clip
                config.keep("grad_clip", at: "optim_wrapper.clip_grad")
            } else {
                config.drop("grad_clip", "None: gradients are not clipped, as in 1.x without clip_grad")
            }
            if let count = config.given("cumulative_iters") {
                result["accumulative_counts"] = count
                config.keep("cumulative_iters", at: "optim_wrapper.accumulative_counts")
            }
            config.drop("type", "an optim_wrapper has the type")
        }
        return result
    }

    // MARK: learning rate

    private func schedulers(_ epochs: ConfigValue) -> [ConfigDict] {
        guard let old = root.dict("lr_config") else { return [] }
        var result = warmup(old)
        let byEpoch = old.bool("by_epoch", default: true)
        if let main = main(old, epochs, byEpoch) { result.append(main) }
        old.keep("by_epoch", at: "param_scheduler.by_epoch")
        return result
    }

    private func warmup(_ old: OldDict) -> [ConfigDict] {
        guard let kind = old.given("warmup")?.stringValue else {
            for name in ["warmup", "warmup_iters", "warmup_ratio", "warmup_by_epoch"] { old.drop(name, "no warm-up") }
            return []
        }
        let byEpoch = old.bool("warmup_by_epoch", default: false)
        let ratio = old["warmup_ratio"] ?? 0.1
        let length = old["warmup_iters"] ?? 0
        let place = "param_scheduler.0"
        var new: ConfigDict = ["type": kind == "constant" ? "ConstantLR" : "LinearLR", "begin": 0, "end": length]
        new[kind == "constant" ? "factor" : "start_factor"] = ratio
        new["by_epoch"] = .bool(byEpoch)
        if kind == "exp" {
            old.change("warmup", at: "\(place).type", "LinearLR", "1.x has no exponential warm-up; it rises linearly")
        } else {
            old.compute("warmup", at: "\(place).type", new["type"], "warm-up is a scheduler of its own")
        }
        old.keep("warmup_iters", at: "\(place).end")
        old.keep("warmup_ratio", at: "\(place).\(kind == "constant" ? "factor" : "start_factor")")
        old.keep("warmup_by_epoch", at: "\(place).by_epoch")
        return [new]
    }

    private func main(_ old: OldDict, _ epochs: ConfigValue, _ byEpoch: Bool) -> ConfigDict? {
        let place = "param_scheduler"
        var new: ConfigDict
        switch old.string("policy")?.lowercased() {
        case "step":
            let gamma = old["gamma"] ?? 0.1
            if let size = old.int("step") {
                new = ["type": "StepLR", "step_size": .int(size), "gamma": gamma, "end": epochs]
                old.keep("step", at: "\(place).step_size")
            } else {
                new = [
                    "type": "MultiStepLR", "begin": 0, "end": epochs,
                    "milestones": .list(old["step"]?.arrayValue ?? []), "gamma": gamma,
                ]
                old.keep("step", at: "\(place).milestones")
            }
            old.keep("gamma", at: "\(place).gamma")
            old.drop("min_lr", "1.x's step schedulers have no floor")
        case "exp":
            new = ["type": "ExponentialLR", "gamma": old["gamma"] ?? 0.1, "end": epochs]
            old.keep("gamma", at: "\(place).gamma")
        case "cosineannealing":
            new = ["type": "CosineAnnealingLR", "begin": 0, "end": epochs, "T_max": epochs]
            if let ratio = old.keep("min_lr_ratio", at: "\(place).eta_min_ratio") { new["eta_min_ratio"] = ratio }
            if let floor = old.keep("min_lr", at: "\(place).eta_min") { new["eta_min"] = floor }
        case "poly":
            new = [
                "type": "PolyLR", "begin": 0, "end": epochs, "power": old["power"] ?? 1.0,
                "eta_min": old["min_lr"] ?? 0.0,
            ]
            old.keep("power", at: "\(place).power")
            old.keep("min_lr", at: "\(place).eta_min")
        case "fixed", nil:
            old.drop("policy", "the rate stays; 1.x needs no scheduler for that")
            return nil
        default: return nil
        }
        // `end` counts what the scheduler counts; 0.29 had no end, and without `by_epoch` epochs would cut it short.
        if !byEpoch { new["end"] = 1_000_000_000 }
        if !byEpoch, new["T_max"] != nil { new["T_max"] = new["end"] }
        new["by_epoch"] = .bool(byEpoch)
        old.compute("policy", at: "\(place).type", new["type"], "schedulers are objects")
        return new
    }
}
