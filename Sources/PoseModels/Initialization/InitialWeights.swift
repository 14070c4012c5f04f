public import PyConfig
public import Torch

/// How a model's parameters begin: `init_cfg` of its parts, or what MMPose gives them by default.
///
/// Values are drawn when a parameter is first used, for (seed, name) alone.
public struct InitialWeights: Sendable {
    /// Weights that a part is to begin with, from a file.
    public struct Pretrained: Sendable, Hashable {
        /// The part, `backbone`; empty for the whole model.
        public let part: String
        /// A path, a URL or a name such as `torchvision://resnet50`.
        public let checkpoint: String
        /// What the names of the part's weights begin with in the file; nil when they begin with nothing.
        public let prefix: String?
    }

    /// The files that parts ask for.
    public let pretrained: [Pretrained]

    /// Sets how the parameters of `store` begin.
    ///
    /// - Parameters:
    ///   - model: the config's `model`.
    ///   - store: of the model, none of whose parameters is in use yet.
    /// - Throws: `ModelError.unknownType` or `ConfigError` naming the place in the config.
    public init(_ model: ConfigDict, of store: ParameterStore) throws {
        var files: [Pretrained] = []
        let root = Arguments(model, at: "model")
        let parts: [(String, [String: [LayerInitialization]])] = [
            ("backbone", DefaultInitialization.backbones), ("neck", DefaultInitialization.necks),
            ("head", DefaultInitialization.heads),
        ]
        for (name, defaults) in parts {
            guard root.all[name]?.dictValue != nil, let part = try root.child(name) else { continue }
            let type = Registry.unscoped(try part.type())
            let path = store.root / name
            var entries = defaults[type] ?? []
            var isPretrained = false
            if part.has("init_cfg") {
                let own = try Self.entries(part, "init_cfg")
                if let file = try own.first(where: { try $0.type() == "Pretrained" }) {
                    files.append(try Self.pretrained(file, part: name))
                    isPretrained = true
                } else {
                    entries = try own.map { try LayerInitialization($0) }
                    for entry in entries { entry.apply(to: path) }
                    for entry in own { try Self.override(entry, path) }
                    entries = []
                }
            }
            for entry in entries { entry.apply(to: path) }
            try Self.finish(type, part, path, isPretrained: isPretrained)
        }
        if root.has("init_cfg"), let file = try root.child("init_cfg"), try file.type() == "Pretrained" {
            files.append(try Self.pretrained(file, part: ""))
        }
        pretrained = files
    }

    private static func entries(_ part: Arguments, _ name: String) throws -> [Arguments] {
        if part.all[name]?.dictValue != nil { return try part.child(name).map { [$0] } ?? [] }
        return try part.children(name)
    }

    private static func pretrained(_ arguments: Arguments, part: String) throws -> Pretrained {
        Pretrained(
            part: part, checkpoint: try arguments.string("checkpoint"), prefix: try arguments.optionalString("prefix"))
    }

    /// `override`: parts of the part, by their names, that begin in another way.
    private static func override(_ entry: Arguments, _ path: ParameterPath) throws {
        guard entry.has("override") else { return }
        for special in try entries(entry, "override") {
            let name = try special.string("name")
            guard let module = path.modules.first(where: { $0.name == "\(path.name).\(name)" }) else {
                throw special.invalid("name", "there is no '\(name)' in \(path.name)")
            }
            // Without a type of its own it is the entry's, for every layer below.
            var settings = special.all
            if settings["type"] == nil {
                settings = entry.all
                settings.removeValue("layer")
            }
            settings.removeValue("name")
            try LayerInitialization(Arguments(settings, at: special.path)).apply(to: module)
        }
    }

