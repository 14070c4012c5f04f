import PyConfig
import Torch

/// What the blocks of a Swin Transformer share.
struct SwinStyle: Sendable {
    let normalization: Normalization
    let activation: Activation
    let window: Int
    let expansion: Int
    let hasBias: Bool
    let scale: Double?
    let dropout, attentionDropout: Double

    init(_ arguments: Arguments) throws {
        normalization = try arguments.normalization(default: Normalization(.layer)) ?? Normalization(.layer)
        activation = try arguments.activation(default: .gelu(.none)) ?? .identity
        window = try arguments.int("window_size", default: 7)
        expansion = try arguments.int("mlp_ratio", default: 4)
        hasBias = try arguments.bool("qkv_bias", default: true)
        scale = try arguments.optionalDouble("qk_scale")
        dropout = try arguments.double("drop_rate", default: 0)
        attentionDropout = try arguments.double("attn_drop_rate", default: 0)
        guard (1...256).contains(window), expansion > 0 else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).window_size", reason: "window_size and mlp_ratio must be positive")
        }
    }
}

/// Attention in windows, shifted in every other block, then a perceptron.
///
/// Keys: `norm1`, `attn.w_msa`, `norm2`, `ffn`.
/// Shapes: input and output `(B, H·W, width)`.
final class SwinBlock: Sendable {
    private let firstNorm, secondNorm: any Layer
    private let attention: WindowAttention
    private let feedForward: FeedForward
    private let dropPath: DropPath
    private let window, shift: Int

    init(
        at path: ParameterPath, width: Int, heads: Int, isShifted: Bool, dropPath: Double, style: SwinStyle
    ) throws {
        window = style.window
        shift = isShifted ? style.window / 2 : 0
        firstNorm = try style.normalization.layer(at: path / "norm1", channels: width)
        attention = try WindowAttention(
            at: path / "attn" / "w_msa", width: width,
            WindowAttention.Configuration(
                heads: heads, window: [window, window], hasBias: style.hasBias, scale: style.scale,
                attentionDropout: style.attentionDropout, dropout: style.dropout))
        self.dropPath = DropPath(at: path / "attn", p: dropPath)
        secondNorm = try style.normalization.layer(at: path / "norm2", channels: width)
        feedForward = try FeedForward(
            at: path / "ffn", width: width, hiddenWidth: style.expansion * width, activation: style.activation,
            dropout: style.dropout, dropPath: dropPath)
    }

    func callAsFunction(_ x: Tensor, grid: [Int]) throws -> Tensor {
        let y = try x + dropPath(attend(firstNorm(x), grid: grid))
        return try feedForward(secondNorm(y), identity: y)
    }

    private func attend(_ tokens: Tensor, grid: [Int]) throws -> Tensor {
        let (batch, width) = (tokens.shape[0], tokens.shape[2])
        let missing = grid.map { (window - $0 % window) % window }
        let (rows, columns) = (grid[0] + missing[0], grid[1] + missing[1])
        var maps = try tokens.reshape([batch] + grid + [width]).pad([0, 0, 0, missing[1], 0, missing[0]])
        if shift > 0 { maps = try maps.roll([-shift, -shift], dims: [1, 2]) }
        let windows = WindowPartition(window: [window, window])
        let mask = try shift > 0 ? shiftMask(rows: rows, columns: columns, like: tokens) : nil
        maps = try windows.join(attention(windows.split(maps), mask: mask), height: rows, width: columns)
        if shift > 0 { maps = try maps.roll([shift, shift], dims: [1, 2]) }
        return try maps.narrow(dim: 1, start: 0, length: grid[0]).narrow(dim: 2, start: 0, length: grid[1])
            .reshape([batch, grid[0] * grid[1], width])
    }

    /// Where tokens from opposite borders of the image have come into one window, −100 keeps them apart.
    private func shiftMask(rows: Int, columns: Int, like tokens: Tensor) throws -> Tensor {
        func zones(_ length: Int) -> [Int] {
            (0..<length).map { $0 < length - window ? 0 : $0 < length - shift ? 1 : 2 }
        }
        let columnZones = zones(columns)
        let zones = zones(rows).flatMap { row in columnZones.map { Float(3 * row + $0) } }
        let map = try Tensor(zones, shape: [1, rows, columns, 1]).to(tokens.device)
        let windows = try WindowPartition(window: [window, window]).split(map).squeeze(-1)
        let differ = try (windows.unsqueeze(1) - windows.unsqueeze(2)).ne(0)
        return try differ.to(.float32) * -100.0
    }
}

/// Joins the tokens of each square of `stride`×`stride` positions, 2×2 wide, to one of twice the channels.
///
/// Keys: `norm`, `reduction.weight`.
final class PatchMerging: Sendable {
    private let normalization: (any Layer)?
    private let reduction: Linear
    private let stride: Int

    init(at path: ParameterPath, inChannels: Int, stride: Int, normalization: Normalization?) throws {
        self.normalization = try normalization?.layer(at: path / "norm", channels: 4 * inChannels)
        reduction = try Linear(at: path / "reduction", in: 4 * inChannels, out: 2 * inChannels, bias: false)
        self.stride = stride
    }

    func callAsFunction(_ x: Tensor, grid: [Int]) throws -> (tokens: Tensor, grid: [Int]) {
        let maps = try padCorner(x.tokensAsMaps(grid), kernel: 2, stride: stride)
        let merged = try maps.unfold(kernel: [2, 2], stride: [stride, stride]).transpose(1, 2)
        let size = maps.shape.suffix(2).map { ($0 - 2) / stride + 1 }
        return (try reduction(normalization?(merged) ?? merged), size)
    }
}
