import PyConfig
import Torch

/// Layer of DETR's encoder (Carion et al. 2020): self-attention and a perceptron, each with a shortcut and normalised
/// afterwards.
///
/// Keys: `self_attn.attn.*`, `ffn.*`, `norms.0`, `norms.1`.
/// Shapes: input and output `(B, tokens, width)`.
final class DetectionTransformerLayer: Sendable {
    private let attention: MultiheadAttention
    private let perceptron: FeedForward
    private let norms: [LayerNorm]
    private let dropout: Dropout

    init(at path: ParameterPath, _ style: DetectionTransformerStyle) throws {
        attention = try MultiheadAttention(
            at: path / "self_attn" / "attn", width: style.width, heads: style.heads, dropout: style.attentionDropout)
        dropout = Dropout(at: path / "self_attn", p: style.outputDropout)
        perceptron = try FeedForward(
            at: path / "ffn", width: style.width, hiddenWidth: style.hiddenWidth, hiddenLayers: style.hiddenLayers,
            activation: style.activation, dropout: style.perceptronDropout)
        norms = try (0..<2).map { try LayerNorm(at: path / "norms" / $0, shape: [style.width], eps: style.epsilon) }
    }

    /// - Parameter positions: added to what queries and keys are made from, broadcastable to `x`.
    func callAsFunction(_ x: Tensor, positions: Tensor) throws -> Tensor {
        let placed = try x + positions
        let mixed = try norms[0](x + dropout(attention(query: placed, key: placed, value: x)))
        return try norms[1](perceptron(mixed))
    }
}

/// The `layer_cfg` of a transformer encoder.
struct DetectionTransformerStyle {
    var width = 256
    var heads = 8
    var hiddenWidth = 1024
    var hiddenLayers = 1
    var activation = Activation.relu
    var epsilon = 1e-5
    var attentionDropout = 0.0
    var outputDropout = 0.0
    var perceptronDropout = 0.0

    init(_ arguments: Arguments?) throws {
        guard let arguments else { return }
        if let attention = try arguments.child("self_attn_cfg") {
            width = try attention.int("embed_dims", in: 1...65536)
            heads = try attention.int("num_heads", in: 1...4096)
            // `dropout` is an older name for both.
            let both = try attention.double("dropout", default: 0)
            attentionDropout = try attention.double("attn_drop", default: both)
            outputDropout = both
            guard try attention.bool("batch_first", default: true) else {
                throw attention.invalid("batch_first", "must be True")
            }
            try attention.finish()
        }
        if let perceptron = try arguments.child("ffn_cfg") {
            guard try perceptron.int("embed_dims", default: width) == width else {
                throw perceptron.invalid("embed_dims", "must be \(width), as in self_attn_cfg")
            }
            hiddenWidth = try perceptron.int("feedforward_channels", default: 1024, in: 1...1 << 20)
            hiddenLayers = try perceptron.int("num_fcs", default: 2, in: 2...64) - 1
            perceptronDropout = try perceptron.double("ffn_drop", default: 0)
            activation = try perceptron.activation(default: .relu) ?? .identity
            try perceptron.finish()
        }
        if let normalization = try arguments.normalization(default: nil) {
            guard normalization.kind == .layer else { throw arguments.invalid("norm_cfg", "must be of type LN") }
            epsilon = normalization.epsilon
        }
        try arguments.finish()
    }
}
