import PyConfig
public import Torch

/// Vision Transformer (Dosovitskiy et al. 2021), the backbone of ViTPose: patches as tokens, transformer blocks of one
/// resolution.
///
/// Shapes: input `(B, inChannels, H, W)`; outputs, one for each of `out_indices`, by `out_type`: `featmap`
/// `(B, C, H/patch, W/patch)`, `raw` `(B, tokens, C)`, `cls_token` and `avg_featmap` `(B, C)`.
public final class VisionTransformer: Backbone {
    private enum Output: String, CaseIterable {
        case raw
        case classToken = "cls_token"
        case maps = "featmap"
        case mean = "avg_featmap"
    }

    private let patches: PatchEmbedding
    private let classToken: Parameter?
    private let positions: Parameter
    private let grid: [Int]
    private let dropout: Dropout
    private let inputNorm, finalNorm, meanNorm: (any Layer)?
    private let blocks: [TransformerBlock]
    private let outputs: Set<Int>
    private let output: Output
    private let resizing: Interpolation

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let size = try VisionTransformerSize(arguments)
        let normalization =
            try arguments.normalization(default: Normalization(.layer, epsilon: 1e-6))
            ?? Normalization(.layer, epsilon: 1e-6)
        let normalizesInput = try arguments.bool("pre_norm", default: false)
        output = try Self.output(arguments)
        patches = try Self.patches(at: path / "patch_embed", arguments, width: size.width, bias: !normalizesInput)
        grid = patches.gridSize(try arguments.ints("img_size", default: [224], orScalar: true).sizes(2))
        let hasClassToken = try arguments.bool("with_cls_token", default: true)
        guard hasClassToken || output != .classToken else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).out_type", reason: "cls_token is not there when with_cls_token is False")
        }
        classToken = try hasClassToken ? path.parameter("cls_token", shape: [1, 1, size.width]) : nil
        positions = try path.parameter(
            "pos_embed", shape: [1, grid[0] * grid[1] + (hasClassToken ? 1 : 0), size.width],
            initializer: .truncNormal(std: 0.02))
        resizing = try Self.resizing(arguments)
        let style = try TransformerBlock.Style(arguments, normalization: normalization)
        dropout = Dropout(at: path / "drop_after_pos", p: style.dropout)
        let rates = dropPathRates(try arguments.double("drop_path_rate", default: 0), count: size.layers)
        blocks = try rates.enumerated().map { index, rate in
            try TransformerBlock(at: path / "layers" / index, size, style: style, dropPath: rate)
        }
        inputNorm = try normalizesInput ? normalization.layer(at: path / "pre_norm", channels: size.width) : nil
        finalNorm =
            try arguments.bool("final_norm", default: true)
            ? normalization.layer(at: path / "ln1", channels: size.width) : nil
        meanNorm = try output == .mean ? normalization.layer(at: path / "ln2", channels: size.width) : nil
        outputs = try Self.outputs(arguments, layers: size.layers)
        try Self.freeze(path, arguments, layers: size.layers)
        arguments.ignore("init_cfg", "_scope_", "pretrained")
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var (y, grid) = try patches(x)
        if let classToken {
            y = try Tensor.cat([classToken.tensor.expand([y.shape[0], -1, -1]), y], dim: 1)
        }
        y = try dropout(y + resizePositions(positions.tensor, from: self.grid, to: grid, mode: resizing))
        if let inputNorm { y = try inputNorm(y) }
        var features: [Tensor] = []
        for (index, block) in blocks.enumerated() {
            y = try block(y)
            if index == blocks.count - 1, let finalNorm { y = try finalNorm(y) }
            if outputs.contains(index) { features.append(try format(y, grid: grid)) }
        }
        return features
    }

    private func format(_ x: Tensor, grid: [Int]) throws -> Tensor {
        if output == .raw { return x }
        if output == .classToken { return try x.select(dim: 1, index: 0) }
        let first = classToken == nil ? 0 : 1
        let tokens = try x.narrow(dim: 1, start: first, length: x.shape[1] - first)
        if output == .maps { return try tokens.tokensAsMaps(grid) }
        let mean = try tokens.mean(dim: 1)
        return try meanNorm?(mean) ?? mean
    }

    public var conversions: [any StateDictRule] {
        [ResizePositionEmbedding(grid: grid, hasClassToken: classToken != nil, mode: resizing)]
    }
}

extension VisionTransformer {
    private static func patches(
        at path: ParameterPath, _ arguments: Arguments, width: Int, bias: Bool
    ) throws -> PatchEmbedding {
        let configuration = try arguments.child("patch_cfg") ?? Arguments(ConfigDict(), at: "patch_cfg")
        let patch = try arguments.int("patch_size", default: 16)
        let fixed = try configuration.optionalInt("padding")
        let embedding = try PatchEmbedding(
            at: path, inChannels: arguments.int("in_channels", default: 3), width: width,
            kernel: configuration.int("kernel_size", default: patch),
            stride: configuration.int("stride", default: patch),
            padding: fixed.map(PatchEmbedding.Padding.fixed) ?? .corner, bias: configuration.bool("bias", default: bias)
        )
        try configuration.finish()
        return embedding
    }

    /// `out_type`, or what mmcls 0.x had in its place: `output_cls_token`, which heads of maps set to False.
    private static func output(_ arguments: Arguments) throws -> Output {
        let isOld = arguments.has("output_cls_token") || arguments.has("avg_token")
        let givesClassToken = try arguments.bool("output_cls_token", default: true)
        let averages = try arguments.bool("avg_token", default: false)
        guard isOld else {
            let name = try arguments.string("out_type", default: Output.classToken.rawValue)
            guard let output = Output(rawValue: name) else {
                throw ModelError.unknownType(
                    name, at: "\(arguments.path).out_type", known: Output.allCases.map(\.rawValue))
            }
            return output
        }
        guard !givesClassToken else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).output_cls_token",
                reason: "a pair of map and class token fits no head; set it to False, or use out_type")
        }
        return averages ? .mean : .maps
    }

    private static func resizing(_ arguments: Arguments) throws -> Interpolation {
        let name = try arguments.string("interpolate_mode", default: "bicubic")
        switch name {
        case "bicubic": return .bicubic(alignCorners: false)
        case "bilinear": return .bilinear(alignCorners: false)
        default:
            throw ModelError.unknownType(
                name, at: "\(arguments.path).interpolate_mode", known: ["bicubic", "bilinear"])
        }
    }

    private static func outputs(_ arguments: Arguments, layers: Int) throws -> Set<Int> {
        let given = try arguments.ints("out_indices", default: [-1], orScalar: true)
        let indices = given.map { $0 < 0 ? layers + $0 : $0 }
        guard indices.allSatisfy((0..<layers).contains) else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).out_indices", reason: "must name layers 0 to \(layers - 1), not \(given)")
        }
        return Set(indices)
    }

    /// `frozen_stages` counts blocks; the embedding is frozen with the first of them, the last norms with the last.
    private static func freeze(_ path: ParameterPath, _ arguments: Arguments, layers: Int) throws {
        let frozen = try arguments.int("frozen_stages", default: -1)
        guard frozen > 0 else { return }
        for name in ["cls_token", "pos_embed"] { try path[name]?.setTrainable(false) }
        var modules =
            [path / "drop_after_pos", path / "patch_embed"] + (0..<min(frozen, layers)).map { path / "layers" / $0 }
        if frozen >= layers { modules += [path / "ln1", path / "ln2"] }
        for module in modules {
            module.keepInEvaluation()
            try module.setTrainable(false)
        }
        try (path / "pre_norm").setTrainable(false)
    }
}
