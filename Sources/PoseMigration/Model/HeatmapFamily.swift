import PyConfig

/// Top-down models with heatmaps: SimpleBaseline, HRNet and most others; CPM and hourglass; MSPN and RSN; ViPNAS.
struct HeatmapFamily: ModelFamily {
    func parts(of project: OldProject) throws -> ModelParts {
        let codec = try TopdownCodec(project)
        let (shared, decoder) = try codec.translate()
        var parts = ModelParts(codec: shared, head: [:])
        parts.dataMode = "topdown"
        switch project.head.type {
        case "TopdownHeatmapMSMUHead": parts.head = try multiUnit(project, codec)
        case "TopdownHeatmapMultiStageHead": parts.head = try multiStage(project)
        default: try simple(project, &parts)
        }
        HeadLayers.enterUnused(project.head)
        let last = shared.arrayValue?.last ?? shared
        parts.head["decoder"] = decoder ?? last
        parts.testConfig = TestConfig.heatmaps(project, isCombined: last["heatmap_type"]?.stringValue == "combined")
        return parts
    }

    func pipeline(
        _ steps: [OldDict], of project: OldProject, isTraining: Bool, at place: String
    ) throws -> [ConfigDict] {
        try TopdownPipeline(project: project, place: place).translate(steps)
    }

    // MARK: heads

    private func simple(_ project: OldProject, _ parts: inout ModelParts) throws {
        let head = project.head
        let type = head.type == "ViPNASHeatmapSimpleHead" ? "ViPNASHead" : "HeatmapHead"
        head.compute("type", at: "model.head.type", .string(type), "the class's name in 1.x")
        var result: ConfigDict = ["type": .string(type)]
        let features = try FeatureSelection.translate(project)
        parts.neck = features.neck
        parts.backbone = features.backbone
        result["in_channels"] = features.channels
        result["out_channels"] = head.keep("out_channels", at: "model.head.out_channels")
        HeadLayers.deconvolutions(head, type == "ViPNASHead" ? [144, 144, 144] : [256, 256, 256], to: &result)
        if type == "ViPNASHead", result["deconv_out_channels"]?.isNone != true,
            let groups = head.keep("num_deconv_groups", at: "model.head.deconv_num_groups")
        {
            result["deconv_num_groups"] = groups.asTuple
        }
        try HeadLayers.convolutions(head, to: &result)
        result["loss"] = try Losses.translate("loss_keypoint", of: head, to: "model.head.loss")
        parts.head = result
    }

    private func multiStage(_ project: OldProject) throws -> ConfigDict {
        let head = project.head
        head.compute("type", at: "model.head.type", "CPMHead", "the class's name in 1.x")
        var result: ConfigDict = ["type": "CPMHead"]
        result["in_channels"] = head.keep("in_channels", at: "model.head.in_channels") ?? 512
        result["out_channels"] = head.keep("out_channels", at: "model.head.out_channels") ?? 17
        result["num_stages"] = head.keep("num_stages", at: "model.head.num_stages") ?? 1
        HeadLayers.deconvolutions(head, nil, to: &result)
        if head["extra"]?["num_conv_layers"]?.intValue ?? 0 > 0 {
            throw MigrationError.notPortable(
                path: head.path(of: "extra.num_conv_layers"), name: "TopdownHeatmapMultiStageHead",
                reason: "1.x's CPMHead has no convolutions before the last one",
                alternative: "num_conv_layers=0, trained anew")
        }
        try HeadLayers.convolutions(head, to: &result)
        result["loss"] = try Losses.translate("loss_keypoint", of: head, to: "model.head.loss")
        return result
    }

    private func multiUnit(_ project: OldProject, _ codec: TopdownCodec) throws -> ConfigDict {
        let head = project.head
        head.compute("type", at: "model.head.type", "MSPNHead", "the class's name in 1.x")
        var result: ConfigDict = ["type": "MSPNHead"]
        for name in ["out_shape", "unit_channels", "out_channels", "num_stages", "num_units"] {
            if let value = head.keep(name, at: "model.head.\(name)") { result[name] = value.asTuple }
        }
        head.apply(["use_prm": .omit(false), "norm_cfg": .keep], at: "model.head", to: &result)
        if let indices = codec.levelIndices() { result["level_indices"] = .list(indices) }
        result["loss"] = try Losses.translate("loss_keypoint", of: head, to: "model.head.loss")
        return result
    }
}

