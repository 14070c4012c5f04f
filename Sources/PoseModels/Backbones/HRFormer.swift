import PyConfig
import Torch

extension HRNet.Design {
    /// HRFormer (Yuan et al. 2021): HRNet with attention in windows instead of residual blocks, and exchange by separable
    /// convolutions.
    static func hrFormer(_ arguments: Arguments) throws -> Self {
        let norm = Normalization(.layer, epsilon: 1e-6)
        let layerNorm = try arguments.normalization("transformer_norm_cfg", default: norm) ?? norm
        return Self(
            name: "HRFormer", expansions: ["BOTTLENECK": 4, "HRFORMERBLOCK": 1],
            upsampling: .bilinear(alignCorners: false), exchange: .separable
        ) { extra, style in
            let rates = try DropPathPlan(extra)
            let hasBias = try extra.bool("with_rpe", default: true)
            let masksPadding = try extra.bool("with_pad_mask", default: false)
            return { path, stage, module, branch in
                let own = try HRTransformerBranch(stage, branch)
                let blocks = try (0..<stage.blocks[branch]).map { block in
                    try HRTransformerBlock(
                        at: path / block, width: stage.channels[branch], own,
                        HRTransformerBlock.Style(
                            normalization: style.normalization, layerNorm: layerNorm, usesRelativeBias: hasBias,
                            masksPadding: masksPadding),
                        dropPath: try rates.rate(stage, module: module, block: block))
                }
                return Sequential(blocks)
            }
        }
    }
}

/// Attention of one branch of a stage.
private struct HRTransformerBranch {
    let heads, window: Int
    let ratio: Double

    init(_ stage: HRStageConfiguration, _ branch: Int) throws {
        let arguments = stage.arguments
        let heads = try arguments.ints("num_heads")
        let windows = try arguments.ints("window_sizes")
        let ratios = try arguments.doubles("mlp_ratios")
        let count = stage.channels.count
        guard heads.count == count, windows.count == count, ratios.count == count else {
            throw arguments.invalid("num_heads", "num_heads, window_sizes and mlp_ratios need \(count) entries each")
        }
        (self.heads, window, ratio) = (heads[branch], windows[branch], ratios[branch])
        guard self.heads > 0, stage.channels[branch].isMultiple(of: self.heads) else {
            throw arguments.invalid("num_heads", "\(self.heads) heads do not divide \(stage.channels[branch]) channels")
        }
        guard (1...256).contains(window), ratio > 0, ratio <= 64 else {
            throw arguments.invalid("window_sizes", "window_sizes and mlp_ratios must be positive")
        }
    }
}

/// Probabilities to leave a block out, growing over the blocks of stages 2 to 4; the branches of a module have the same.
private struct DropPathPlan {
    private let rates: [Double]
    private let starts: [String: Int]

    init(_ extra: Arguments) throws {
        let last = try extra.double("drop_path_rate")
        var starts: [String: Int] = [:]
        var count = 0
        for name in ["stage2", "stage3", "stage4"] {
            guard let stage = try extra.child(name) else { continue }
            starts[name] = count
            let blocks = try stage.ints("num_blocks").first ?? 0
            let (product, overflows) = blocks.multipliedReportingOverflow(by: try stage.int("num_modules"))
            guard !overflows, (0...65536).contains(product) else {
                throw stage.invalid("num_modules", "this many blocks are no network")
            }
            count += product
        }
        self.starts = starts
        rates = dropPathRates(last, count: count)
    }

    func rate(_ stage: HRStageConfiguration, module: Int, block: Int) throws -> Double {
        guard block < stage.blocks[0] else {
            throw stage.arguments.invalid("num_blocks", "no branch may have more blocks than the first")
        }
        let index = (starts[stage.name] ?? 0) + module * stage.blocks[0] + block
        return index < rates.count ? rates[index] : 0
    }
}

/// Attention inside windows, then a perceptron with a 3×3 convolution of each channel in the middle, which lets windows
/// exchange.
///
/// Keys: `norm1`, `attn.attn`, `norm2`, `ffn.fc1`, `ffn.norm1`, `ffn.dw3x3`, `ffn.norm2`, `ffn.fc2`, `ffn.norm3`.
/// Shapes: input and output `(B, width, H, W)`.
private final class HRTransformerBlock: Layer {
    struct Style {
        let normalization, layerNorm: Normalization
        let usesRelativeBias, masksPadding: Bool
    }

    private let firstNorm, secondNorm: any Layer
    private let attention: WindowAttention
    private let convolutions: Sequential
    private let dropPath: DropPath
    private let window: Int
    private let masksPadding: Bool

    init(
        at path: ParameterPath, width: Int, _ branch: HRTransformerBranch, _ style: Style, dropPath: Double
    ) throws {
        window = branch.window
        masksPadding = style.masksPadding
        firstNorm = try style.layerNorm.layer(at: path / "norm1", channels: width)
        attention = try WindowAttention(
            at: path / "attn" / "attn", width: width,
            WindowAttention.Configuration(
                heads: branch.heads, window: [window, window], usesRelativeBias: style.usesRelativeBias))
        secondNorm = try style.layerNorm.layer(at: path / "norm2", channels: width)
        let place = path / "ffn"
        let hidden = Int(Double(width) * branch.ratio)
        let norm = style.normalization
        convolutions = Sequential([
            try Conv2d(at: place / "fc1", inChannels: width, outChannels: hidden, kernel: 1),
            try norm.layer(at: place / "norm1", channels: hidden), ActivationLayer(.gelu(.none)),
            try Conv2d(
                at: place / "dw3x3", inChannels: hidden, outChannels: hidden, kernel: 3, padding: 1, groups: hidden),
            try norm.layer(at: place / "norm2", channels: hidden), ActivationLayer(.gelu(.none)),
            try Conv2d(at: place / "fc2", inChannels: hidden, outChannels: width, kernel: 1),
            try norm.layer(at: place / "norm3", channels: width), ActivationLayer(.gelu(.none)),
        ])
        self.dropPath = DropPath(at: place, p: dropPath)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let size = Array(x.shape.suffix(2))
        var tokens = try x.mapsAsTokens()
        tokens = try tokens + dropPath(attend(firstNorm(tokens), size))
        let maps = try convolutions(secondNorm(tokens).tokensAsMaps(size))
        return try (tokens + dropPath(maps.mapsAsTokens())).tokensAsMaps(size)
    }

    private func attend(_ tokens: Tensor, _ size: [Int]) throws -> Tensor {
        let (batch, width) = (tokens.shape[0], tokens.shape[2])
        let missing = size.map { (window - $0 % window) % window }
        // Half of the padding on each side, the odd pixel at the end.
        let (before, after) = (missing.map { $0 / 2 }, missing.map { $0 - $0 / 2 })
        let border = [0, 0, before[1], after[1], before[0], after[0]]
        let windows = WindowPartition(window: [window, window])
        let maps = try tokens.reshape([batch] + size + [width]).pad(border)
        var mask: Tensor?
        // As in MMPose, padding is masked only where both sides have some.
        if masksPadding, missing.allSatisfy({ $0 > 0 }) {
            let outside = try Tensor.zeros([1] + size + [1]).to(tokens.device).pad(border, mode: .constant(-.infinity))
            mask = try windows.split(outside).transpose(1, 2)
        }
        let result = try windows.join(
            attention(windows.split(maps), mask: mask), height: size[0] + missing[0], width: size[1] + missing[1])
        return try result.narrow(dim: 1, start: before[0], length: size[0])
            .narrow(dim: 2, start: before[1], length: size[1]).reshape([batch, size[0] * size[1], width])
    }
}
