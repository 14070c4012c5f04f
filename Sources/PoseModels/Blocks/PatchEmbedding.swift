import Torch

/// Cuts an image into patches and projects each to a token.
///
/// Keys: `projection.*`, `norm.*`.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, H'·W', width)`.
final class PatchEmbedding: Sendable {
    /// How the border is treated.
    enum Padding: Sendable, Hashable {
        /// So many pixels on each side; what then does not fill a patch is left out.
        case fixed(Int)
        /// At the bottom and on the right as much as fills the last patches.
        case corner
    }

    private let projection: Conv2d
    private let normalization: (any Layer)?
    private let kernel, stride: Int
    private let padding: Padding

    init(
        at path: ParameterPath, inChannels: Int, width: Int, kernel: Int, stride: Int, padding: Padding = .corner,
        bias: Bool = true, normalization: Normalization? = nil
    ) throws {
        var border = 0
        if case .fixed(let size) = padding { border = size }
        projection = try Conv2d(
            at: path / "projection", inChannels: inChannels, outChannels: width, kernel: kernel, stride: stride,
            padding: border, bias: bias)
        self.normalization = try normalization?.layer(at: path / "norm", channels: width)
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// Rows and columns of patches for an image of so many rows and columns.
    func gridSize(_ size: [Int]) -> [Int] {
        size.map { length in
            switch padding {
            case .corner: (length + stride - 1) / stride
            case .fixed(let border): (length + 2 * border - kernel) / stride + 1
            }
        }
    }

    func callAsFunction(_ x: Tensor) throws -> (tokens: Tensor, grid: [Int]) {
        let maps = try projection(padding == .corner ? padCorner(x, kernel: kernel, stride: stride) : x)
        let grid = Array(maps.shape.suffix(2))
        var tokens = try maps.flatten(from: 2).transpose(1, 2)
        if let normalization { tokens = try normalization(tokens) }
        return (tokens, grid)
    }
}

/// Extends maps `(B, C, H, W)` with zeros at the bottom and on the right until windows of `kernel` at steps of `stride`
/// cover them.
func padCorner(_ x: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    let missing = x.shape.suffix(2).map { length in
        max(((length + stride - 1) / stride - 1) * stride + kernel - length, 0)
    }
    return missing == [0, 0] ? x : try x.pad([0, missing[1], 0, missing[0]])
}

extension Tensor {
    /// Tokens `(B, H·W, C)` as maps `(B, C, H, W)`.
    func tokensAsMaps(_ grid: [Int]) throws -> Tensor {
        try transpose(1, 2).reshape([shape[0], shape[2]] + grid)
    }

    /// Maps `(B, C, H, W)` as tokens `(B, H·W, C)`.
    func mapsAsTokens() throws -> Tensor {
        try flatten(from: 2).transpose(1, 2).contiguous()
    }
}
