import PyConfig

/// Hooks, logging, environment: what stood in `default_runtime.py`.
struct RuntimeTranslation {
    let project: OldProject
    private var root: OldDict { project.root }

    init(_ project: OldProject) { self.project = project }

    /// `default_hooks`, which stands with the schedule.
    func hooks() -> ConfigDict {
        var checkpoint: ConfigDict = ["type": "CheckpointHook"]
        let config = root.dict("checkpoint_config")
        checkpoint["interval"] = config?.keep("interval", at: "default_hooks.checkpoint.interval") ?? 1
        let own = config ?? OldDict(values: [:], path: "", ledger: root.ledger)
        own.apply(
            [
                "max_keep_ckpts": .keep, "save_optimizer": .keep, "by_epoch": .keep, "out_dir": .keep,
                "save_last": .keep,
                "create_symlink": .drop("1.x writes last_checkpoint"), "meta": .drop("1.x writes its own"),
                "type": .drop("CheckpointHook"),
            ], at: "default_hooks.checkpoint", to: &checkpoint)
        if let evaluation = root.dict("evaluation"), let name = evaluation.given("save_best")?.stringValue {
            let part = root.dict("data")?.dict("val") ?? root.dict("data")?.dicts("val").first
            let kind = part?.type.flatMap { OldDatasets.all[$0]?.metric } ?? .coco
            let best = Metrics.best(name, kind)
            checkpoint["save_best"] = .string(best.name)
            checkpoint["rule"] = evaluation["rule"] ?? .string(best.rule)
            evaluation.compute(
                "save_best", at: "default_hooks.checkpoint.save_best", .string(best.name), "the metric's name in 1.x")
            evaluation.keep("rule", at: "default_hooks.checkpoint.rule")
        } else {
            root.dict("evaluation")?.drop("save_best", "None: the best checkpoint is not kept apart")
        }
        let logging = root.dict("log_config")
        let interval = logging?.keep("interval", at: "default_hooks.logger.interval") ?? 50
        return [
            "timer": ["type": "IterTimerHook"], "logger": ["type": "LoggerHook", "interval": interval],
            "param_scheduler": ["type": "ParamSchedulerHook"], "checkpoint": .dict(checkpoint),
            "sampler_seed": ["type": "DistSamplerSeedHook"],
            "visualization": ["type": "PoseVisualizationHook", "enable": false],
        ]
    }

    /// The entries at the end of the file.
    func runtime() -> ConfigDict {
        var result: ConfigDict = ["default_scope": "mmpose"]
        result["custom_hooks"] = .list([["type": "SyncBuffersHook"]] + customHooks())
        result["env_cfg"] = .dict(environment())
        let backends = visualBackends()
        result["vis_backends"] = .list(backends)
        let is3D = ["PoseLifter", "Interhand3D"].contains(project.model.type ?? "")
        result["visualizer"] = [
            "type": is3D ? "Pose3dLocalVisualizer" : "PoseLocalVisualizer", "vis_backends": .list(backends),
            "name": "visualizer",
        ]
        let window = root["log_config"]?["interval"] ?? 50
        result["log_processor"] = ["type": "LogProcessor", "window_size": window, "by_epoch": true, "num_digits": 6]
        result["log_level"] = root.keep("log_level", at: "log_level") ?? "INFO"
        let resumes = root.given("resume_from")
        result["load_from"] = resumes ?? root["load_from"] ?? ConfigValue.none
        result["resume"] = .bool(resumes != nil)
        root.keep("load_from", at: "load_from")
        root.compute("resume_from", at: "load_from", resumes ?? ConfigValue.none, "load_from with resume=True")
        if let imports = root.keep("custom_imports", at: "custom_imports") { result["custom_imports"] = imports }
        if let seed = root.given("seed") { result["randomness"] = ["seed": seed] }
        root.keep("seed", at: "randomness.seed")
        if let unused = root.keep("find_unused_parameters", at: "find_unused_parameters") {
            result["find_unused_parameters"] = unused
        } else if project.test.given("rescore_cfg") != nil {
            result["find_unused_parameters"] = true
        }
        root.keep("work_dir", at: "work_dir").map { result["work_dir"] = $0 }
        enterRest()
        return result
    }

