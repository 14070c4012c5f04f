import PyConfig

/// The steps of a bottom-up pipeline: whole images, targets by the codec.
struct BottomupPipeline {
    let project: OldProject
    let place: String
    private var result: [ConfigDict] = []
    private var hasTarget = false

    init(project: OldProject, place: String) {
        self.project = project
        self.place = place
    }

    /// - Throws: `MigrationError.unknownClass` for a step that 0.29 does not have, `.notPortable` for one 1.x lacks.
    func translate(_ steps: [OldDict]) throws -> [ConfigDict] {
        var copy = self
        for step in steps { try copy.translate(step) }
        return copy.result
    }

    private var next: String { "\(place).\(result.count)" }

    private mutating func translate(_ step: OldDict) throws {
        switch step.type {
        case "LoadImageFromFile": result.append(CommonSteps.loadImage(step, at: next))
        case "BottomUpRandomAffine": affine(step)
        case "BottomUpRandomFlip":
            var new: ConfigDict = ["type": "RandomFlip"]
            if let probability = step["flip_prob"], !probability.isSame(as: 0.5) { new["prob"] = probability }
            step.keep("flip_prob", at: "\(next).prob")
            new["direction"] = "horizontal"
            append(new, step)
        case "GetKeypointCenterArea":
            step.compute("type", at: "codec", nil, "the codec finds people's centres")
            step.compute(
                "minimal_area", at: "codec.minimal_diagonal_length", nil, "its square root: the codec compares lengths")
        case "BottomUpGenerateTarget", "BottomUpGenerateHeatmapTarget", "BottomUpGenerateOffsetTarget",
            "CIDGenerateTarget":
            target(step)
        case "BottomUpGetImgSize": break
        case "BottomUpResizeAlign": try resize(step)
        case "Collect": collect(step)
        default:
            if let other = try CommonSteps.translate(step, at: next) { result.append(other) }
        }
    }

    private mutating func append(_ new: ConfigDict, _ step: OldDict) {
        step.compute("type", at: "\(next).type", new["type"], "the step's name in 1.x")
        result.append(new)
    }

    private mutating func affine(_ step: OldDict) {
        var new: ConfigDict = ["type": "BottomupRandomAffine", "input_size": .inputSizePlaceholder]
        if let rotation = step["rot_factor"], !rotation.isSame(as: 30) { new["rotate_factor"] = rotation }
        step.keep("rot_factor", at: "\(next).rotate_factor")
        if let scale = step["scale_factor"], !scale.isSame(as: .tuple([0.75, 1.5])) {
            new["scale_factor"] = scale.asTuple
        }
        step.keep("scale_factor", at: "\(next).scale_factor")
        if let kind = step["scale_type"], kind != "short" { new["scale_type"] = kind }
        step.keep("scale_type", at: "\(next).scale_type")
        let shift = ((step.number("trans_factor") ?? 40) / 40 * 0.2 * 1e6).rounded() / 1e6
        if shift != 0.2 { new["shift_factor"] = .float(shift) }
        step.change(
            "trans_factor", at: "\(next).shift_factor", .float(shift),
            "0.2·trans_factor/40: 1.x moves by a fraction of the image, 0.29 by pixels")
        if step.bool("use_udp", default: false) { new["transform_mode"] = "affine_udp" }
        step.compute("use_udp", at: "\(next).transform_mode", new["transform_mode"], "the UDP way of transforming")
        project.ledger.change(.bottomupCrop)
        append(new, step)
    }

    private mutating func target(_ step: OldDict) {
        BottomupTargets.enter(step)
        if hasTarget { return }
        hasTarget = true
        result.append(["type": "GenerateTarget", "encoder": .codecPlaceholder])
        result.append(["type": "BottomupGetHeatmapMask"])
    }

    private mutating func resize(_ step: OldDict) throws {
        let size = project.step("BottomUpGetImgSize")
        let factors = size?["test_scale_factor"]?.arrayValue ?? [1]
        var new: ConfigDict = ["type": "BottomupResize", "input_size": .inputSizePlaceholder]
        let others = factors.filter { !$0.isSame(as: 1) }
        if !others.isEmpty, project.head.type == "AESimpleHead" { new["aug_scales"] = .list(others) }
        let base = step["base_length"] ?? size?["base_length"] ?? 64
        new["size_factor"] = base
        new["resize_mode"] = "expand"
        if step.bool("use_udp", default: false) { new["use_udp"] = true }
        append(new, step)
        step.keep("base_length", at: "\(place).\(result.count - 1).size_factor")
        step.keep("use_udp", at: "\(place).\(result.count - 1).use_udp")
        for nested in step.dicts("transforms") { _ = try CommonSteps.translate(nested, at: next) }
        guard let size else { return }
        let home = "\(place).\(result.count - 1)"
        size.compute("type", at: home, "BottomupResize", "one step finds the size and resizes")
        size.keep("base_length", at: "\(home).size_factor")
        size.keep("use_udp", at: "\(home).use_udp")
        size.drop("current_scale", "1.x has no such factor")
        if others.isEmpty || new["aug_scales"] != nil {
            size.compute("test_scale_factor", at: "\(home).aug_scales", new["aug_scales"], "the scales beside 1")
        } else {
            size.drop("test_scale_factor", "1.x tests this head at one scale")
            project.ledger.change(.multiscaleDEKR)
        }
    }

    private mutating func collect(_ step: OldDict) {
        var new: ConfigDict = ["type": "PackPoseInputs"]
        if !hasTarget { new["meta_keys"] = Self.metaKeys }
        CommonSteps.enterCollect(step, at: next)
        result.append(new)
    }

    /// What decoding whole images needs to know of them.
    private static let metaKeys = ConfigValue.tuple(
        [
            "id", "img_id", "img_path", "crowd_index", "ori_shape", "img_shape", "input_size", "input_center",
            "input_scale", "flip", "flip_direction", "flip_indices", "raw_ann_info", "skeleton_links",
        ].map { .string($0) })
}
