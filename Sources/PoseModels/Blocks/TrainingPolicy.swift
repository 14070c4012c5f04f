import PyConfig
import Torch

/// Which parts of a backbone training leaves alone.
struct TrainingPolicy {
    /// Stages up to this one are frozen; −1 for none, 0 for the stem.
    let frozenStages: Int
    /// Whether batch normalisation keeps its running statistics in training.
    let keepsStatistics: Bool

    /// Reads `frozen_stages` and `norm_eval`, and passes over what only initialisation and memory saving read.
    init(_ arguments: Arguments) throws {
        frozenStages = try arguments.int("frozen_stages", default: -1)
        keepsStatistics = try arguments.bool("norm_eval", default: false)
        arguments.ignore("init_cfg", "with_cp", "zero_init_residual", "_scope_", "pretrained")
    }

    /// - Parameter stages: the modules of each stage, the stem first.
    func apply(to backbone: ParameterPath, stages: [[ParameterPath]]) throws {
        if keepsStatistics { backbone.keepStatistics() }
        for module in stages.prefix(frozenStages + 1).joined() {
            module.keepInEvaluation()
            try module.setTrainable(false)
        }
    }
}
