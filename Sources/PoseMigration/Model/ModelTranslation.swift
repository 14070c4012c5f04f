import PyConfig

/// `model`: estimator, preprocessor, backbone, neck and head.
struct ModelTranslation {
    let project: OldProject
    let parts: ModelParts

    /// - Throws: `MigrationError`.
    func translate() throws -> ConfigDict {
        let model = project.model
        var type = model.type ?? ""
        if case .becomes(let name)? = OldModels.all[type] { type = name }
        model.ledger.enter(
            type == model.type ? .kept : .renamed, model.path(of: "type"), model["type"] ?? ConfigValue.none,
            to: "model.type",
            .string(type))
        var result: ConfigDict = ["type": .string(type)]
        if type != "PoseLifter" { result["data_preprocessor"] = .dict(Preprocessor.translate(project)) }
        result["backbone"] = try backbone("backbone").map { .dict($0) }
        result["neck"] = try neck().map { .dict($0) }
        result["head"] = .dict(parts.head)
        if type == "PoseLifter" { try trajectory(&result) }
        if let training = parts.trainConfig { result["train_cfg"] = .dict(training) }
        if let test = parts.testConfig { result["test_cfg"] = .dict(test) }
        enterRest()
        return result
    }

    // MARK: parts

    private func backbone(_ name: String) throws -> ConfigDict? {
        guard let old = project.model.dict(name) else { return nil }
        var new = old.values
        old.ledger.enter(.kept, old.path, .dict(old.values), to: "model.\(name)", nil, "same arguments in 1.x")
        if old["pretrained"] != nil { new.removeValue("pretrained") }
        if name == "backbone" {
            for (key, value) in parts.backbone { new[key: key] = value }
            pretrained(old, &new)
        }
        return new
    }

    /// `pretrained` of the model or the backbone becomes the backbone's `init_cfg`.
    private func pretrained(_ old: OldDict, _ new: inout ConfigDict) {
        let model = project.model
        let given = old.given("pretrained") ?? model.given("pretrained")
        let place = "model.backbone.init_cfg"
        guard let source = given?.stringValue else {
            model.drop("pretrained", "None: nothing to load")
            return
        }
        let initial: ConfigDict = ["type": "Pretrained", "checkpoint": .string(source)]
        new["init_cfg"] = .dict(initial)
        model.compute("pretrained", at: place, .dict(initial), "1.x loads it through init_cfg")
        if old["pretrained"] != nil {
            old.ledger.enter(.computed, old.path(of: "pretrained"), .string(source), to: place)
        }
    }

    private func neck() throws -> ConfigDict? {
        guard let old = project.model.dict("neck") else { return parts.neck }
        var new = old.values
        old.moved(to: "model.neck", "same arguments in 1.x")
        if let own = parts.neck {
            guard own["type"] == nil else {
                throw MigrationError.notPortable(
                    path: old.path, name: old.type ?? "",
                    reason: "the head also joins feature maps, and 1.x has one neck",
                    alternative: "join the maps without this neck, trained anew")
            }
            for (key, value) in own { new[key: key] = value }
        }
        return new
    }

    private func trajectory(_ result: inout ConfigDict) throws {
        let model = project.model
        result["traj_backbone"] = try backbone("traj_backbone").map { .dict($0) }
        if let neck = model.dict("traj_neck") {
            neck.moved(to: "model.traj_neck")
            result["traj_neck"] = .dict(neck.values)
        }
        if let head = model.dict("traj_head"), let codec = parts.codec.dictValue {
            result["traj_head"] = .dict(try LifterFamily().head(head, "model.traj_head", codec))
        }
        if let loss = try Losses.translate("loss_semi", of: model, to: "model.semi_loss") { result["semi_loss"] = loss }
    }

    private func enterRest() {
        let model = project.model
        if let training = model["train_cfg"] {
            let isEmpty = training.dictValue?.isEmpty ?? true
            model.drop("train_cfg", isEmpty ? "empty" : "0.29's model did not read it")
        }
        model.drop("loss_pose", "0.29 did not use it; the loss stands in the head")
        model.drop("pretrained", "None: nothing to load")
        model.drop("concat_tensors", "for PoseWarper only")
    }
}
