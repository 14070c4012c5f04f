import Checkpoint
import OrderedCollections

/// A state dict on its way to 1.x, and what was done to it.
struct StateDictConversion {
    /// The keys a rule changed, after the change; dropped keys under their old name.
    struct Step {
        let rule: String
        let keys: [String]
    }

    private(set) var tensors: [TensorEntry]
    private(set) var steps: [Step] = []

    init(_ state: StateDict) { tensors = Array(state) }

    var keys: [String] { tensors.map(\.name) }

    func has(_ prefix: String) -> Bool { tensors.contains { $0.name.hasPrefix(prefix) } }

    /// Replaces every tensor by what `change` makes of it: `nil` drops it, itself leaves it.
    mutating func apply(_ rule: String, _ change: (TensorEntry) throws -> TensorEntry?) rethrows {
        var changed: [String] = []
        tensors = try tensors.compactMap { tensor in
            guard let new = try change(tensor) else {
                changed.append(tensor.name)
                return nil
            }
            if new.name != tensor.name || new.storage !== tensor.storage { changed.append(new.name) }
            return new
        }
        if !changed.isEmpty { steps.append(Step(rule: rule, keys: changed)) }
    }

    /// Renames by prefix.
    mutating func rename(_ rule: String, _ old: String, to new: String) {
        apply(rule) { $0.name.hasPrefix(old) ? $0.renamed(new + $0.name.dropFirst(old.count)) : $0 }
    }
}

/// The rules from 0.x to 1.x. Each looks at keys that only 0.x has, so that nothing happens to a converted file.
enum KeyRules {
    /// Converts a state dict.
    ///
    /// - Parameter usedNorms: for Swin, the stages whose norm the 1.x model has; nil when it is not known.
    /// - Throws: `CheckpointError.Reason` when a tensor has a shape that its model cannot have.
    static func convert(_ state: StateDict, usedNorms: Set<Int>?) throws -> StateDictConversion {
        var conversion = StateDictConversion(state)
        dropTeacher(&conversion)
        let isOld = conversion.has("keypoint_head.") || conversion.has("rescore_net.")
        if isOld {
            conversion.rename("keypoint_head → head", "keypoint_head.", to: "head.")
            splitFinalLayer(&conversion)
            conversion.rename("head.loss → head.loss_module", "head.loss.", to: "head.loss_module.")
            conversion.rename("rescore_net → head.rescore_net", "rescore_net.", to: "head.rescore_net.")
            try turnDisplacements(&conversion)
        }
        renameDecoupling(&conversion)
        dropUnusedNorms(&conversion, usedNorms)
        return conversion
    }

    /// Distillation saves teacher and student in one file; the student is the model.
    private static func dropTeacher(_ conversion: inout StateDictConversion) {
        guard conversion.has("student.") else { return }
        conversion.apply("distiller → student") {
            $0.name.hasPrefix("student.") ? $0.renamed(String($0.name.dropFirst("student.".count))) : nil
        }
    }

    /// 0.x numbered hidden convolutions and the last one in a single sequence.
    private static func splitFinalLayer(_ conversion: inout StateDictConversion) {
        let prefix = "head.final_layer."
        func index(_ key: String) -> Int? {
            guard key.hasPrefix(prefix) else { return nil }
            let parts = key.dropFirst(prefix.count).split(separator: ".")
            return parts.count == 2 ? Int(parts[0]) : nil
        }
        guard let last = conversion.keys.compactMap(index).max() else { return }
        conversion.apply("final_layer.N → conv_layers.N + final_layer") { tensor in
            guard let position = index(tensor.name) else { return tensor }
            let rest = tensor.name.dropFirst(prefix.count)
            let name = rest.split(separator: ".")[1]
            return tensor.renamed(position == last ? "head.final_layer.\(name)" : "head.conv_layers.\(rest)")
        }
    }

