import PyConfig

/// Two hands in space (Moon et al. 2020, InterNet).
struct HandFamily: ModelFamily {
    func parts(of project: OldProject) throws -> ModelParts {
        let head = project.head
        let data = project.data
        head.compute("type", at: "model.head.type", "InternetHead", "the class's name in 1.x")
        var codec: ConfigDict = ["type": "Hand3DHeatmap"]
        codec["image_size"] = data.keep("image_size", at: "codec.image_size") ?? [256, 256]
        codec["root_heatmap_size"] = data.keep("heatmap_size_root", at: "codec.root_heatmap_size") ?? 64
        codec["heatmap_size"] = data.keep("heatmap_size", at: "codec.heatmap_size") ?? [64, 64, 64]
        for name in ["heatmap3d_depth_bound", "root_depth_bound"] {
            if let value = data.keep(name, at: "codec.\(name)"), !value.isSame(as: 400) { codec[name] = value }
        }
        if let size = codec["root_heatmap_size"], !size.isSame(as: 64) { codec["heatmap_size_root"] = size }
        let target = HandTargets.heatmapStep(project.train)
        codec["sigma"] = target?["sigma"] ?? 2
        codec["max_bound"] = target?["max_bound"] ?? 1.0
        if let joints = target?.given("joint_indices") { codec["joint_indices"] = joints }
        codec["depth_size"] = head.dict("keypoint_head_cfg")?["depth_size"] ?? 64
        var result: ConfigDict = ["type": "InternetHead"]
        if let keypoints = head.dict("keypoint_head_cfg") {
            var inner = ConfigDict()
            let place = "model.head.keypoint_head_cfg"
            keypoints.apply(["in_channels": .keep, "out_channels": .keep, "depth_size": .keep], at: place, to: &inner)
            HeadLayers.deconvolutions(keypoints, nil, to: &inner, place: place)
            try HeadLayers.convolutions(keypoints, to: &inner, place: place)
            result["keypoint_head_cfg"] = .dict(inner)
        }
        for name in ["root_head_cfg", "hand_type_head_cfg"] {
            if let value = head.keep(name, at: "model.head.\(name)") { result[name] = value }
        }
        project.ledger.change(.handPresence)
        if project.keepsBehaviour, var type = result["hand_type_head_cfg"]?.dictValue {
            type["use_sigmoid"] = true
            result["hand_type_head_cfg"] = .dict(type)
        }
        for (old, new, usual) in [
            ("loss_keypoint", "loss", "KeypointMSELoss"), ("loss_root_depth", "loss_root_depth", "L1Loss"),
            ("loss_hand_type", "loss_hand_type", "BCELoss"),
        ] {
            let loss = try Losses.translate(old, of: head, to: "model.head.\(new)")
            // 1.x's defaults need not be written.
            if let loss, !loss.isSame(as: ["type": .string(usual), "use_target_weight": true]) { result[new] = loss }
        }
        HeadLayers.enterUnused(head)
        result["decoder"] = .dict(codec)
        var parts = ModelParts(codec: .dict(codec), head: result)
        parts.testConfig = TestConfig.flip(project)
        if let shift = project.test.keep("shift_heatmap", at: "model.test_cfg.shift_heatmap") {
            parts.testConfig?["shift_heatmap"] = shift
        }
        parts.dataMode = "topdown"
        return parts
    }

    func pipeline(
        _ steps: [OldDict], of project: OldProject, isTraining: Bool, at place: String
    ) throws -> [ConfigDict] {
        try TopdownPipeline(project: project, place: place).translate(steps)
    }

    /// What decoding and metrics of hands in space need to know.
    static let metaKeys = ConfigValue.tuple(
        [
            "id", "img_id", "img_path", "rotation", "img_shape", "focal", "principal_pt", "input_size",
            "input_center", "input_scale", "hand_type", "hand_type_valid", "flip", "flip_indices", "abs_depth",
        ].map { .string($0) })
}

/// The nested target steps of 0.29's hand pipelines.
enum HandTargets {
    private static func nested(_ step: OldDict) -> [OldDict] {
        guard let lists = step["pipeline_list"]?.arrayValue else { return [] }
        return lists.enumerated().flatMap { outer, list in
            (list.arrayValue ?? [list]).enumerated().compactMap { inner, value in
                value.dictValue.map {
                    OldDict(values: $0, path: "\(step.path).pipeline_list.\(outer).\(inner)", ledger: step.ledger)
                }
            }
        }
    }

    /// The step that made 3D heatmaps.
    static func heatmapStep(_ steps: [OldDict]) -> OldDict? {
        steps.lazy.flatMap { [$0] + nested($0) }.first { $0.type == "Generate3DHeatmapTarget" }
    }

    /// Enters a target step and those inside it.
    static func enter(_ step: OldDict) {
        for inner in nested(step) {
            inner.compute("type", at: "codec.type", "Hand3DHeatmap", "all targets of a hand are made by one codec")
            for name in ["sigma", "max_bound", "joint_indices"] { inner.keep(name, at: "codec.\(name)") }
            inner.drop("key_pairs", "the codec names its targets")
        }
        step.drop("pipeline_indices", "the codec orders its targets")
        step.drop("keys", "the codec names its targets")
    }
}
