import PyConfig
import Torch

/// Which parts of a backbone training leaves alone.
struct TrainingPolicy {
    /// Stages up to this one are frozen; −1 for none, 0 for the stem.
    let frozenStages: Int
    /// Whether batch normalisation keeps its running statistics in training.
    let keepsStatistics: Bool
    private let arguments: Arguments

    /// Reads `frozen_stages` and `norm_eval`, and passes over what only initialisation and memory saving read.
    init(_ arguments: Arguments) throws {
        frozenStages = try arguments.int("frozen_stages", default: -1)
        keepsStatistics = try arguments.bool("norm_eval", default: false)
        arguments.ignore("init_cfg", "with_cp", "zero_init_residual", "_scope_", "pretrained")
        self.arguments = arguments
    }

    /// - Parameters:
    ///   - stages: the modules of each stage, the stem first.
    ///   - stemFollowsBatches: whether a frozen stem goes on to update its running statistics, as that of mobile
    ///     networks does in MMPose.
    /// - Throws: `ConfigError` when there are fewer stages than are to be frozen.
    func apply(to backbone: ParameterPath, stages: [[ParameterPath]], stemFollowsBatches: Bool = false) throws {
        guard (-1..<stages.count).contains(frozenStages) else {
            throw arguments.invalid("frozen_stages", "must be -1 to \(stages.count - 1), not \(frozenStages)")
        }
        if keepsStatistics { backbone.keepStatistics() }
        for (index, modules) in stages.prefix(frozenStages + 1).enumerated() {
            for module in modules {
                if index > 0 || !stemFollowsBatches { module.keepInEvaluation() }
                try module.setTrainable(false)
            }
        }
    }
}
