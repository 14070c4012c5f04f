import PyConfig

/// Lifters from 2D to 3D keypoints: SimpleBaseline3D and VideoPose3D.
struct LifterFamily: ModelFamily {
    func parts(of project: OldProject) throws -> ModelParts {
        let codec = codec(project)
        var parts = ModelParts(codec: .dict(codec), head: try head(project.head, "model.head", codec))
        project.test.compute(
            "restore_global_position", at: "val_pipeline", nil,
            "PackPoseInputs carries target_root, and the codec adds it")
        project.test.drop("num_joints", "1.x counts them from the head")
        parts.testConfig = nil
        return parts
    }

    /// A head, or the one of the trajectory.
    func head(_ head: OldDict, _ place: String, _ codec: ConfigDict) throws -> ConfigDict {
        let isTrajectory = head.bool("is_trajectory", default: false)
        let type: ConfigValue = isTrajectory ? "TrajectoryRegressionHead" : "TemporalRegressionHead"
        head.compute("type", at: "\(place).type", type, "a head of its own for the trajectory")
        head.compute("is_trajectory", at: "\(place).type", type, "a head of its own for the trajectory")
        var result: ConfigDict = ["type": type]
        head.apply(["in_channels": .keep, "num_joints": .keep], at: place, to: &result)
        result["loss"] = try Losses.translate("loss_keypoint", of: head, to: "\(place).loss")
        head.drop("max_norm", "the TCN backbone has its own max_norm; 1.x's head has none")
        HeadLayers.enterUnused(head)
        result["decoder"] = .dict(codec)
        return result
    }

    func pipeline(
        _ steps: [OldDict], of project: OldProject, isTraining: Bool, at place: String
    ) throws -> [ConfigDict] {
        var result: [ConfigDict] = []
        for step in steps {
            let next = "\(place).\(result.count)"
            switch step.type {
            case "GetRootCenteredPose", "NormalizeJointCoordinate", "ImageCoordinateNormalization":
                enterCodec(step)
            case "RelativeJointRandomFlip":
                result.append(flip(step, at: next))
            case "PoseSequenceToTensor", "CollectCameraIntrinsics":
                step.compute("type", at: "codec.type", nil, "done by the codec and PackPoseInputs")
                for name in ["item", "camera_param", "need_distortion"] { step.drop(name, "the codec knows its items") }
            case "Collect":
                result.append(["type": "GenerateTarget", "encoder": .codecPlaceholder])
                var names = ["id", "category_id", "target_img_path", "flip_indices", "target_root"]
                if project.step("NormalizeJointCoordinate") != nil {
                    names += ["target_root_index", "target_mean", "target_std"]
                }
                result.append(["type": "PackPoseInputs", "meta_keys": .tuple(names.map { .string($0) })])
                CommonSteps.enterCollect(step, at: "\(place).\(result.count - 1)")
            default:
                if let other = try CommonSteps.translate(step, at: next) { result.append(other) }
            }
        }
        return result
    }

    // MARK: codec

    private func codec(_ project: OldProject) -> ConfigDict {
        let root = project.step("GetRootCenteredPose")
        let statistics = project.steps.filter { $0.type == "NormalizeJointCoordinate" }
        let isImage = !statistics.isEmpty
        var codec: ConfigDict = ["type": isImage ? "ImagePoseLifting" : "VideoPoseLifting"]
        codec["num_keypoints"] = project.data["num_joints"] ?? project.head["num_joints"] ?? 17
        project.data.keep("num_joints", at: "codec.num_keypoints")
        if !isImage { codec["zero_center"] = true }
        codec["root_index"] = root?["root_index"] ?? 0
        codec["remove_root"] = root?["remove_root"] ?? false
        for step in statistics {
            let name = step.string("item") == "target" ? "target" : "keypoints"
            for part in ["mean", "std"] { if let value = step.given(part) { codec["\(name)_\(part)"] = value } }
        }
        if project.step("ImageCoordinateNormalization")?.bool("norm_camera", default: false) ?? false {
            codec["normalize_camera"] = true
        }
        return codec
    }

    private func enterCodec(_ step: OldDict) {
        step.compute("type", at: "codec.type", nil, "3D normalisation is part of the codec")
        step.keep("root_index", at: "codec.root_index")
        step.keep("remove_root", at: "codec.remove_root")
        step.keep("norm_camera", at: "codec.normalize_camera")
        let name = step.string("item") == "target" ? "target" : "keypoints"
        if step["mean"] != nil { step.keep("mean", at: "codec.\(name)_mean") }
        if step["std"] != nil { step.keep("std", at: "codec.\(name)_std") }
        step.drop("norm_param_file", "the codec takes the numbers themselves; read them from the file")
        for other in ["item", "visible_item", "root_name", "camera_param"] {
            step.drop(other, "the codec knows its items")
        }
    }

    private func flip(_ step: OldDict, at place: String) -> ConfigDict {
        var result: ConfigDict = ["type": "RandomFlipAroundRoot"]
        step.compute("type", at: "\(place).type", "RandomFlipAroundRoot", "the step's name in 1.x")
        for (index, name) in ["keypoints_flip_cfg", "target_flip_cfg"].enumerated() {
            let configs = step["flip_cfg"]?.arrayValue ?? [step["flip_cfg"] ?? [:]]
            let chosen = configs.indices.contains(index) ? configs[index] : configs.last ?? [:]
            result[name] = (chosen.dictValue).map { .dict($0) } ?? [:]
        }
        step.keep("flip_cfg", at: "\(place).keypoints_flip_cfg")
        if let probability = step["flip_prob"], !probability.isSame(as: 0.5) { result["flip_prob"] = probability }
        step.keep("flip_prob", at: "\(place).flip_prob")
        if step.bool("flip_camera", default: false) { result["flip_camera"] = true }
        step.keep("flip_camera", at: "\(place).flip_camera")
        for other in ["item", "visible_item", "camera_param"] {
            step.drop(other, "the step flips keypoints and target")
        }
        return result
    }
}
