import PoseModels
import PyConfig

/// What a hook changes at the beginning of an epoch: where samples come from, or arguments of the head.
///
/// A switch holds from its epoch on, also in a run that is resumed after it.
struct TrainingSwitch: Sendable {
    /// Counted from 0.
    let epoch: Int
    /// What takes the place of `train_dataloader.dataset`, and of its pipeline.
    let dataset, pipeline: ConfigValue?
    /// Arguments of `model.head` with their new values; dots lead into losses (`loss_oks.loss_weight`).
    let head: [(name: String, value: ConfigValue)]
    /// The hook, for messages.
    let path: String

    /// The switches of `custom_hooks` in the order they happen.
    ///
    /// - Parameter epochs: of the run; nil when it is counted in iterations.
    /// - Throws: `ModelError.unknownType` for a hook that is not known here, `ConfigError` for what it says.
    static func read(_ config: Config, epochs: Int?) throws -> [TrainingSwitch] {
        let root = Arguments(config.root, at: "")
        let hooks = try root.has("custom_hooks") ? root.children("custom_hooks") : []
        let switches = try hooks.flatMap { try read($0, epochs: epochs) }
        guard epochs != nil || switches.isEmpty else {
            throw root.invalid(
                "custom_hooks", "\(switches[0].path) switches at an epoch, but train_cfg counts iterations")
        }
        return switches.enumerated().sorted { ($0.element.epoch, $0.offset) < ($1.element.epoch, $1.offset) }
            .map(\.element)
    }

    private static func read(_ hook: Arguments, epochs: Int?) throws -> [TrainingSwitch] {
        let type = Registry.unscoped(try hook.type())
        switch type {
        // These are read where they act: averages, statistics shared by processes, a cache of CUDA that none needs.
        case "EMAHook", "SyncBuffersHook", "SyncNormHook", "EmptyCacheHook": return []
        case "PipelineSwitchHook":
            let epoch = max(try hook.int("switch_epoch"), 0)
            return [
                TrainingSwitch(
                    epoch: epoch, dataset: nil, pipeline: try value("switch_pipeline", hook), head: [], path: hook.path)
            ]
        case "YOLOXPoseModeSwitchHook":
            let last = try hook.int("num_last_epochs", default: 20)
            // As MMPose counts, one epoch more than the name says.
            let epoch = max((epochs ?? 0) - min(max(last, 0), epochs ?? 0) - 1, 0)
            return [
                TrainingSwitch(
                    epoch: epoch, dataset: given("new_train_dataset", hook),
                    pipeline: given("new_train_pipeline", hook),
                    head: [("use_aux_loss", .bool(true))], path: hook.path)
            ]
        case "RTMOModeSwitchHook": return try attributes(hook)
        default:
            throw ModelError.unknownType(
                type, at: hook.path,
                known: [
                    "EMAHook", "PipelineSwitchHook", "RTMOModeSwitchHook", "SyncBuffersHook", "SyncNormHook",
                    "YOLOXPoseModeSwitchHook",
                ])
        }
    }

    /// `epoch_attributes={280: {'loss_oks.loss_weight': 10.0}}`
    private static func attributes(_ hook: Arguments) throws -> [TrainingSwitch] {
        guard let epochs = hook.value("epoch_attributes")?.dictValue else {
            throw hook.invalid("epoch_attributes", "must be a dictionary of epochs")
        }
        return try epochs.keys.map { key in
            guard case .int(let epoch) = key, let changes = epochs[key: key]?.dictValue else {
                throw hook.invalid("epoch_attributes", "needs whole numbers as keys and dictionaries of attributes")
            }
            let head = changes.keys.compactMap { name -> (name: String, value: ConfigValue)? in
                guard let text = name.stringValue, let value = changes[text] else { return nil }
                return (text, value)
            }
            return TrainingSwitch(epoch: epoch, dataset: nil, pipeline: nil, head: head, path: hook.path)
        }
    }

    private static func given(_ name: String, _ hook: Arguments) -> ConfigValue? {
        hook.value(name).flatMap { $0.isNone ? nil : $0 }
    }

    private static func value(_ name: String, _ hook: Arguments) throws -> ConfigValue {
        guard let value = given(name, hook) else { throw hook.invalid(name, "is missing") }
        return value
    }
}
