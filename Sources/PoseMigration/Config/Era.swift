import PyConfig

/// Which MMPose a config was written for, told from the names it uses.
enum Era {
    case old
    case new
    case mixed(old: [String], new: [String])
    case neither

    /// Top-level keys that only one era has.
    private static let oldKeys = [
        "data", "optimizer", "optimizer_config", "lr_config", "total_epochs", "checkpoint_config", "log_config",
        "evaluation", "resume_from", "dist_params", "workflow", "data_cfg", "channel_cfg",
    ]
    private static let newKeys = [
        "default_scope", "default_hooks", "optim_wrapper", "param_scheduler", "train_dataloader", "val_dataloader",
        "test_dataloader", "val_evaluator", "test_evaluator", "train_cfg", "val_cfg", "test_cfg", "env_cfg",
        "visualizer", "auto_scale_lr", "codec",
    ]

    init(_ config: ConfigDict) {
        var old = Self.oldKeys.filter { config[$0] != nil }
        var new = Self.newKeys.filter { config[$0] != nil }
        let model = config["model"]
        if let type = model?["type"]?.stringValue {
            if OldModels.all[type] != nil, type != "PoseLifter" { old.append("model.type='\(type)'") }
            if type.hasSuffix("Estimator") { new.append("model.type='\(type)'") }
        }
        if model?["keypoint_head"] != nil { old.append("model.keypoint_head") }
        for name in ["head", "data_preprocessor"] where model?[name] != nil { new.append("model.\(name)") }
        for name in ["train_pipeline", "val_pipeline", "test_pipeline"] {
            let types = (config[name]?.arrayValue ?? []).compactMap { $0["type"]?.stringValue }
            if let type = types.first(where: { OldTransforms.names.contains($0) }) { old.append("\(name): \(type)") }
            if let type = types.first(where: { OldTransforms.newOnly.contains($0) }) { new.append("\(name): \(type)") }
        }
        switch (old.isEmpty, new.isEmpty) {
        case (true, true): self = .neither
        case (true, false): self = .new
        case (false, true): self = .old
        case (false, false): self = .mixed(old: old, new: new)
        }
    }
}