/// The layers of heads that share their description: deconvolutions, convolutions, the last convolution.
enum HeadLayers {
    /// `num_deconv_layers`, `num_deconv_filters`, `num_deconv_kernels`.
    ///
    /// - Parameter usual: the filters that need not be written, 1.x's default; nil when 1.x has none by default.
    static func deconvolutions(
        _ head: OldDict, _ usual: [Int]?, to result: inout ConfigDict, place: String = "model.head"
    ) {
        let count = head.int("num_deconv_layers") ?? 3
        let outChannels = "\(place).deconv_out_channels"
        guard count > 0 else {
            result["deconv_out_channels"] = ConfigValue.none
            head.compute("num_deconv_layers", at: outChannels, ConfigValue.none, "no layers are written as None")
            head.drop("num_deconv_filters", "there are no deconvolutions")
            head.drop("num_deconv_kernels", "there are no deconvolutions")
            head.drop("num_deconv_groups", "there are no deconvolutions")
            return
        }
        let standard = usual ?? [256, 256, 256]
        let filters = head.given("num_deconv_filters")?.asTuple ?? .tuple(standard.map { .int($0) })
        let kernels = head.given("num_deconv_kernels")?.asTuple ?? .tuple([4, 4, 4])
        if usual == nil || !filters.isSame(as: .tuple(standard.map { .int($0) }))
            || !kernels.isSame(as: .tuple([4, 4, 4]))
        {
            result["deconv_out_channels"] = filters
            if usual == nil || !kernels.isSame(as: .tuple([4, 4, 4])) { result["deconv_kernel_sizes"] = kernels }
        }
        head.compute("num_deconv_layers", at: outChannels, filters, "the number of entries of deconv_out_channels")
        head.keep("num_deconv_filters", at: outChannels)
        head.keep("num_deconv_kernels", at: "\(place).deconv_kernel_sizes")
    }

    /// `extra`: convolutions before the last one, and the last one's kernel.
    ///
    /// - Throws: `MigrationError.invalid` for a kernel 0.29 does not accept.
    static func convolutions(
        _ head: OldDict, to result: inout ConfigDict, place: String = "model.head"
    ) throws {
        guard let extra = head.dict("extra") else { return head.drop("extra", "empty") }
        if let count = extra.int("num_conv_layers"), count > 0 {
            let channels = result["deconv_out_channels"]?.arrayValue?.last ?? result["in_channels"] ?? 256
            let hidden = result["deconv_out_channels"] == nil ? .int(256) : channels
            let kernels = extra.given("num_conv_kernels") ?? .list(Array(repeating: 1, count: count))
            result["conv_out_channels"] = .tuple(Array(repeating: hidden, count: count))
            result["conv_kernel_sizes"] = kernels.asTuple
            extra.compute(
                "num_conv_layers", at: "\(place).conv_out_channels", result["conv_out_channels"],
                "one entry a layer, with the channels that enter it")
            extra.keep("num_conv_kernels", at: "\(place).conv_kernel_sizes")
        } else {
            extra.drop("num_conv_layers", "no layers")
            extra.drop("num_conv_kernels", "no layers")
        }
        if let kernel = extra.given("final_conv_kernel") {
            switch kernel.intValue {
            case 0: result["final_layer"] = ConfigValue.none
            case 1: break
            case 3: result["final_layer"] = ["kernel_size": 3, "padding": 1]
            default:
                throw MigrationError.invalid(
                    path: extra.path(of: "final_conv_kernel"), reason: "0, 1 or 3, not \(kernel.python)")
            }
            extra.compute(
                "final_conv_kernel", at: "\(place).final_layer", result["final_layer"] ?? ["kernel_size": 1],
                "0 is None, 1 is 1.x's default, 3 has padding 1")
        }
        extra.drop("upsample", "0.29 did not read it")
        head.ledger.cover(head.path(of: "extra"))
    }

    /// Arguments that heads of 0.29 took and did not need.
    static func enterUnused(_ head: OldDict) {
        for name in ["train_cfg", "test_cfg"] { head.drop(name, "0.29's estimator gave its own") }
    }
}

