import PyConfig
public import Torch

/// Swin Transformer (Liu et al. 2021): attention inside windows that shift by half from block to block; between the
/// stages 2×2 tokens become one.
///
/// Shapes: input `(B, inChannels, H, W)`; outputs, for every index `i` of `out_indices`,
/// `(B, C·2ⁱ, H/(4·2ⁱ), W/(4·2ⁱ))` with the default strides.
public final class SwinTransformer: Backbone {
    private let patches: PatchEmbedding
    private let positions: Parameter?
    private let dropout: Dropout
    private let stages: [Stage]
    private let normalizations: [Int: any Layer]

    /// Blocks of one resolution, then the merging of patches; the last stage has none.
    private struct Stage: Sendable {
        let blocks: [SwinBlock]
        let merging: PatchMerging?
    }

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let style = try SwinStyle(arguments)
        let depths = try arguments.ints("depths", default: [2, 2, 6, 2])
        let heads = try arguments.ints("num_heads", default: [3, 6, 12, 24])
        let strides = try arguments.ints("strides", default: [4, 2, 2, 2])
        let outIndices = try arguments.ints("out_indices", default: [0, 1, 2, 3])
        var width = try arguments.int("embed_dims", default: 96)
        try Self.check(
            arguments.path, depths: depths, heads: heads, strides: strides, outIndices: outIndices, width: width)
        let patch = try arguments.int("patch_size", default: 4)
        guard strides[0] == patch else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).strides", reason: "patches do not overlap: the first stride must be \(patch)")
        }
        let patchNorm = try arguments.bool("patch_norm", default: true) ? style.normalization : nil
        patches = try PatchEmbedding(
            at: path / "patch_embed", inChannels: arguments.int("in_channels", default: 3), width: width, kernel: patch,
            stride: patch, normalization: patchNorm)
        let size = try arguments.ints("pretrain_img_size", default: [224], orScalar: true).sizes(2)
        positions =
            try arguments.bool("use_abs_pos_embed", default: false)
            ? path.parameter("absolute_pos_embed", shape: [1, size[0] / patch * (size[1] / patch), width]) : nil
        dropout = Dropout(at: path, p: style.dropout)
        var rates = dropPathRates(
            try arguments.double("drop_path_rate", default: 0.1), count: depths.reduce(0, +))[...]
        var stages: [Stage] = []
        for index in depths.indices {
            let place = path / "stages" / index
            let blocks = try (0..<depths[index]).map { block in
                try SwinBlock(
                    at: place / "blocks" / block, width: width, heads: heads[index], isShifted: block % 2 == 1,
                    dropPath: rates.popFirst() ?? 0, style: style)
            }
            let isLast = index == depths.count - 1
            let merging =
                try isLast
                ? nil
                : PatchMerging(
                    at: place / "downsample", inChannels: width, stride: strides[index + 1], normalization: patchNorm)
            stages.append(Stage(blocks: blocks, merging: merging))
            if !isLast { width *= 2 }
        }
        self.stages = stages
        let widths = depths.indices.map { width >> (depths.count - 1 - $0) }
        var normalizations: [Int: any Layer] = [:]
        for index in outIndices {
            normalizations[index] = try style.normalization.layer(at: path / "norm\(index)", channels: widths[index])
        }
        self.normalizations = normalizations
        try Self.freeze(path, arguments, stages: depths.count)
    }

    public var conversions: [any StateDictRule] {
        [DropUnusedNorms(stages: stages.count, used: Set(normalizations.keys))]
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var (y, grid) = try patches(x)
        if let positions { y = try y + positions.tensor }
        y = try dropout(y)
        var features: [Tensor] = []
        for (index, stage) in stages.enumerated() {
            for block in stage.blocks { y = try block(y, grid: grid) }
            if let normalization = normalizations[index] {
                features.append(try normalization(y).tokensAsMaps(grid).contiguous())
            }
            if let merging = stage.merging { (y, grid) = try merging(y, grid: grid) }
        }
        return features
    }

    private static func check(
        _ path: String, depths: [Int], heads: [Int], strides: [Int], outIndices: [Int], width: Int
    ) throws {
        let count = depths.count
        guard count > 0, heads.count == count, strides.count == count, strides.allSatisfy({ $0 > 0 }) else {
            throw ConfigError.invalidArgument(
                path: "\(path).depths", reason: "depths, num_heads and strides need one entry for each stage")
        }
        guard outIndices.allSatisfy(depths.indices.contains) else {
            throw ConfigError.invalidArgument(
                path: "\(path).out_indices", reason: "must name stages 0 to \(count - 1), not \(outIndices)")
        }
        guard width > 0, heads.indices.allSatisfy({ heads[$0] > 0 && (width << $0) % heads[$0] == 0 }) else {
            throw ConfigError.invalidArgument(
                path: "\(path).num_heads", reason: "the channels of each stage must be a multiple of its heads")
        }
    }

    private static func freeze(_ path: ParameterPath, _ arguments: Arguments, stages: Int) throws {
        // How to read published weights and how much memory training may use, not what is computed.
        arguments.ignore("convert_weights")
        let policy = try TrainingPolicy(arguments)
        if policy.frozenStages >= 0 { try path["absolute_pos_embed"]?.setTrainable(false) }
        let modules = path.children
        try policy.apply(
            to: path,
            stages: [[path / "patch_embed"]]
                + (0..<stages).map { index in
                    [path / "stages" / index] + modules.filter { $0.name == (path / "norm\(index)").name }
                })
    }
}

/// MMPose 0.x kept a norm for every stage; this backbone has those of the maps it gives.
struct DropUnusedNorms: StateDictRule {
    let stages: Int
    let used: Set<Int>
    let name = "norms of maps that nobody reads"
    let supersededBy: Int? = nil

    func convert(_ key: String) -> String? {
        let isUnused = (0..<stages).contains { !used.contains($0) && key.hasPrefix("norm\($0).") }
        return isUnused ? nil : key
    }
}
