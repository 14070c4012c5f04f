import PyConfig

/// The codec of a top-down heatmap model, from the step that made targets and from the options of decoding.
struct TopdownCodec {
    let project: OldProject
    let inputSize: ConfigValue
    let heatmapSize: ConfigValue

    init(_ project: OldProject) throws {
        self.project = project
        inputSize = try project.inputSize()
        heatmapSize = try project.heatmapSize()
    }

    /// The codec that writes targets and, where it is another, the one that decodes.
    func translate() throws -> (codec: ConfigValue, decoder: ConfigValue?) {
        let decoder = try decoding()
        guard let step = project.step("TopDownGenerateTarget", in: project.train) else { return (.dict(decoder), nil) }
        let encoders = try encoding(step)
        enterEncoding(step, encoders)
        if encoders.count > 1 {
            return (.list(encoders.map { .dict($0) }), encoders.last == decoder ? nil : .dict(decoder))
        }
        guard let encoder = encoders.first, !agrees(encoder, decoder) else { return (.dict(decoder), nil) }
        return (.dict(encoder), .dict(decoder))
    }

    /// Whether one codec can do both: what matters to one side only may differ.
    private func agrees(_ encoder: ConfigDict, _ decoder: ConfigDict) -> Bool {
        for key in ["type", "sigma", "unbiased", "heatmap_type", "radius_factor", "kernel_size"]
        where encoder[key] != decoder[key] { return false }
        return true
    }

    private func base(_ type: String) -> ConfigDict {
        ["type": .string(type), "input_size": inputSize, "heatmap_size": heatmapSize]
    }

    // MARK: decoding

    private func decoding() throws -> ConfigDict {
        let test = project.test
        let process = test["post_process"]
        let method: String?
        switch process {
        case .some(.none): method = nil
        case .some(.bool(let flag)): method = flag ? "default" : nil
        case .some(.string("negative")): method = nil
        case .some(.string(let name)): method = name
        default: method = "default"
        }
        let kernel = test.int("modulate_kernel") ?? 11
        if test.bool("use_udp", default: false) { return udp(kernel) }
        if method == "megvii" { return megvii(kernel) }
        return msra(method, kernel)
    }

    private func udp(_ kernel: Int) -> ConfigDict {
        let test = project.test
        var codec = base("UDPHeatmap")
        codec["sigma"] = sigma()
        test.compute("use_udp", at: "codec.type", "UDPHeatmap", "UDP decoding is a codec")
        let target = test.string("target_type") ?? project.step("TopDownGenerateTarget")?.string("target_type")
        if target?.lowercased() == "combinedtarget" {
            codec["heatmap_type"] = "combined"
            project.ledger.change(.combinedTarget)
            if let factor = test["valid_radius_factor"]
                ?? project.step("TopDownGenerateTarget")?["valid_radius_factor"],
                !factor.isSame(as: 0.0546875)
            {
                codec["radius_factor"] = factor
            }
        }
        test.compute(
            "target_type", at: "codec.heatmap_type", codec["heatmap_type"] ?? "gaussian", "the codec's heatmap_type")
        test.keep("valid_radius_factor", at: "codec.radius_factor")
        if kernel != 11 { codec["blur_kernel_size"] = .int(kernel) }
        test.keep("modulate_kernel", at: "codec.blur_kernel_size")
        test.drop("post_process", "UDP decodes in one way")
        test.drop("unbiased_decoding", "UDP decodes in one way")
        project.ledger.change(.udpDecode)
        if project.keepsBehaviour { codec["blur_border"] = "reflect" }
        return codec
    }

    private func megvii(_ kernel: Int) -> ConfigDict {
        var codec = base("MegviiHeatmap")
        codec["kernel_size"] = .int(kernel)
        project.test.compute("post_process", at: "codec.type", "MegviiHeatmap", "Megvii's decoding is a codec")
        project.test.keep("modulate_kernel", at: "codec.kernel_size")
        return codec
    }

