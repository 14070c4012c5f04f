import PyConfig

/// Associative embedding with one resolution (Newell et al. 2017).
struct AssociativeEmbeddingFamily: ModelFamily {
    func parts(of project: OldProject) throws -> ModelParts {
        let head = project.head
        let test = project.test
        let size = try project.inputSize()
        let joints = head.int("num_joints") ?? 17
        var codec: ConfigDict = ["type": "AssociativeEmbedding", "input_size": size]
        codec["heatmap_size"] = try project.heatmapSize(isBottomup: true)
        let step = project.step("BottomUpGenerateTarget")
        codec["sigma"] = step?["sigma"] ?? project.data["base_sigma"] ?? 2
        let isUDP = test.bool("use_udp", default: false)
        if isUDP { codec["use_udp"] = true }
        let people = test.int("max_num_people") ?? 30
        codec["decode_topk"] = .int(people)
        if !isUDP { codec["decode_center_shift"] = 0.5 }
        if joints == 17 {
            // Head and trunk first, so that limbs join people that exist.
            codec["decode_keypoint_order"] = .list([0, 1, 2, 3, 4, 5, 6, 11, 12, 7, 8, 9, 10, 13, 14, 15, 16])
        } else {
            codec["decode_keypoint_order"] = .list((0..<max(joints, 0)).map { .int($0) })
        }
        for (old, new, usual) in [
            ("nms_kernel", "decode_nms_kernel", 5), ("detection_threshold", "decode_keypoint_thr", 0.1),
            ("tag_threshold", "decode_tag_thr", 1.0),
        ] as [(String, String, ConfigValue)] {
            if let value = test.keep(old, at: "codec.\(new)"), !value.isSame(as: usual) { codec[new] = value }
        }
        codec["decode_max_instances"] = .int(people)
        enterOptions(project, codec)
        var parts = ModelParts(codec: .dict(codec), head: try headConfig(project))
        let restores = test.bool("project2image", default: true)
        parts.head["decoder"] = .dict(codec)
        if restores {
            var decoder = codec
            decoder["heatmap_size"] = size
            parts.head["decoder"] = .dict(decoder)
        }
        parts.testConfig = testConfig(project, restores: restores)
        parts.dataMode = "bottomup"
        project.ledger.change(.grouping)
        return parts
    }

    func pipeline(
        _ steps: [OldDict], of project: OldProject, isTraining: Bool, at place: String
    ) throws -> [ConfigDict] {
        try BottomupPipeline(project: project, place: place).translate(steps)
    }

    private func enterOptions(_ project: OldProject, _ codec: ConfigDict) {
        let test = project.test
        let people = "decode_max_instances and decode_topk"
        test.compute("max_num_people", at: "codec.decode_max_instances", codec["decode_topk"], people)
        test.compute(
            "use_udp", at: "codec.use_udp", codec["use_udp"],
            "an option of the codec; without it positions move by half a pixel (decode_center_shift)")
        test.compute("num_joints", at: "model.head.num_keypoints", nil, "the head's")
        let kernel = test.int("nms_kernel") ?? 5
        test.fixed("nms_padding", .int((kernel &- 1) / 2), "(kernel − 1)/2")
        test.fixed("use_detection_val", true, "decoding")
        test.fixed("ignore_too_much", false, "decoding")
        test.fixed("adjust", true, "decoding")
        test.fixed("refine", true, "decoding")
        test.compute("tag_per_joint", at: "model.head.tag_per_keypoint", nil, "the head's")
        test.fixed("with_heatmaps", .list([true]), "one resolution")
        test.fixed("with_ae", .list([true]), "one resolution")
        test.fixed("scale_factor", .list([1]), "scales are given to BottomupResize")
        test.drop("select_output_index", "1.x's head has one output")
        test.drop("score_per_joint", "1.x scores people by their mean")
    }

    private func testConfig(_ project: OldProject, restores: Bool) -> ConfigDict {
        let scales = project.step("BottomUpGetImgSize")?["test_scale_factor"]?.arrayValue?.count ?? 1
        var result: ConfigDict = ["multiscale_test": .bool(scales > 1)]
        result["flip_test"] = TestConfig.flip(project)["flip_test"]
        result["shift_heatmap"] = false
        result["restore_heatmap_size"] = .bool(restores)
        project.test.keep("project2image", at: "model.test_cfg.restore_heatmap_size")
        result["align_corners"] = project.test.keep("align_corners", at: "model.test_cfg.align_corners") ?? true
        return result
    }

