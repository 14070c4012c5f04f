import PyConfig

/// Before MMPose 1.0.0 was final, heads selected and joined feature maps themselves; now a neck does. Configs of that
/// time keep working: their head arguments are rewritten into a neck.
enum EarlyHeadArguments {
    static func updated(
        neck: ConfigDict?, head: ConfigDict, at path: String
    ) throws -> (neck: ConfigDict?, head: ConfigDict) {
        var head = head
        var neck = neck ?? ConfigDict()
        var selects = true
        let transform = head.removeValue("input_transform")?.stringValue ?? "select"
        let index = head.removeValue("input_index") ?? .tuple([.int(-1)])
        let alignCorners = head.removeValue("align_corners")?.boolValue ?? false
        switch transform {
        case "resize_concat":
            let selected = try select(head["in_channels"], index, at: "\(path).head.in_channels")
            head["in_channels"] = .int(selected.reduce(0, +))
            neck["type"] = "FeatureMapProcessor"
            neck["concat"] = .bool(true)
            neck["select_index"] = index
        case "select" where index != .tuple([.int(-1)]):
            neck["type"] = "FeatureMapProcessor"
            neck["select_index"] = index
            if head["in_channels"]?.arrayValue != nil {
                let selected = try select(head["in_channels"], index, at: "\(path).head.in_channels")
                head["in_channels"] =
                    index.intValue == nil ? .tuple(selected.map(ConfigValue.int)) : .int(selected[0])
            }
        case "select":
            selects = false
        default:
            throw ModelError.unknownType(
                transform, at: "\(path).head.input_transform", known: ["resize_concat", "select"])
        }
        if alignCorners, selects { neck["align_corners"] = .bool(true) }
        applyExtra(&head, &neck)
        if head.removeValue("has_final_layer")?.boolValue == false, head["final_layer"] == nil {
            head["final_layer"] = ConfigValue.none
        }
        return (neck.isEmpty ? nil : neck, head)
    }

    private static func applyExtra(_ head: inout ConfigDict, _ neck: inout ConfigDict) {
        guard let extra = head.removeValue("extra")?.dictValue else { return }
        if let kernel = extra["final_conv_kernel"]?.intValue {
            var layer = ConfigDict()
            layer["kernel_size"] = .int(kernel)
            if kernel > 1 { layer["padding"] = .int(kernel / 2) }
            head["final_layer"] = .dict(layer)
        }
        if let factor = extra["upsample"]?.doubleValue {
            neck["type"] = "FeatureMapProcessor"
            neck["scale_factor"] = .float(factor)
            neck["apply_relu"] = .bool(true)
        }
    }

    private static func select(_ channels: ConfigValue?, _ index: ConfigValue, at path: String) throws -> [Int] {
        let all = channels?.arrayValue?.compactMap(\.intValue) ?? []
        let positions = index.arrayValue?.compactMap(\.intValue) ?? index.intValue.map { [$0] } ?? []
        let selected = positions.compactMap { position -> Int? in
            let position = position < 0 ? position + all.count : position
            return all.indices.contains(position) ? all[position] : nil
        }
        guard !selected.isEmpty, selected.count == positions.count else {
            throw ConfigError.invalidArgument(
                path: path, reason: "input_index asks for maps \(positions), but in_channels lists \(all)")
        }
        return selected
    }
}
