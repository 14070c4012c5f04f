import Foundation
import PoseModels
import PyConfig
import Torch

/// `paramwise_cfg` of a config: which learning rate and weight decay each parameter gets.
struct ParameterGrouping: Sendable {
    /// What a key of `custom_keys` sets for the parameters whose name contains it.
    private struct Custom {
        let key: String
        let rateFactor, decayFactor: Double
        let rate, decay: Double?
    }

    private struct LayerDecay {
        let rate: Double
        let layers: Int
    }

    private let isEmpty: Bool
    private let layerDecay: LayerDecay?
    /// Longest keys first; the first that fits counts.
    private let custom: [Custom]
    private let biasRate, biasDecay, normDecay, depthwiseDecay, flatDecay: Double?
    /// Whether the factors by kind also hold where a key of `custom_keys` fits.
    private let forcesDefaults: Bool

    init(_ arguments: Arguments?, constructor: String) throws {
        let constructors = [
            "DefaultOptimWrapperConstructor", "ForceDefaultOptimWrapperConstructor",
            "LayerDecayOptimWrapperConstructor",
        ]
        let name = constructor.hasPrefix("mmpose.") ? String(constructor.dropFirst("mmpose.".count)) : constructor
        guard constructors.contains(name) else {
            throw ModelError.unknownType(constructor, at: "optim_wrapper.constructor", known: constructors)
        }
        isEmpty = arguments?.all.isEmpty ?? true
        var keys: [Custom] = []
        // Layer decay says everything; MMPose's ViTPose configs have custom keys beside it that nothing reads.
        let decaysByLayer = name == "LayerDecayOptimWrapperConstructor"
        if decaysByLayer {
            arguments?.ignore("custom_keys")
        } else if let table = try arguments?.child("custom_keys") {
            for case .string(let key) in table.all.keys {
                guard let entry = try table.child(key) else { continue }
                keys.append(
                    Custom(
                        key: key, rateFactor: try entry.double("lr_mult", default: 1),
                        decayFactor: try entry.double("decay_mult", default: 1),
                        rate: try entry.optionalDouble("lr"), decay: try entry.optionalDouble("weight_decay")))
                try entry.finish()
            }
        }
        custom = keys.sorted { ($1.key.count, $0.key) < ($0.key.count, $1.key) }
        biasRate = try arguments?.optionalDouble("bias_lr_mult")
        biasDecay = try arguments?.optionalDouble("bias_decay_mult")
        normDecay = try arguments?.optionalDouble("norm_decay_mult")
        depthwiseDecay = try arguments?.optionalDouble("dwconv_decay_mult")
        flatDecay = try arguments?.optionalDouble("flat_decay_mult")
        let forces = try arguments?.bool("force_default_settings", default: false) ?? false
        forcesDefaults = forces && name == "ForceDefaultOptimWrapperConstructor"
        if decaysByLayer {
            guard let arguments else {
                throw ConfigError.missingArgument(path: "optim_wrapper", name: "paramwise_cfg")
            }
            layerDecay = LayerDecay(
                rate: try arguments.double("layer_decay_rate", default: 0.5),
                layers: try arguments.int("num_layers") + 2)
        } else {
            layerDecay = nil
        }
        // A parameter that two modules share is one parameter here, whatever the config says; and no layer is deformable.
        arguments?.ignore("bypass_duplicate", "dcn_offset_lr_mult")
        try arguments?.finish()
    }

    func groups(of store: ParameterStore, _ settings: OptimizerSettings) throws -> [ParameterGroup] {
        if let layerDecay { return layerGroups(of: store, layerDecay, settings) }
        if isEmpty { return [settings.group(store.parameters)] }
        var seen = Set<ObjectIdentifier>()
        return store.root.modules.flatMap { module in
            module.ownParameters.compactMap { name, parameter in
                guard seen.insert(ObjectIdentifier(parameter)).inserted else { return nil }
                if !parameter.isTrainable, !forcesDefaults { return nil }
                return group(name, parameter, in: module, settings)
            }
        }
    }

    private func group(
        _ name: String, _ parameter: Parameter, in module: ParameterPath, _ settings: OptimizerSettings
    ) -> ParameterGroup {
        var (rate, decay) = (settings.learningRate, settings.weightDecay)
        let fullName = "\(module.name).\(name)"
        let match = custom.first { fullName.contains($0.key) }
        if let match, parameter.isTrainable {
            rate = match.rate ?? rate * match.rateFactor
            decay = match.decay ?? (settings.hasWeightDecay ? decay * match.decayFactor : decay)
        }
        if match == nil || forcesDefaults, parameter.isTrainable {
            let type = module.layerType ?? ""
            let isNorm = ["BatchNorm", "InstanceNorm", "GroupNorm", "LayerNorm"].contains(where: type.hasPrefix)
            if name == "bias", !isNorm, let biasRate { rate = settings.learningRate * biasRate }
            let isDepthwise =
                type == "Conv2d" && (module["weight"]?.shape.dropFirst().first ?? 0) == 1
            let factor =
                isNorm && normDecay != nil
                ? normDecay
                : name == "bias" && biasDecay != nil
                    ? biasDecay
                    : isDepthwise && depthwiseDecay != nil
                        ? depthwiseDecay : parameter.shape.count == 1 ? flatDecay : nil
            if let factor, settings.hasWeightDecay { decay = settings.weightDecay * factor }
        }
        return settings.group([parameter], learningRate: rate, weightDecay: decay)
    }

    /// Vision transformers: the deeper below the head a layer is, the slower it learns; vectors do not decay.
    private func layerGroups(
        of store: ParameterStore, _ layerDecay: LayerDecay, _ settings: OptimizerSettings
    ) -> [ParameterGroup] {
        struct Key: Hashable {
            let layer: Int
            let decays: Bool
        }
        var order: [Key] = []
        var members: [Key: [Parameter]] = [:]
        for parameter in store.parameters where parameter.isTrainable {
            let name = parameter.name
            let decays = parameter.shape.count != 1 && !name.hasSuffix(".bias") && !name.contains("pos_embed")
            let key = Key(layer: Self.layer(of: name, count: layerDecay.layers), decays: decays)
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(parameter)
        }
        return order.map { key in
            let scale = pow(layerDecay.rate, Double(layerDecay.layers - key.layer - 1))
            return settings.group(
                members[key] ?? [], learningRate: scale * settings.learningRate,
                weightDecay: key.decays ? settings.weightDecay : 0)
        }
    }

    private static func layer(of name: String, count: Int) -> Int {
        let first = ["backbone.cls_token", "backbone.mask_token", "backbone.pos_embed"]
        if first.contains(name) || name.hasPrefix("backbone.patch_embed") { return 0 }
        let parts = name.split(separator: ".")
        if name.hasPrefix("backbone.layers"), parts.count > 2, let index = Int(parts[2]) { return index + 1 }
        return count - 1
    }
}

extension OptimizerSettings {
    fileprivate func group(
        _ parameters: [Parameter], learningRate: Double? = nil, weightDecay: Double? = nil
    ) -> ParameterGroup {
        ParameterGroup(
            parameters, learningRate: learningRate ?? self.learningRate, momentum: momentum,
            weightDecay: weightDecay ?? self.weightDecay)
    }
}
