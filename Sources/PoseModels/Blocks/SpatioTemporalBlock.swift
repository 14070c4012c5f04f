import PyConfig
import Torch

/// Attention over the joints of a frame and over the frames of a joint, each with a perceptron, in either order.
///
/// Keys: `norm1_s`, `norm1_t`, `attn_s`, `attn_t`, `norm2_s`, `norm2_t`, `mlp_s`, `mlp_t`.
/// Shapes: input and output `(B·T, K, width)`.
final class SpatioTemporalBlock: Sendable {
    /// What all blocks of a network share.
    struct Style {
        let width, heads, hiddenWidth: Int
        let hasBias: Bool
        let scale: Double
        let dropout, attentionDropout: Double

        init(_ arguments: Arguments, width: Int) throws {
            self.width = width
            heads = try arguments.int("num_heads", default: 8, in: 1...4096)
            guard width % heads == 0 else {
                throw arguments.invalid("num_heads", "\(width) channels cannot be divided among \(heads) heads")
            }
            let ratio = try arguments.double("mlp_ratio", default: 4)
            guard ratio > 0, ratio < 1000 else { throw arguments.invalid("mlp_ratio", "must be positive") }
            hiddenWidth = Int(Double(width) * ratio)
            hasBias = try arguments.bool("qkv_bias", default: true)
            scale = try arguments.optionalDouble("qk_scale") ?? 1 / Double(width / heads).squareRoot()
            dropout = try arguments.double("drop_rate", default: 0)
            attentionDropout = try arguments.double("attn_drop_rate", default: 0)
        }
    }

    /// One attention with its perceptron.
    private struct Half: Sendable {
        let firstNorm, secondNorm: LayerNorm
        let attention: JointAttention
        let hidden, output: Linear
    }

    private let spatial, temporal: Half
    private let spatialFirst: Bool
    private let dropout: Dropout
    private let dropPath: DropPath

    init(at path: ParameterPath, _ style: Style, spatialFirst: Bool, dropPath: Double) throws {
        func norms(_ name: String) throws -> [LayerNorm] {
            try ["s", "t"].map { try LayerNorm(at: path / "\(name)_\($0)", shape: [style.width], eps: 1e-6) }
        }
        let first = try norms("norm1")
        let attentions = try [
            JointAttention(at: path / "attn_s", style, overFrames: false),
            JointAttention(at: path / "attn_t", style, overFrames: true),
        ]
        let second = try norms("norm2")
        let halves = try ["mlp_s", "mlp_t"].enumerated().map { index, name in
            Half(
                firstNorm: first[index], secondNorm: second[index], attention: attentions[index],
                hidden: try Linear(at: path / name / 0, in: style.width, out: style.hiddenWidth),
                output: try Linear(at: path / name / 2, in: style.hiddenWidth, out: style.width))
        }
        (spatial, temporal) = (halves[0], halves[1])
        self.spatialFirst = spatialFirst
        dropout = Dropout(at: path, p: style.dropout)
        self.dropPath = DropPath(at: path, p: dropPath)
    }

    func callAsFunction(_ x: Tensor, frames: Int) throws -> Tensor {
        var y = x
        for half in spatialFirst ? [spatial, temporal] : [temporal, spatial] {
            y = try y + dropPath(half.attention(half.firstNorm(y), frames: frames))
            y = try y + dropPath(dropout(half.output(half.hidden(half.secondNorm(y)).gelu())))
        }
        return y
    }
}

/// Multi-head attention among the joints of each frame, or among the frames of each joint.
///
/// Keys: `proj.*`, `qkv.*`.
/// Shapes: input and output `(B·T, K, width)`.
private final class JointAttention: Sendable {
    private let projection, output: Linear
    private let heads: Int
    private let scale: Double
    private let overFrames: Bool
    private let attentionDropout, dropout: Dropout

    init(at path: ParameterPath, _ style: SpatioTemporalBlock.Style, overFrames: Bool) throws {
        output = try Linear(at: path / "proj", in: style.width, out: style.width)
        projection = try Linear(at: path / "qkv", in: style.width, out: 3 * style.width, bias: style.hasBias)
        heads = style.heads
        scale = style.scale
        self.overFrames = overFrames
        attentionDropout = Dropout(at: path, p: style.attentionDropout)
        dropout = Dropout(at: path, p: style.dropout)
    }

    func callAsFunction(_ x: Tensor, frames: Int) throws -> Tensor {
        let (joints, width) = (x.shape[1], x.shape[2])
        // (3, B, heads, K or T, T or K, channels): attention runs along the last but one.
        let order = overFrames ? [3, 0, 4, 2, 1, 5] : [3, 0, 1, 4, 2, 5]
        let parts = try projection(x).reshape([-1, frames, joints, 3, heads, width / heads]).permute(order).unbind(
            dim: 0)
        let scores = try attentionDropout((parts[0].matmul(parts[1].transpose(-2, -1)) * scale).softmax(dim: -1))
        let mixed = try scores.matmul(parts[2])
        let tokens = try mixed.permute(overFrames ? [0, 3, 2, 1, 4] : [0, 1, 3, 2, 4]).reshape([-1, joints, width])
        return try dropout(output(tokens))
    }
}
