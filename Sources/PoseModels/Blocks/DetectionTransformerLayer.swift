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
        perceptron = try style.perceptron.layer(at: path / "ffn")
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
    var epsilon = 1e-5
    var attentionDropout = 0.0
    var outputDropout = 0.0
    var perceptron: PerceptronStyle

    init(_ arguments: Arguments?) throws {
        perceptron = try PerceptronStyle(nil, width: width)
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
        perceptron = try PerceptronStyle(arguments.child("ffn_cfg"), width: width)
        epsilon = try arguments.layerNormEpsilon()
        try arguments.finish()
    }
}

/// The `ffn_cfg` of a transformer's layer: mmcv's `FFN`.
struct PerceptronStyle: Sendable {
    let width: Int
    var hiddenWidth = 1024
    var hiddenLayers = 1
    var activation = Activation.relu
    var dropout = 0.0

    init(_ arguments: Arguments?, width: Int) throws {
        self.width = width
        guard let arguments else { return }
        guard try arguments.int("embed_dims", default: width) == width else {
            throw arguments.invalid("embed_dims", "must be \(width), as in the attention's")
        }
        hiddenWidth = try arguments.int("feedforward_channels", default: 1024, in: 1...1 << 20)
        hiddenLayers = try arguments.int("num_fcs", default: 2, in: 2...64) - 1
        dropout = try arguments.double("ffn_drop", default: 0)
        activation = try arguments.activation(default: .relu) ?? .identity
        try arguments.finish()
    }

    func layer(at path: ParameterPath) throws -> FeedForward {
        try FeedForward(
            at: path, width: width, hiddenWidth: hiddenWidth, hiddenLayers: hiddenLayers, activation: activation,
            dropout: dropout)
    }
}

extension Arguments {
    /// The `eps` of a `norm_cfg` that must be layer normalisation.
    func layerNormEpsilon() throws -> Double {
        guard let normalization = try normalization(default: nil) else { return 1e-5 }
        guard normalization.kind == .layer else { throw invalid("norm_cfg", "must be of type LN") }
        return normalization.epsilon
    }
}
