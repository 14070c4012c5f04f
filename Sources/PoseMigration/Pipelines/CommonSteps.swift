import PyConfig

/// Steps that pipelines of several families have.
enum CommonSteps {
    static func loadImage(_ step: OldDict, at place: String) -> ConfigDict {
        var new: ConfigDict = ["type": "LoadImage"]
        step.compute("type", at: "\(place).type", "LoadImage", "the step's name in 1.x")
        step.apply(["to_float32": .omit(false), "color_type": .omit("color")], at: place, to: &new)
        step.compute(
            "channel_order", at: "model.data_preprocessor.bgr_to_rgb", .bool(step.string("channel_order") != "bgr"),
            "images stay BGR until the preprocessor turns them")
        if let backend = step.dict("file_client_args") {
            if backend.string("backend") == "disk" {
                step.compute("file_client_args", at: place, nil, "'disk' is 1.x's default backend, 'local'")
            } else {
                new["backend_args"] = step.keep("file_client_args", at: "\(place).backend_args")
            }
        }
        return new
    }

    /// A step without a family of its own; nil when the step has become part of the model.
    ///
    /// - Throws: `MigrationError.unknownClass` or `.notPortable`.
    static func translate(_ step: OldDict, at place: String) throws -> ConfigDict? {
        let type = step.type ?? ""
        switch type {
        case "ToTensor":
            step.compute(
                "type", at: "model.data_preprocessor", "PoseDataPreprocessor", "part of the model's forward pass")
            step.drop("device", "the preprocessor moves the batch to the model's device")
            return nil
        case "NormalizeTensor":
            step.compute(
                "type", at: "model.data_preprocessor", "PoseDataPreprocessor", "part of the model's forward pass")
            step.compute("mean", at: "model.data_preprocessor.mean", Preprocessor.scaled(step["mean"]), "255·mean")
            step.compute("std", at: "model.data_preprocessor.std", Preprocessor.scaled(step["std"]), "255·std")
            return nil
        case "Albumentation", "PhotometricDistortion":
            step.moved(to: place)
            return step.values
        default:
            guard OldTransforms.names.contains(type) || OldTransforms.gone[type] != nil else {
                throw MigrationError.unknownClass(
                    path: step.path(of: "type"), name: type,
                    nearest: nearestName(to: type, among: OldTransforms.names.union(OldTransforms.shared)))
            }
            throw MigrationError.notPortable(
                path: step.path(of: "type"), name: type,
                reason: OldTransforms.gone[type] ?? "1.x has no such step in this kind of pipeline",
                alternative: "leave the step out and run the migration again")
        }
    }

    /// `Collect`, whose keys 1.x knows by itself.
    static func enterCollect(_ step: OldDict, at place: String) {
        step.compute("type", at: "\(place).type", "PackPoseInputs", "the step's name in 1.x")
        step.drop("keys", "PackPoseInputs packs what the model and the codec need")
        step.drop("meta_keys", "PackPoseInputs carries what decoding and metrics need")
        step.drop("meta_name", "1.x has one name for it")
    }
}

/// `data_preprocessor`, from the steps that normalised images.
enum Preprocessor {
    /// Statistics of pixel values from 0 to 1, for values from 0 to 255.
    static func scaled(_ value: ConfigValue?) -> ConfigValue? {
        value?.arrayValue.map { .list($0.map { .float((($0.doubleValue ?? 0) * 255 * 1e6).rounded() / 1e6) }) }
    }

    static func translate(_ project: OldProject) -> ConfigDict {
        let nested = project.steps.flatMap { $0.dicts("transforms") }
        let normalize = (project.steps + nested).first { $0.type == "NormalizeTensor" }
        let load = project.step("LoadImageFromFile")
        let isRGB = load?.string("channel_order") != "bgr"
        var result: ConfigDict = ["type": "PoseDataPreprocessor"]
        result["mean"] = scaled(normalize?["mean"]) ?? .list([0.0, 0.0, 0.0])
        result["std"] = scaled(normalize?["std"]) ?? .list([255.0, 255.0, 255.0])
        if isRGB { result["bgr_to_rgb"] = true }
        return result
    }
}

extension ConfigValue {
    /// Stands for the shared codec until the pipelines are put together.
    static let codecPlaceholder = ConfigValue.string("\u{0}codec")
    /// Stands for the codec's input size.
    static let inputSizePlaceholder = ConfigValue.string("\u{0}input_size")
}
