import PyConfig

/// Disentangled keypoint regression (Geng et al. 2021).
struct DEKRFamily: ModelFamily {
    func parts(of project: OldProject) throws -> ModelParts {
        let test = project.test
        var codec: ConfigDict = ["type": "SPR", "input_size": try project.inputSize()]
        codec["heatmap_size"] = try project.heatmapSize(isBottomup: true)
        let step = project.step("BottomUpGenerateHeatmapTarget", in: project.train)
        let sigmas = step?["sigma"]?.arrayValue ?? [2, 4]
        codec["sigma"] = sigmas.count == 2 ? .tuple([sigmas[1], sigmas[0]]) : .tuple(sigmas)
        let area = project.step("GetKeypointCenterArea")?.number("minimal_area") ?? 32
        codec["minimal_diagonal_length"] = .float(max(area, 0).squareRoot())
        codec["generate_keypoint_heatmaps"] = true
        if let weight = step?["bg_weight"], !weight.isSame(as: 0.1) { codec["background_weight"] = weight }
        if let kernel = test.keep("max_pool_kernel", at: "codec.decode_nms_kernel"), !kernel.isSame(as: 5) {
            codec["decode_nms_kernel"] = kernel
        }
        codec["decode_max_instances"] = test["max_num_people"] ?? 30
        if let threshold = test.keep("keypoint_threshold", at: "codec.decode_thr"), !threshold.isSame(as: 0.01) {
            codec["decode_thr"] = threshold
        }
        var parts = ModelParts(codec: .dict(codec), head: try head(project, codec))
        parts.neck = try FeatureSelection.translate(project).neck
        parts.testConfig = testConfig(project)
        parts.dataMode = "bottomup"
        return parts
    }

    func pipeline(
        _ steps: [OldDict], of project: OldProject, isTraining: Bool, at place: String
    ) throws -> [ConfigDict] {
        try BottomupPipeline(project: project, place: place).translate(steps)
    }

    private func head(_ project: OldProject, _ codec: ConfigDict) throws -> ConfigDict {
        let head = project.head
        head.keep("type", at: "model.head.type")
        var result: ConfigDict = ["type": "DEKRHead"]
        result["in_channels"] = try FeatureSelection.translate(project).channels
        head.apply(
            [
                "num_joints": .rename("num_keypoints"), "num_heatmap_filters": .omit(32),
                "num_offset_filters_per_joint": .rename("num_displacement_filters_per_keypoint"),
                "num_deconv_layers": .fixed(0, "DEKRHead has no deconvolutions"),
                "num_deconv_filters": .drop("DEKRHead has no deconvolutions"),
                "num_deconv_kernels": .drop("DEKRHead has no deconvolutions"),
                "extra": .drop("DEKRHead has its own layers"),
            ], at: "model.head", to: &result)
        if result["num_displacement_filters_per_keypoint"]?.isSame(as: 15) ?? false {
            result.removeValue("num_displacement_filters_per_keypoint")
        }
        result["heatmap_loss"] = try Losses.translate("heatmap_loss", of: head, to: "model.head.heatmap_loss")
        result["displacement_loss"] = try Losses.translate("offset_loss", of: head, to: "model.head.displacement_loss")
        head.ledger.enter(
            .renamed, head.path(of: "offset_loss"), head["offset_loss"] ?? ConfigValue.none,
            to: "model.head.displacement_loss")
        result["decoder"] = .dict(codec)
        if let rescore = project.test.dict("rescore_cfg") {
            var new = ConfigDict()
            rescore.apply(["in_channels": .keep, "norm_indexes": .keep], at: "model.head.rescore_cfg", to: &new)
            if let checkpoint = rescore.given("pretrained") {
                new["init_cfg"] = ["type": "Pretrained", "checkpoint": checkpoint]
                rescore.keep("pretrained", at: "model.head.rescore_cfg.init_cfg.checkpoint")
            }
            result["rescore_cfg"] = .dict(new)
            rescore.moved(to: "model.head.rescore_cfg", "the net belongs to the head; its keys move too")
        }
        return result
    }