/// Which feature maps the head reads: 0.29's heads selected and joined them, 1.x has a neck for it.
enum FeatureSelection {
    /// - Returns: a neck if one is needed, changes of the backbone's arguments, and the head's `in_channels`.
    static func translate(
        _ project: OldProject
    ) throws -> (neck: ConfigDict?, backbone: ConfigDict, channels: ConfigValue) {
        let head = project.head
        let place = "model.neck"
        guard let channels = head.given("in_channels") else {
            throw MigrationError.invalid(path: head.path(of: "in_channels"), reason: "is required")
        }
        let align = head.bool("align_corners", default: false)
        guard let transform = head.given("input_transform")?.stringValue else {
            head.drop("align_corners", "nothing is resized")
            head.drop("input_transform", "nothing is joined")
            head.keep("in_channels", at: "model.head.in_channels")
            let selected = try select(project)
            return (selected.neck, selected.backbone, channels)
        }
        guard transform == "resize_concat", let all = channels.arrayValue?.compactMap(\.intValue) else {
            throw MigrationError.notPortable(
                path: head.path(of: "input_transform"), name: transform,
                reason: "1.x's heads read one feature map",
                alternative: "input_transform='resize_concat', trained anew")
        }
        let indices = head.given("in_index")?.arrayValue?.compactMap(\.intValue) ?? Array(all.indices)
        guard indices.allSatisfy(all.indices.contains) else {
            throw MigrationError.invalid(path: head.path(of: "in_index"), reason: "points outside in_channels \(all)")
        }
        var neck: ConfigDict = ["type": "FeatureMapProcessor", "concat": true]
        if indices != Array(all.indices) { neck["select_index"] = .tuple(indices.map { .int($0) }) }
        if align { neck["align_corners"] = true }
        head.compute("input_transform", at: place, .dict(neck), "1.x joins feature maps in a neck")
        head.compute(
            "in_index", at: "\(place).select_index", neck["select_index"] ?? ConfigValue.none,
            "all maps need no selection")
        head.keep("align_corners", at: "\(place).align_corners")
        let sum = ConfigValue.int(indices.reduce(0) { $0 + all[$1] })
        head.compute("in_channels", at: "model.head.in_channels", sum, "the sum of the joined maps' channels")
        return (neck, [:], sum)
    }

    /// 0.29's heads read map 0 unless told otherwise, 1.x's read the last one.
    private static func select(_ project: OldProject) throws -> (neck: ConfigDict?, backbone: ConfigDict) {
        let head = project.head
        let index = head.int("in_index") ?? 0
        let count = outputs(project)
        let selects = head["in_index"] != nil && project.model.dict("backbone")?.type?.hasPrefix("Pyramid") ?? false
        if project.model.dict("neck")?.type == "GlobalAveragePooling" || (index == count - 1 && !selects) {
            if project.model.dict("backbone")?.type == "SwinTransformer", count > 1 { return swin(head, index) }
            head.compute("in_index", at: "model.head", nil, "1.x reads the last map, which is this one")
            return (nil, [:])
        }
        if project.model.dict("neck")?.type == "FPN" {
            head.change(
                "in_index", at: "model.neck.select_index", .int(index),
                "1.x's heads read the last map and it has one neck only: an option of swift-pose's FPN; MMPose itself "
                    + "cannot express this model")
            return (["select_index": .int(index)], [:])
        }
        if project.model.dict("backbone")?.type == "SwinTransformer" { return swin(head, index) }
        head.compute("in_index", at: "model.neck.select_index", .int(index), "1.x selects feature maps in a neck")
        return (["type": "FeatureMapProcessor", "select_index": .int(index)], [:])
    }

    /// A Swin backbone has a norm for every map it gives, so it gives only the one that is read.
    private static func swin(_ head: OldDict, _ index: Int) -> (neck: ConfigDict?, backbone: ConfigDict) {
        head.compute(
            "in_index", at: "model.backbone.out_indices", .tuple([.int(index)]),
            "the backbone gives only the map that is read; its other norms are left out of checkpoints")
        return (nil, ["out_indices": .tuple([.int(index)])])
    }

    /// How many feature maps reach the head.
    private static func outputs(_ project: OldProject) -> Int {
        if let count = project.model.dict("neck")?.int("num_outs") { return count }
        guard let backbone = project.model.dict("backbone") else { return 1 }
        switch backbone.type {
        case "PyramidVisionTransformer", "PyramidVisionTransformerV2", "SwinTransformer":
            return backbone["out_indices"]?.arrayValue?.count ?? 4
        case "HRNet", "HRFormer":
            let last = backbone["extra"]?["stage4"]
            return last?["multiscale_output"]?.boolValue == true ? last?["num_branches"]?.intValue ?? 4 : 1
        case "LiteHRNet":
            return 1
        default: return backbone["out_indices"]?.arrayValue?.count ?? 1
        }
    }
}
