import PyConfig

/// The losses of 0.29 and how 1.x calls them and their arguments.
enum Losses {
    struct Rule {
        let type: String
        let options: [String: OptionRule]
        var change: BehaviourChange?
    }

    private static let usual: [String: OptionRule] = [
        "use_target_weight": .keep, "loss_weight": .omit(1.0), "supervise_empty": .keep, "beta": .keep,
        "topk": .keep, "num_joints": .drop("1.x counts them from the target"), "omega": .keep, "epsilon": .keep,
        "omega1": .keep, "omega2": .keep, "alpha": .keep, "theta": .keep, "size_average": .omit(true),
        "residual": .omit(true), "q_dis": .rename("q_distribution"), "joint_parents": .keep,
        "projection_loss_weight": .keep, "bone_loss_weight": .keep, "warmup_iterations": .keep, "reduction": .keep,
    ]

    private static func same(_ type: String) -> Rule { Rule(type: type, options: usual) }

    static let rules: [String: Rule] = {
        var table: [String: Rule] = [:]
        for name in [
            "CombinedTargetMSELoss", "AdaptiveWingLoss", "SmoothL1Loss", "WingLoss", "SoftWingLoss", "MPJPELoss",
            "MSELoss", "L1Loss", "BoneLoss", "SemiSupervisionLoss", "SoftWeightSmoothL1Loss", "FocalHeatmapLoss",
            "BCELoss", "RLELoss",
        ] { table[name] = same(name) }
        table["JointsMSELoss"] = Rule(type: "KeypointMSELoss", options: usual)
        table["JointsOHKMMSELoss"] = Rule(type: "KeypointOHKMMSELoss", options: usual)
        return table
    }()

    /// Translates a loss, or a list of them, that stands under `name` of `owner`.
    ///
    /// - Throws: `MigrationError.unknownClass` for a loss 0.29 does not have.
    static func translate(_ name: String, of owner: OldDict, to place: String) throws -> ConfigValue? {
        guard let value = owner.given(name) else { return nil }
        if value.arrayValue != nil {
            let old = owner.dicts(name)
            return .list(
                try old.enumerated().map { index, loss in
                    var new = try translate(loss, to: "\(place).\(index)")
                    // In a list weights are read side by side, so each is written.
                    if let weight = loss["loss_weight"] { new["loss_weight"] = weight }
                    return .dict(new)
                })
        }
        return try owner.dict(name).map { .dict(try translate($0, to: place)) }
    }

    private static func translate(_ loss: OldDict, to place: String) throws -> ConfigDict {
        let type = loss.type ?? ""
        guard let rule = rules[type] else {
            throw MigrationError.unknownClass(
                path: loss.path(of: "type"), name: type, nearest: nearestName(to: type, among: rules.keys))
        }
        var result: ConfigDict = ["type": .string(rule.type)]
        loss.ledger.enter(
            rule.type == type ? .kept : .renamed, loss.path(of: "type"), .string(type), to: "\(place).type",
            rule.type == type ? nil : .string(rule.type))
        loss.apply(rule.options, at: place, to: &result)
        if result["q_distribution"]?.stringValue == "laplace" { result.removeValue("q_distribution") }
        if type.hasPrefix("Joints"), loss["use_target_weight"]?.boolValue != true { loss.ledger.change(.targetWeights) }
        return result
    }
}
