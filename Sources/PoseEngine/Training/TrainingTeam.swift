import PoseModels
import PyConfig
import Torch

/// What several processes that train one model share: its values at the start, gradients, statistics.
struct TrainingTeam: Sendable {
    let group: ProcessGroup
    private let store: ParameterStore
    /// Whether parameters may take no part in a step (`find_unused_parameters`).
    private let findsUnused: Bool
    /// Whether running statistics are averaged after every epoch (`SyncBuffersHook`, `SyncNormHook`).
    private let averagesBuffers: Bool

    /// - Throws: `ConfigError` for hooks without a type.
    init(_ group: ProcessGroup, of model: any TrainableEstimator, _ config: Config) throws {
        self.group = group
        store = model.store
        store.group = group
        let root = Arguments(config.root, at: "")
        let wrapper = try root.child("model_wrapper_cfg")
        findsUnused =
            try wrapper?.optionalBool("find_unused_parameters")
            ?? root.bool("find_unused_parameters", default: false)
        if let name = try root.optionalString("sync_bn"), !name.isEmpty { store.root.shareStatistics() }
        let hooks = try root.has("custom_hooks") ? root.children("custom_hooks") : []
        averagesBuffers = try hooks.contains {
            try ["SyncBuffersHook", "SyncNormHook"].contains(Registry.unscoped($0.type()))
        }
    }

    /// Gives all processes the first one's values, and from then on the mean of all gradients.
    ///
    /// - Throws: `TorchError` when models differ, `DistributedError.lostPeer`.
    func begin(_ optimizer: Optimizer) throws -> GradientReducer {
        try noGrad {
            for entry in store.entries { try group.broadcast_(entry.parameter.tensor.detach()) }
        }
        let learned = try optimizer.parameters.map { try $0.tensor }.filter(\.requiresGrad)
        return try GradientReducer(learned, in: group, findsUnused: findsUnused)
    }

    /// After every epoch.
    func endEpoch() throws {
        guard averagesBuffers else { return }
        try noGrad {
            for entry in store.entries where entry.parameter.kind != .parameter {
                let tensor = try entry.parameter.tensor
                guard tensor.dtype.isFloatingPoint else { continue }
                try group.sum_(tensor)
                try tensor.div_(Double(group.size))
            }
        }
    }
}
