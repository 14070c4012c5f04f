import PyConfig
public import Torch

/// Pyramid Vision Transformer (Wang et al. 2021), and version 2 with overlapping patches and a convolution in the
/// perceptrons (Wang et al. 2022).
///
/// Shapes: input `(B, inChannels, H, W)`; outputs, for every index `i` of `out_indices`,
/// `(B, embed_dims·heads[i], H/(4·2ⁱ), W/(4·2ⁱ))` with the default strides.
public final class PyramidVisionTransformer: Backbone {
    /// The two published forms.
    public enum Variant: Sendable {
        case first
        case second
    }

    private let stages: [PyramidStage]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments, variant: Variant = .first) throws {
        let configuration = try PyramidConfiguration(arguments, variant: variant)
        outputs = Set(try arguments.ints("out_indices", default: [0, 1, 2, 3], orScalar: true))
        guard outputs.allSatisfy(configuration.layers.indices.contains) else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).out_indices", reason: "must name stages 0 to \(configuration.layers.count - 1)"
            )
        }
        var inChannels = try arguments.int("in_channels", default: 3)
        var rates = dropPathRates(
            try arguments.double("drop_path_rate", default: 0.1), count: configuration.layers.reduce(0, +))[...]
        var stages: [PyramidStage] = []
        for index in configuration.layers.indices {
            let count = configuration.layers[index]
            stages.append(
                try PyramidStage(
                    at: path / "layers" / index, configuration, index: index, inChannels: inChannels,
                    dropPaths: Array(rates.prefix(count))))
            rates = rates.dropFirst(count)
            inChannels = configuration.width(index)
        }
        self.stages = stages
        // How to read published weights, not what is computed.
        arguments.ignore("init_cfg", "convert_weights", "_scope_", "pretrained")
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var y = x
        var features: [Tensor] = []
        for (index, stage) in stages.enumerated() {
            y = try stage(y)
            if outputs.contains(index) { features.append(y) }
        }
        return features
    }
}

/// The arguments of a pyramid vision transformer; lists have an entry for each stage.
struct PyramidConfiguration {
    let baseWidth: Int
    let layers, heads, patches, strides, paddings, reductions, expansions: [Int]
    let pretrainSize: [Int]
    let hasBias, hasPositions, normalizesStages, usesConvolution: Bool
    let dropout, attentionDropout: Double
    let activation: Activation
    let normalization: Normalization

    init(_ arguments: Arguments, variant: PyramidVisionTransformer.Variant) throws {
        let isSecond = variant == .second
        baseWidth = try arguments.int("embed_dims", default: 64)
        layers = try arguments.ints("num_layers", default: [3, 4, 6, 3])
        heads = try arguments.ints("num_heads", default: [1, 2, 5, 8])
        strides = try arguments.ints("strides", default: [4, 2, 2, 2])
        reductions = try arguments.ints("sr_ratios", default: [8, 4, 2, 1])
        expansions = try arguments.ints("mlp_ratios", default: [8, 8, 4, 4])
        // Version 2 fixes what version 1 leaves to the config.
        patches = isSecond ? [7, 3, 3, 3] : try arguments.ints("patch_sizes", default: [4, 2, 2, 2])
        paddings = isSecond ? [3, 1, 1, 1] : try arguments.ints("paddings", default: [0, 0, 0, 0])
        hasPositions = isSecond ? false : try arguments.bool("use_abs_pos_embed", default: true)
        normalizesStages = isSecond ? true : try arguments.bool("norm_after_stage", default: false)
        usesConvolution = isSecond ? true : try arguments.bool("use_conv_ffn", default: false)
        pretrainSize = try arguments.ints("pretrain_img_size", default: [224], orScalar: true).sizes(2)
        hasBias = try arguments.bool("qkv_bias", default: true)
        dropout = try arguments.double("drop_rate", default: 0)
        attentionDropout = try arguments.double("attn_drop_rate", default: 0)
        activation = try arguments.activation(default: .gelu(.none)) ?? .identity
        let fallback = Normalization(.layer, epsilon: 1e-6)
        normalization = try arguments.normalization(default: fallback) ?? fallback
        let count = try arguments.int("num_stages", default: 4)
        let lists = [layers, heads, patches, strides, paddings, reductions, expansions]
        guard count > 0, lists.allSatisfy({ $0.count == count }), pretrainSize.count == 2 else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).num_stages", reason: "every list needs \(count) entries, one for each stage")
        }
        guard baseWidth > 0, (heads + patches + strides + reductions + expansions).allSatisfy({ $0 > 0 }) else {
            throw ConfigError.invalidArgument(path: arguments.path, reason: "sizes and ratios must be positive")
        }
    }

    func width(_ stage: Int) -> Int { baseWidth * heads[stage] }

    /// Rows and columns of patches of `stage` at the image size of the pretraining.
    func grid(_ stage: Int) -> [Int] {
        let patch = patches[...stage].reduce(1, *)
        return pretrainSize.map { $0 / patch }
    }
}