    private func testConfig(_ project: OldProject) -> ConfigDict {
        let test = project.test
        var result: ConfigDict = ["multiscale_test": false]
        result["flip_test"] = TestConfig.flip(project)["flip_test"]
        let usesNMS = test.bool("use_nms", default: false)
        if usesNMS, let distance = test.keep("nms_dist_thr", at: "model.test_cfg.nms_dist_thr") {
            result["nms_dist_thr"] = distance
            // 1.x's default is half of the keypoints.
            let half = ConfigValue.int((project.head.int("num_joints") ?? 17) / 2)
            if let joints = test["nms_joints_thr"], !joints.isSame(as: half) { result["nms_joints_thr"] = joints }
            test.keep("nms_joints_thr", at: "model.test_cfg.nms_joints_thr")
        }
        test.compute(
            "use_nms", at: "model.test_cfg.nms_dist_thr", result["nms_dist_thr"],
            "suppression is on where nms_dist_thr is given")
        if let people = test["max_num_people"], !people.isSame(as: 30) { result["max_num_people"] = people }
        test.compute(
            "max_num_people", at: "codec.decode_max_instances", test["max_num_people"],
            "the codec's limit and, where not 30, test_cfg's")
        // 0.29 moved the mirror image's displacements by one pixel, which 1.x asks this option for.
        result["shift_heatmap"] = true
        result["align_corners"] = test.keep("align_corners", at: "model.test_cfg.align_corners") ?? true
        test.drop("num_joints", "1.x counts them from the head")
        test.fixed("project2image", false, "maps keep their size")
        test.drop("multi_scale_score_decrease", "1.x tests DEKR at one scale")
        test.drop("use_udp", "SPR has no UDP")
        test.drop("nms_dist_thr", "off")
        return result
    }
}

/// Contextual instance decoupling (Wang and Zhang 2022).
struct CIDFamily: ModelFamily {
    func parts(of project: OldProject) throws -> ModelParts {
        let head = project.head
        let test = project.test
        var codec: ConfigDict = ["type": "DecoupledHeatmap", "input_size": try project.inputSize()]
        codec["heatmap_size"] = try project.heatmapSize(isBottomup: true)
        if let people = project.step("CIDGenerateTarget")?["max_num_people"], !people.isSame(as: 30) {
            codec["encode_max_instances"] = people
        }
        head.keep("type", at: "model.head.type")
        var result: ConfigDict = ["type": "CIDHead"]
        head.apply(
            [
                "in_channels": .keep, "num_joints": .rename("num_keypoints"), "gfd_channels": .keep,
                "prior_prob": .omit(0.01),
            ], at: "model.head", to: &result)
        for (old, new, usual) in [
            ("multi_hm_loss_factor", "coupled_heatmap_loss", 1.0),
            ("single_hm_loss_factor", "decoupled_heatmap_loss", 4.0),
            ("contrastive_loss_factor", "contrastive_loss", 1.0),
        ] as [(String, String, ConfigValue)] {
            let weight = head.keep(old, at: "model.head.\(new).loss_weight") ?? usual
            result[new] =
                new == "contrastive_loss"
                ? ["type": "InfoNCELoss", "temperature": 0.05, "loss_weight": weight]
                : ["type": "FocalHeatmapLoss", "loss_weight": weight]
        }
        result["decoder"] = .dict(codec)
        var parts = ModelParts(codec: .dict(codec), head: result)
        parts.neck = ["type": "FeatureMapProcessor", "concat": true]
        let instances = head.keep("max_train_instances", at: "model.train_cfg.max_train_instances") ?? 200
        parts.trainConfig = ["max_train_instances": instances]
        parts.testConfig = testConfig(test, project)
        parts.dataMode = "bottomup"
        project.ledger.change(.centerShift)
        return parts
    }

    func pipeline(
        _ steps: [OldDict], of project: OldProject, isTraining: Bool, at place: String
    ) throws -> [ConfigDict] {
        try BottomupPipeline(project: project, place: place).translate(steps)
    }

    private func testConfig(_ test: OldDict, _ project: OldProject) -> ConfigDict {
        var result: ConfigDict = ["multiscale_test": false]
        result["flip_test"] = TestConfig.flip(project)["flip_test"]
        for (old, new, usual) in [
            ("max_num_people", "max_instances", 30), ("detection_threshold", "score_threshold", 0.01),
            ("center_pool_kernel", "blur_kernel_size", 3),
        ] as [(String, String, ConfigValue)] {
            if let value = test.keep(old, at: "model.test_cfg.\(new)"), !value.isSame(as: usual) { result[new] = value }
        }
        result["shift_heatmap"] = false
        result["align_corners"] = test.keep("align_corners", at: "model.test_cfg.align_corners") ?? false
        test.drop("num_joints", "1.x counts them from the head")
        test.drop("project2image", "maps keep their size")
        return result
    }
}