    /// DEKR: 1.x has the centre's map last and displacements that point the other way.
    private static func turnDisplacements(_ conversion: inout StateDictConversion) throws {
        guard conversion.has("head.offset_conv_layers.") else { return }
        try conversion.apply("DEKR: offset_conv_layers → displacement_conv_layers, negated; centre map last") {
            tensor in
            if tensor.name.hasPrefix("head.heatmap_conv_layers.2.") { return try TensorValues.rotated(tensor) }
            guard tensor.name.hasPrefix("head.offset_conv_layers.") else { return tensor }
            let name = tensor.name.replacing("offset_conv_layers", with: "displacement_conv_layers")
            let isLast = name.split(separator: ".").contains("3") && name.contains("displacement_conv_layers.3.")
            return (isLast ? try TensorValues.negated(tensor) : tensor).renamed(name)
        }
    }

    /// CID: the head's parts were grouped into modules.
    private static func renameDecoupling(_ conversion: inout StateDictConversion) {
        guard conversion.has("head.keypoint_center_conv.") else { return }
        let names = [
            ("keypoint_center_conv", "iia_module.keypoint_root_conv"), ("conv_down", "gfd_module.conv_down"),
            ("c_attn", "gfd_module.channel_attention"), ("s_attn", "gfd_module.spatial_attention"),
            ("fuse_attn", "gfd_module.fuse_attention"), ("heatmap_conv", "gfd_module.heatmap_conv"),
        ]
        conversion.apply("CID: parts grouped into iia_module and gfd_module") { tensor in
            for (old, new) in names where tensor.name.hasPrefix("head.\(old).") {
                return tensor.renamed("head.\(new).\(tensor.name.dropFirst("head.\(old).".count))")
            }
            return tensor
        }
    }

    /// Swin: 0.x kept a norm for every stage, 1.x only for those whose map is read.
    private static func dropUnusedNorms(_ conversion: inout StateDictConversion, _ used: Set<Int>?) {
        guard conversion.has("backbone.stages.0.blocks.0.attn.w_msa.") else { return }
        let used = used ?? normsRead(conversion)
        guard !used.isEmpty else { return }
        conversion.apply("Swin: norms of maps that nobody reads") { tensor in
            guard let stage = stage(ofNorm: tensor.name) else { return tensor }
            return used.contains(stage) ? tensor : nil
        }
    }

    private static func stage(ofNorm key: String) -> Int? {
        let prefix = "backbone.norm"
        guard key.hasPrefix(prefix) else { return nil }
        return Int(key.dropFirst(prefix.count).prefix { $0 != "." })
    }

    /// Without a config: the stages whose width is what the head takes in. Empty when the keys do not tell.
    private static func normsRead(_ conversion: StateDictConversion) -> Set<Int> {
        guard !conversion.has("neck."),
            let first = conversion.tensors.first(where: { $0.name == "head.deconv_layers.0.weight" })
        else { return [] }
        let stages = conversion.tensors.filter {
            stage(ofNorm: $0.name) != nil && $0.shape == [first.shape.first ?? -1]
        }
        return Set(stages.compactMap { stage(ofNorm: $0.name) })
    }
}

/// Values of tensors that change with their keys.
enum TensorValues {
    /// The first entry along the first dimension moved to the end.
    static func rotated(_ tensor: TensorEntry) throws -> TensorEntry {
        guard let count = tensor.shape.first, count > 1 else { return tensor }
        let bytes = tensor.contiguousBytes()
        let row = bytes.count / count
        return try make(tensor, Array(bytes[row...] + bytes[..<row]))
    }

    /// With the sign of every number turned.
    ///
    /// - Throws: `CheckpointError.Reason.unsupported` for types that are not floating.
    static func negated(_ tensor: TensorEntry) throws -> TensorEntry {
        let size = tensor.dtype.byteCount
        guard ["float16", "bfloat16", "float32", "float64"].contains("\(tensor.dtype)") else {
            throw CheckpointError.Reason.unsupported(
                "'\(tensor.name)' holds \(tensor.dtype), not floating-point numbers")
        }
        var bytes = tensor.contiguousBytes()
        // The sign is the highest bit of the last byte, little-endian.
        for index in stride(from: size - 1, to: bytes.count, by: size) { bytes[index] ^= 0x80 }
        return try make(tensor, bytes)
    }

    private static func make(_ tensor: TensorEntry, _ bytes: [UInt8]) throws -> TensorEntry {
        try TensorEntry(name: tensor.name, dtype: tensor.dtype, shape: tensor.shape, storage: TensorStorage(bytes))
    }
}
