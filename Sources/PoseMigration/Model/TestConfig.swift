import PyConfig

/// `test_cfg` of top-down models, beyond what the codec takes.
enum TestConfig {
    /// Of heatmap heads.
    static func heatmaps(_ project: OldProject, isCombined: Bool) -> ConfigDict {
        var result = flip(project)
        result["flip_mode"] = isCombined ? "udp_combined" : "heatmap"
        result["shift_heatmap"] = project.test.keep("shift_heatmap", at: "model.test_cfg.shift_heatmap") ?? false
        project.test.drop("regression_flip_shift", "for regression models only")
        project.test.drop("restore_global_position", "for lifters only")
        project.test.drop("num_joints", "1.x counts them from the head")
        return result
    }

    /// Of regression heads: 0.29 did not shift the mirror image's coordinates unless asked to, 1.x does.
    static func regression(_ project: OldProject) -> ConfigDict {
        var result = flip(project)
        let shift = project.test.bool("regression_flip_shift", default: false)
        result["shift_coords"] = .bool(shift)
        project.test.keep("regression_flip_shift", at: "model.test_cfg.shift_coords")
        if !shift { project.ledger.change(.flipShift) }
        for name in ["post_process", "shift_heatmap", "modulate_kernel", "unbiased_decoding", "use_udp", "target_type"]
        {
            project.test.drop(name, "regression has no heatmaps")
        }
        return result
    }

    /// `flip_test`, which is on in 0.29 and off in 1.x unless given.
    static func flip(_ project: OldProject) -> ConfigDict {
        let isOn = project.test.bool("flip_test", default: true)
        project.test.keep("flip_test", at: "model.test_cfg.flip_test")
        return ["flip_test": .bool(isOn)]
    }
}
