import PyConfig

/// The steps of a top-down pipeline: crops around people, targets by the codec.
struct TopdownPipeline {
    let project: OldProject
    /// Name of the new list, `train_pipeline`.
    let place: String
    private var result: [ConfigDict] = []
    /// Position of the one step that the shift and the scale-rotation step become together.
    private var boxStep: Int?
    /// Whether a scale-rotation step is still to come.
    private var awaitsScaleRotation = false
    /// A shift step met before the scale-rotation step it is joined with.
    private var waitingShift: OldDict?

    init(project: OldProject, place: String) {
        self.project = project
        self.place = place
    }

    /// - Throws: `MigrationError.unknownClass` for a step that 0.29 does not have, `.notPortable` for one 1.x lacks.
    func translate(_ steps: [OldDict]) throws -> [ConfigDict] {
        var copy = self
        for (index, step) in steps.enumerated() {
            copy.awaitsScaleRotation = steps[(index + 1)...].contains { $0.type == "TopDownGetRandomScaleRotation" }
            try copy.translate(step)
        }
        return copy.result
    }

    private mutating func translate(_ step: OldDict) throws {
        switch step.type {
        case "LoadImageFromFile": result.append(CommonSteps.loadImage(step, at: next))
        case "TopDownGetBboxCenterScale": simple(step, "GetBBoxCenterScale", ["padding": .omit(1.25)])
        case "TopDownRandomShiftBboxCenter": shift(step)
        case "TopDownGetRandomScaleRotation": scaleRotation(step)
        case "TopDownRandomFlip": flip(step)
        case "HandRandomFlip":
            simple(step, "HandRandomFlip", ["flip_prob": .rename("prob")])
            if step["flip_prob"] == nil { result[result.count - 1]["prob"] = 0.5 }
        case "TopDownHalfBodyTransform": halfBody(step)
        case "TopDownAffine": affine(step)
        case "TopDownGenerateTarget", "TopDownGenerateTargetRegression": target(step)
        case "MultitaskGatherTarget":
            HandTargets.enter(step)
            append(["type": "GenerateTarget", "encoder": encoder], step)
        case "Collect": collect(step)
        default:
            if let other = try CommonSteps.translate(step, at: next) { result.append(other) }
        }
    }

    private var next: String { "\(place).\(result.count)" }
    private var encoder: ConfigValue { ConfigValue.codecPlaceholder }

    private mutating func simple(_ step: OldDict, _ type: String, _ rules: [String: OptionRule]) {
        var new: ConfigDict = ["type": .string(type)]
        step.apply(rules, at: next, to: &new)
        append(new, step)
    }

    private mutating func append(_ new: ConfigDict, _ step: OldDict) {
        step.compute("type", at: "\(next).type", new["type"], "the step's name in 1.x")
        result.append(new)
    }

    // MARK: random boxes

    private mutating func randomBox() -> Int {
        if let boxStep { return boxStep }
        result.append(["type": "RandomBBoxTransform", "shift_prob": 0, "scale_prob": 0.0, "rotate_prob": 0.0])
        project.ledger.change(.randomDistributions)
        boxStep = result.count - 1
        return result.count - 1
    }

    /// Writes an option of the box step unless it has 1.x's default.
    private mutating func set(_ name: String, _ value: ConfigValue, usual: ConfigValue, at index: Int) {
        result[index][name] = value.isSame(as: usual) ? nil : value
    }

    private mutating func shift(_ step: OldDict) {
        // Where both steps stand, the box step takes the later place, as in the official configs.
        if awaitsScaleRotation {
            waitingShift = step
        } else {
            enterShift(step, at: randomBox())
        }
    }

    private mutating func enterShift(_ step: OldDict, at index: Int) {
        let home = "\(place).\(index)"
        step.compute("type", at: home, "RandomBBoxTransform", "shift, scale and rotation are one step in 1.x")
        set("shift_factor", step["shift_factor"] ?? 0.16, usual: 0.16, at: index)
        set("shift_prob", step["prob"] ?? 0.3, usual: 0.3, at: index)
        step.keep("shift_factor", at: "\(home).shift_factor")
        step.keep("prob", at: "\(home).shift_prob")
    }