    private func msra(_ method: String?, _ kernel: Int) -> ConfigDict {
        let test = project.test
        let isUnbiased = method == "unbiased" || test.bool("unbiased_decoding", default: false)
        var codec = base("MSRAHeatmap")
        codec["sigma"] = sigma()
        if isUnbiased {
            codec["unbiased"] = true
            if kernel != 11 { codec["blur_kernel_size"] = .int(kernel) }
            test.compute(
                "post_process", at: "codec.unbiased", true, "unbiased decoding (DARK) is an option of the codec")
            test.compute(
                "unbiased_decoding", at: "codec.unbiased", true, "unbiased decoding (DARK) is an option of the codec")
            test.keep("modulate_kernel", at: "codec.blur_kernel_size")
        } else if method == nil {
            test.change("post_process", at: "codec", nil, "1.x has no decoding without refinement")
            project.ledger.change(.noRefinement)
            if project.keepsBehaviour { codec["refinement"] = "none" }
        } else {
            test.compute("post_process", at: "codec.type", "MSRAHeatmap", "the quarter offset is what MSRAHeatmap does")
            project.ledger.change(.refinement)
            if project.keepsBehaviour { codec["refinement"] = "both_axes" }
        }
        if !isUnbiased { test.drop("modulate_kernel", "0.29 used it for unbiased decoding only, which is off") }
        test.drop("unbiased_decoding", "off")
        test.drop("use_udp", "off")
        test.drop("target_type", "used with UDP only")
        test.drop("valid_radius_factor", "used with UDP only")
        return codec
    }

    private func sigma() -> ConfigValue {
        let value = project.step("TopDownGenerateTarget")?["sigma"] ?? 2
        return value.arrayValue?.last ?? value
    }

    // MARK: encoding

    /// One codec, or one a level where sigma or kernel is a list.
    private func encoding(_ step: OldDict) throws -> [ConfigDict] {
        switch step.string("encoding") ?? "MSRA" {
        case "MSRA":
            return levels(step["sigma"] ?? 2).map { sigma in
                var codec = base("MSRAHeatmap")
                codec["sigma"] = sigma
                if step.bool("unbiased_encoding", default: false) { codec["unbiased"] = true }
                if codec["unbiased"] != nil, let kernel = project.test.int("modulate_kernel"), kernel != 11 {
                    codec["blur_kernel_size"] = .int(kernel)
                }
                return codec
            }
        case "UDP":
            let isCombined = step.string("target_type")?.lowercased() == "combinedtarget"
            let values = isCombined ? levels(step["valid_radius_factor"] ?? 0.0546875) : levels(step["sigma"] ?? 2)
            return values.map { value in
                var codec = base("UDPHeatmap")
                codec["sigma"] = isCombined ? sigma() : value
                if isCombined {
                    codec["heatmap_type"] = "combined"
                    if !value.isSame(as: 0.0546875) { codec["radius_factor"] = value }
                }
                return codec
            }
        case "Megvii":
            return distinct(kernels(step)).map { kernel in
                var codec = base("MegviiHeatmap")
                codec["kernel_size"] = .int(kernel)
                return codec
            }
        case let other:
            throw MigrationError.invalid(
                path: step.path(of: "encoding"), reason: "'\(other)' is none of 'MSRA', 'UDP', 'Megvii'")
        }
    }

    private func levels(_ value: ConfigValue) -> [ConfigValue] { value.arrayValue ?? [value] }

    /// The kernel of each unit: 0.29 gives pairs of equal numbers.
    private func kernels(_ step: OldDict) -> [Int] {
        let value = step["kernel"] ?? .tuple([11, 11])
        let outer = value.arrayValue ?? [value]
        if outer.allSatisfy({ $0.intValue != nil }) { return [outer.compactMap(\.intValue).first ?? 11] }
        return outer.compactMap { $0.arrayValue?.first?.intValue ?? $0.intValue }
    }

    private func distinct(_ kernels: [Int]) -> [Int] { Array(Set(kernels)).sorted(by: >) }

    /// For each unit of a multi-stage model the position of its codec in the list; nil for a single codec.
    func levelIndices() -> [ConfigValue]? {
        guard let step = project.step("TopDownGenerateTarget", in: project.train), step.string("encoding") == "Megvii"
        else {
            return nil
        }
        let kernels = kernels(step)
        let order = distinct(kernels)
        guard order.count > 1 else { return nil }
        return kernels.map { .int(order.firstIndex(of: $0) ?? 0) }
    }

    private func enterEncoding(_ step: OldDict, _ encoders: [ConfigDict]) {
        let first = encoders.first ?? [:]
        step.compute("encoding", at: "codec.type", first["type"], "the codec's type")
        step.keep("sigma", at: "codec.sigma")
        step.compute(
            "kernel", at: "codec.kernel_size", .list(encoders.compactMap { $0["kernel_size"] }),
            "the distinct kernel sizes, one codec each; level_indices assigns them to units")
        step.compute(
            "target_type", at: "codec.heatmap_type", first["heatmap_type"] ?? "gaussian", "the codec's heatmap_type")
        step.compute("unbiased_encoding", at: "codec.unbiased", first["unbiased"] ?? false, "the codec's unbiased")
        step.keep("valid_radius_factor", at: "codec.radius_factor")
    }
}
