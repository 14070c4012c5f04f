import PyConfig
import Torch

/// Layer of Deformable DETR's encoder: the pixels of a pyramid look at each other.
///
/// Keys: `self_attn.*`, `ffn.*`, `norms.0`, `norms.1`.
/// Shapes: tokens and their positions `(B, ΣHᵢWᵢ, width)`; references `(B, ΣHᵢWᵢ, 2)`.
final class DeformableEncoderLayer: Sendable {
    private let attention: DeformableAttention
    private let perceptron: FeedForward
    private let norms: [LayerNorm]

    init(at path: ParameterPath, _ style: Style) throws {
        attention = try DeformableAttention(at: path / "self_attn", style.attention)
        perceptron = try style.perceptron.layer(at: path / "ffn")
        norms = try (0..<2).map {
            try LayerNorm(at: path / "norms" / $0, shape: [style.attention.width], eps: style.epsilon)
        }
    }

    func callAsFunction(_ x: Tensor, positions: Tensor, references: Tensor, sizes: [MapSize]) throws -> Tensor {
        let mixed = try norms[0](
            attention(x, positions: positions, values: x, references: references, sizes: sizes))
        return try norms[1](perceptron(mixed))
    }

    /// The `layer_cfg` of the encoder.
    struct Style: Sendable {
        let attention: DeformableAttentionStyle
        let perceptron: PerceptronStyle
        let epsilon: Double

        init(_ arguments: Arguments) throws {
            attention = try DeformableAttentionStyle(arguments.child("self_attn_cfg"))
            perceptron = try PerceptronStyle(arguments.child("ffn_cfg"), width: attention.width)
            epsilon = try arguments.layerNormEpsilon()
            try arguments.finish()
        }
    }
}

/// Layer of Deformable DETR's decoder: queries look at each other, then at the pixels of a pyramid.
///
/// Keys: `self_attn.attn.*`, `cross_attn.*`, `ffn.*`, `norms.0` to `norms.2`.
/// Shapes: queries and their positions `(B, Q, width)`; values `(B, ΣHᵢWᵢ, width)`; references `(B, Q, 4)`.
final class DeformableDecoderLayer: Sendable {
    private let selfAttention: MultiheadAttention
    private let selfDropout: Dropout
    private let crossAttention: DeformableAttention
    private let perceptron: FeedForward
    private let norms: [LayerNorm]

    init(at path: ParameterPath, _ style: Style) throws {
        let width = style.crossAttention.width
        let own = path / "self_attn"
        selfAttention = try MultiheadAttention(
            at: own / "attn", width: width, heads: style.heads, dropout: style.attentionDropout)
        selfDropout = Dropout(at: own, p: style.outputDropout)
        crossAttention = try DeformableAttention(at: path / "cross_attn", style.crossAttention)
        perceptron = try style.perceptron.layer(at: path / "ffn")
        norms = try (0..<3).map { try LayerNorm(at: path / "norms" / $0, shape: [width], eps: style.epsilon) }
    }

    /// - Parameter mask: true where a query may look at another, `(Q, Q)`; everywhere when nil.
    func callAsFunction(
        _ x: Tensor, positions: Tensor, mask: Tensor?, values: Tensor, references: Tensor, sizes: [MapSize]
    ) throws -> Tensor {
        let placed = try x + positions
        let mixed = try norms[0](
            x + selfDropout(selfAttention(query: placed, key: placed, value: x, mask: mask)))
        let informed = try norms[1](
            crossAttention(mixed, positions: positions, values: values, references: references, sizes: sizes))
        return try norms[2](perceptron(informed))
    }

    /// The `layer_cfg` of the decoder.
    struct Style: Sendable {
        let heads: Int
        let attentionDropout, outputDropout: Double
        let crossAttention: DeformableAttentionStyle
        let perceptron: PerceptronStyle
        let epsilon: Double

        init(_ arguments: Arguments) throws {
            crossAttention = try DeformableAttentionStyle(arguments.child("cross_attn_cfg"))
            let width = crossAttention.width
            let attention = try arguments.requiredChild("self_attn_cfg")
            guard try attention.int("embed_dims", default: 256) == width else {
                throw attention.invalid("embed_dims", "must be \(width), as in cross_attn_cfg")
            }
            heads = try attention.int("num_heads", default: 8, in: 1...4096)
            // `dropout` is an older name for both.
            let both = try attention.double("dropout", default: 0)
            attentionDropout = try attention.double("attn_drop", default: both)
            outputDropout = try attention.double("proj_drop", default: both)
            guard try attention.bool("batch_first", default: true) else {
                throw attention.invalid("batch_first", "must be True")
            }
            try attention.finish()
            perceptron = try PerceptronStyle(arguments.child("ffn_cfg"), width: width)
            epsilon = try arguments.layerNormEpsilon()
            try arguments.finish()
        }
    }
}