    private mutating func scaleRotation(_ step: OldDict) {
        let index = randomBox()
        if let waiting = waitingShift {
            enterShift(waiting, at: index)
            waitingShift = nil
        }
        let home = "\(place).\(index)"
        step.compute("type", at: home, "RandomBBoxTransform", "shift, scale and rotation are one step in 1.x")
        let rotation = step["rot_factor"] ?? 40
        let doubled = rotation.intValue.map { ConfigValue.int($0 &* 2) } ?? .float((rotation.doubleValue ?? 40) * 2)
        set("rotate_factor", doubled, usual: 80, at: index)
        step.compute(
            "rot_factor", at: "\(home).rotate_factor", doubled, "2·rot_factor: 0.29 clipped at twice the factor")
        let scale = step["scale_factor"]?.doubleValue ?? 0.5
        let range = ConfigValue.tuple([.float(rounded(1 - scale)), .float(rounded(1 + scale))])
        set("scale_factor", range, usual: .tuple([0.5, 1.5]), at: index)
        step.compute("scale_factor", at: "\(home).scale_factor", range, "(1 − s, 1 + s)")
        set("scale_prob", 1.0, usual: 1.0, at: index)
        set("rotate_prob", step["rot_prob"] ?? 0.6, usual: 0.6, at: index)
        step.keep("rot_prob", at: "\(home).rotate_prob")
    }

    /// Without the noise of binary fractions: 1 − 0.7 is 0.3.
    private func rounded(_ value: Double) -> Double { (value * 1e9).rounded() / 1e9 }

    private mutating func flip(_ step: OldDict) {
        var new: ConfigDict = ["type": "RandomFlip"]
        if let probability = step["flip_prob"], !probability.isSame(as: 0.5) { new["prob"] = probability }
        step.keep("flip_prob", at: "\(next).prob")
        new["direction"] = "horizontal"
        append(new, step)
    }

    private mutating func halfBody(_ step: OldDict) {
        var new: ConfigDict = ["type": "RandomHalfBody"]
        let count = step.int("num_joints_half_body") ?? 8
        if count != 8 { new["min_total_keypoints"] = .int(count &+ 1) }
        step.compute(
            "num_joints_half_body", at: "\(next).min_total_keypoints", .int(count &+ 1),
            "n + 1: 'more than n' became 'at least'")
        if let probability = step["prob_half_body"], !probability.isSame(as: 0.3) { new["prob"] = probability }
        step.keep("prob_half_body", at: "\(next).prob")
        project.ledger.change(.halfBody)
        append(new, step)
    }

    private mutating func affine(_ step: OldDict) {
        var new: ConfigDict = ["type": "TopdownAffine", "input_size": .inputSizePlaceholder]
        step.apply(["use_udp": .omit(false)], at: next, to: &new)
        project.ledger.change(.boxes)
        append(new, step)
    }

    // MARK: targets

    private mutating func target(_ step: OldDict) {
        var new: ConfigDict = ["type": "GenerateTarget", "encoder": encoder]
        if step.type == "TopDownGenerateTarget", TargetLevels.areSeveral(step) { new["multilevel"] = true }
        if project.data.bool("use_different_joint_weights", default: false) {
            new["use_dataset_keypoint_weights"] = true
            project.data.keep("use_different_joint_weights", at: "\(next).use_dataset_keypoint_weights")
        } else {
            project.data.drop("use_different_joint_weights", "off")
        }
        step.compute("type", at: "\(next).type", "GenerateTarget", "targets are made by the codec")
        result.append(new)
    }

    private mutating func collect(_ step: OldDict) {
        var new: ConfigDict = ["type": "PackPoseInputs"]
        if project.head.type == "Interhand3DHead" { new["meta_keys"] = HandFamily.metaKeys }
        CommonSteps.enterCollect(step, at: next)
        result.append(new)
    }
}

/// Whether a target step of 0.29 made several levels of targets.
enum TargetLevels {
    static func areSeveral(_ step: OldDict) -> Bool {
        if step.string("encoding") == "Megvii" {
            let outer = step["kernel"]?.arrayValue ?? []
            return outer.contains { $0.arrayValue != nil } && outer.count > 1
        }
        let isCombined = step.string("target_type")?.lowercased() == "combinedtarget"
        let value = isCombined ? step["valid_radius_factor"] : step["sigma"]
        return (value?.arrayValue?.count ?? 1) > 1
    }
}