    private func headConfig(_ project: OldProject) throws -> ConfigDict {
        let head = project.head
        head.compute("type", at: "model.head.type", "AssociativeEmbeddingHead", "the class's name in 1.x")
        var result: ConfigDict = ["type": "AssociativeEmbeddingHead"]
        head.apply(["in_channels": .keep, "num_joints": .rename("num_keypoints")], at: "model.head", to: &result)
        result["tag_dim"] = 1
        result["tag_per_keypoint"] = head.keep("tag_per_joint", at: "model.head.tag_per_keypoint") ?? true
        HeadLayers.deconvolutions(head, [256, 256, 256], to: &result)
        try HeadLayers.convolutions(head, to: &result)
        head.drop("with_ae_loss", "1.x has one resolution, with tags")
        guard let loss = head.dict("loss_keypoint") else { return result }
        guard loss.type == "MultiLossFactory" else {
            throw MigrationError.unknownClass(
                path: loss.path(of: "type"), name: loss.type ?? "", nearest: "MultiLossFactory")
        }
        losses(loss, &result)
        return result
    }

    private func losses(_ loss: OldDict, _ result: inout ConfigDict) {
        func first(_ name: String) -> Double {
            (loss[name]?.arrayValue?.first ?? loss[name])?.doubleValue ?? 0.001
        }
        var keypoint: ConfigDict = ["type": "KeypointMSELoss", "use_target_weight": true]
        let factor = loss["heatmaps_loss_factor"] == nil ? 1 : first("heatmaps_loss_factor")
        if factor != 1 { keypoint["loss_weight"] = .float(factor) }
        let pull = first("pull_loss_factor")
        var tag: ConfigDict = ["type": "AssociativeEmbeddingLoss", "loss_weight": .float(pull)]
        let push = pull == 0 ? 0.5 : (first("push_loss_factor") / pull * 0.5 * 1e9).rounded() / 1e9
        if push != 0.5 { tag["push_loss_factor"] = .float(push) }
        result["keypoint_loss"] = .dict(keypoint)
        result["tag_loss"] = .dict(tag)
        loss.compute("type", at: "model.head.keypoint_loss", .dict(keypoint), "one loss for heatmaps and one for tags")
        loss.compute(
            "heatmaps_loss_factor", at: "model.head.keypoint_loss.loss_weight", .float(factor), "the first entry")
        loss.compute("pull_loss_factor", at: "model.head.tag_loss.loss_weight", .float(pull), "the first entry")
        loss.compute(
            "push_loss_factor", at: "model.head.tag_loss.push_loss_factor", .float(push),
            "push/(2·pull): 0.29 halved it")
        for name in ["num_joints", "num_stages", "with_ae_loss", "with_heatmaps_loss"] {
            loss.drop(name, "1.x has one resolution with both losses")
        }
        loss.fixed("ae_loss_type", "exp", "AssociativeEmbeddingLoss")
        loss.drop("supervise_empty", "KeypointMSELoss has skip_empty_channel for it, off by default")
    }
}

/// What the target steps of bottom-up pipelines told, now in the codec.
enum BottomupTargets {
    static func enter(_ step: OldDict) {
        step.compute("type", at: "codec.type", nil, "targets are made by the codec, in GenerateTarget")
        step.keep("sigma", at: "codec.sigma")
        step.compute("use_udp", at: "codec.use_udp", nil, "an option of the codec")
        step.keep("bg_weight", at: "codec.background_weight")
        step.compute("gen_center_heatmap", at: "codec.generate_keypoint_heatmaps", true, "SPR makes both kinds of maps")
        step.compute("radius", at: "codec.sigma", nil, "SPR writes displacements within the root's sigma")
        if step.type == "CIDGenerateTarget" {
            step.keep("max_num_people", at: "codec.encode_max_instances")
        } else {
            step.drop("max_num_people", "1.x has no limit on people in training")
        }
    }
}