    private func environment() -> ConfigDict {
        root.keep("cudnn_benchmark", at: "env_cfg.cudnn_benchmark")
        root.keep("mp_start_method", at: "env_cfg.mp_cfg.mp_start_method")
        root.keep("opencv_num_threads", at: "env_cfg.mp_cfg.opencv_num_threads")
        root.keep("dist_params", at: "env_cfg.dist_cfg")
        return [
            "cudnn_benchmark": root["cudnn_benchmark"] ?? false,
            "mp_cfg": [
                "mp_start_method": root["mp_start_method"] ?? "fork",
                "opencv_num_threads": root["opencv_num_threads"] ?? 0,
            ],
            "dist_cfg": root["dist_params"] ?? ["backend": "nccl"],
        ]
    }

    /// The loggers of 0.29 that are visualisation backends in 1.x.
    private static let backends = [
        "TensorboardLoggerHook": "TensorboardVisBackend", "WandbLoggerHook": "WandbVisBackend",
        "MlflowLoggerHook": "MLflowVisBackend", "ClearMLLoggerHook": "ClearMLVisBackend",
        "NeptuneLoggerHook": "NeptuneVisBackend", "DvcliveLoggerHook": "DVCLiveVisBackend",
    ]

    private func visualBackends() -> [ConfigValue] {
        var result: [ConfigValue] = [["type": "LocalVisBackend"]]
        for hook in root.dict("log_config")?.dicts("hooks") ?? [] {
            guard let type = hook.type else { continue }
            if let backend = Self.backends[type] {
                var new: ConfigDict = ["type": .string(backend)]
                if let options = hook.keep("init_kwargs", at: "vis_backends.init_kwargs") {
                    new["init_kwargs"] = options
                }
                result.append(.dict(new))
                hook.compute("type", at: "vis_backends", .string(backend), "loggers are visualisation backends")
            } else {
                hook.drop("type", type == "TextLoggerHook" ? "1.x always writes text" : "1.x has no such logger")
            }
            hook.drop("interval", "one interval for all: default_hooks.logger.interval")
        }
        return result
    }

    private func customHooks() -> [ConfigValue] {
        root.dicts("custom_hooks").compactMap { hook in
            if hook.type == "ModelSetEpochHook" {
                hook.ledger.enter(.dropped, hook.path, .dict(hook.values), to: nil, nil, "for gesture recognition only")
                return nil
            }
            if let rule = Self.hookNames[hook.type ?? ""] {
                hook.ledger.enter(.renamed, hook.path, .dict(hook.values), to: "custom_hooks", .string(rule))
                var new = hook.values
                new["type"] = .string(rule)
                return .dict(new)
            }
            hook.ledger.enter(
                .changed, hook.path, .dict(hook.values), to: "custom_hooks", nil,
                "kept as it is: check that MMEngine has this hook; one of your own has to be ported")
            return .dict(hook.values)
        }
    }

    private static let hookNames = [
        "EMAHook": "EMAHook", "EmptyCacheHook": "EmptyCacheHook", "SyncBuffersHook": "SyncBuffersHook",
        "ProfilerHook": "ProfilerHook", "NumClassCheckHook": "NumClassCheckHook",
    ]

    private func enterRest() {
        root.drop("workflow", "1.x runs training and validation by train_cfg and val_cfg")
        let variable = "a variable of the old file; its value stands where it was used"
        root.drop("target_type", variable)
        root.drop("data_root", variable)
        if let channels = root.dict("channel_cfg") {
            for name in channels.values.names { channels.drop(name, variable) }
        }
        for name in ["data_cfg", "train_data_cfg", "val_data_cfg", "test_data_cfg"] {
            guard let data = root.dict(name) else { continue }
            DataOptions.enter(data, isLifter: project.head.type == "TemporalRegressionHead")
        }
        root.dict("evaluation")?.drop("by_epoch", "1.x counts as train_cfg does")
        root.dict("evaluation")?.drop("gpu_collect", "set collect_device in the evaluator")
        root.dict("evaluation")?.drop("start", "train_cfg.val_begin, if you need it")
        root.drop("gpu_ids", "the launcher chooses the devices")
        root.drop("auto_scale_lr", "set it to the batch size the rate was chosen for")
    }
}