    /// What types do after their layers have begun.
    private static func finish(
        _ type: String, _ part: Arguments, _ path: ParameterPath, isPretrained: Bool
    ) throws {
        switch type {
        case "ResNet", "ResNetV1d", "ResNeXt", "SEResNet", "SEResNeXt", "ResNeSt", "SCNet", "RegNet", "ViPNAS_ResNet":
            if !isPretrained, try part.bool("zero_init_residual", default: true) { emptyResiduals(path) }
        case "HRNet", "HRFormer":
            for module in path.modules { module["relative_position_bias_table"]?.initializer = .zeros }
            if !isPretrained, try part.bool("zero_init_residual", default: false) { emptyResiduals(path) }
        case "ShuffleNetV1", "ShuffleNetV2":
            guard !isPretrained else { return }
            for module in path.modules where module.layerType == "Conv2d" && !module.name.contains("conv1") {
                guard let weight = module["weight"], weight.shape.count > 1 else { continue }
                weight.initializer = .normal(std: 1 / Double(weight.shape[1]))
            }
            beginStem(path, ["conv1"])
        case "LiteHRNet", "ViPNAS_MobileNetV3":
            guard !isPretrained else { return }
            beginStem(path, type == "LiteHRNet" ? Self.liteStem : ["conv1"])
        case "VisionTransformer":
            for module in path.modules where module.layerType == "Linear" && module.name.contains(".ffn.") {
                module["weight"]?.initializer = .xavierUniform()
                module["bias"]?.initializer = .normal(std: 1e-6)
            }
        case "VisPredictHead":
            guard let inner = try part.child("pose_cfg") else { return }
            let type = Registry.unscoped(try inner.type())
            for entry in DefaultInitialization.heads[type] ?? [] { entry.apply(to: path / "pose_head") }
        case "CIDHead":
            for module in path.modules
            where module.name.hasSuffix("heatmap_conv") || module.name.hasSuffix("keypoint_root_conv") {
                module["bias"]?.initializer = .constant(LayerInitialization.bias(ofProbability: 0.01))
            }
        case "HybridEncoder":
            let convolutions = path.modules.filter { $0.layerType == "Conv2d" }
            for module in convolutions where module.name.contains(".projector.") {
                module["weight"]?.initializer = .xavierUniform()
            }
            // Re-parameterised blocks begin as PyTorch's layers do.
            for module in convolutions where module.name.contains(".bottlenecks.") {
                module["weight"]?.initializer = .layerWeight
            }
            for module in path.modules where module.name.hasSuffix(".out_proj") {
                module["bias"]?.initializer = .zeros
            }
        case "YOLOXPoseHead", "RTMOHead":
            let bias = LayerInitialization.bias(ofProbability: 0.01)
            let names = type == "RTMOHead" ? ["out_cls"] : ["out_cls", "out_obj"]
            for module in path.modules where module.layerType == "Conv2d" {
                guard names.contains(where: { module.name.split(separator: ".").contains(Substring($0)) }) else {
                    continue
                }
                module["bias"]?.initializer = .constant(bias)
            }
            for module in path.modules where module.name.contains(".out_pose.") {
                module["bias"]?.initializer = .zeros
            }
        default: break
        }
    }

    /// mmcv's ConvModule begins in a way of its own where it is directly the backbone's.
    private static func beginStem(_ path: ParameterPath, _ names: [String]) {
        let convolution = LayerInitialization(.kaimingNormal(fan: .output, nonlinearity: .relu), of: ["Conv2d"])
        let norm = LayerInitialization(.ones, of: ["_BatchNorm"])
        for module in path.modules where names.contains(where: { module.name == "\(path.name).\($0)" }) {
            convolution.apply(to: module)
            norm.apply(to: module)
        }
    }

    private static let liteStem = ["stem.conv1", "stem.expand_conv", "stem.depthwise_conv", "stem.linear_conv"]

    /// The last normalisation of every residual block begins with zeros, so that blocks begin as identities
    /// (Goyal et al. 2017).
    private static func emptyResiduals(_ path: ParameterPath) {
        for block in path.modules {
            let names = Set(block.children.map { String($0.name.split(separator: ".").last ?? "") })
            guard names.contains("conv2"), let last = ["bn3", "bn2"].first(where: names.contains) else { continue }
            block.children.first { $0.name.hasSuffix(".\(last)") }?["weight"]?.initializer = .zeros
        }
    }
}
