import PyConfig
import Torch

/// How wide and deep a vision transformer is.
struct VisionTransformerSize {
    let width, layers, heads, hiddenWidth: Int

    private init(_ width: Int, _ layers: Int, _ heads: Int, _ hiddenWidth: Int) {
        self.width = width
        self.layers = layers
        self.heads = heads
        self.hiddenWidth = hiddenWidth
    }

    /// Reads `arch`: a name, or a dictionary with the four numbers.
    init(_ arguments: Arguments) throws {
        if arguments.value("arch")?.dictValue != nil, let size = try arguments.child("arch") {
            self.init(
                try size.int("embed_dims"), try size.int("num_layers"), try size.int("num_heads"),
                try size.int("feedforward_channels"))
            try size.finish()
        } else {
            let name = try arguments.string("arch", default: "base").lowercased()
            guard let size = Self.named[name] else {
                throw ModelError.unknownType(name, at: "\(arguments.path).arch", known: Array(Self.named.keys))
            }
            self = size
        }
        guard width > 0, layers > 0, heads > 0, hiddenWidth > 0, width % heads == 0 else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).arch", reason: "\(width) channels cannot be divided among \(heads) heads")
        }
    }

    private static let named: [String: VisionTransformerSize] = {
        let sizes: [([String], VisionTransformerSize)] = [
            (["s", "small"], VisionTransformerSize(768, 8, 8, 2304)),
            (["b", "base", "deit-b", "deit-base"], VisionTransformerSize(768, 12, 12, 3072)),
            (["l", "large"], VisionTransformerSize(1024, 24, 16, 4096)),
            (["h", "huge"], VisionTransformerSize(1280, 32, 16, 5120)),
            (["eva-g", "eva-giant"], VisionTransformerSize(1408, 40, 16, 6144)),
            (["deit-t", "deit-tiny"], VisionTransformerSize(192, 12, 3, 768)),
            (["deit-s", "deit-small", "dinov2-s", "dinov2-small"], VisionTransformerSize(384, 12, 6, 1536)),
            (["dinov2-g", "dinov2-giant"], VisionTransformerSize(1536, 40, 24, 6144)),
        ]
        return Dictionary(uniqueKeysWithValues: sizes.flatMap { names, size in names.map { ($0, size) } })
    }()
}

/// A transformer block that normalises before attention and perceptron.
///
/// Keys: `ln1`, `attn.qkv`, `attn.proj`, `ln2`, `ffn`; `attn.gamma1` and `ffn.gamma2` if the branches are scaled.
/// Shapes: input and output `(B, tokens, width)`.
final class TransformerBlock: Layer {
    /// What all blocks of a network share.
    struct Style {
        let normalization: Normalization
        let dropout, attentionDropout, layerScale: Double
        let hasBias: Bool
        let activation: Activation

        init(_ arguments: Arguments, normalization: Normalization) throws {
            self.normalization = normalization
            let layers = try arguments.child("layer_cfgs") ?? Arguments(ConfigDict(), at: "layer_cfgs")
            dropout = try arguments.double("drop_rate", default: 0)
            attentionDropout = try layers.double("attn_drop_rate", default: 0)
            layerScale = try arguments.double("layer_scale_init_value", default: 0)
            hasBias = try arguments.bool("qkv_bias", default: true)
            activation = try layers.activation(default: .gelu(.none)) ?? .identity
            try layers.finish()
        }
    }

    private let firstNorm, secondNorm: any Layer
    private let projection, output: Linear
    private let scale: LayerScale?
    private let feedForward: FeedForward
    private let dropout: Dropout
    private let dropPath: DropPath
    private let heads: Int
    private let attentionDropout: Double
    private let path: ParameterPath

    init(at path: ParameterPath, _ size: VisionTransformerSize, style: Style, dropPath: Double) throws {
        let width = size.width
        self.path = path
        heads = size.heads
        attentionDropout = style.attentionDropout
        firstNorm = try style.normalization.layer(at: path / "ln1", channels: width)
        let attention = path / "attn"
        projection = try Linear(at: attention / "qkv", in: width, out: 3 * width, bias: style.hasBias)
        output = try Linear(at: attention / "proj", in: width, out: width)
        scale =
            try style.layerScale > 0
            ? LayerScale(at: attention / "gamma1", width: width, initial: style.layerScale) : nil
        secondNorm = try style.normalization.layer(at: path / "ln2", channels: width)
        feedForward = try FeedForward(
            at: path / "ffn", width: width, hiddenWidth: size.hiddenWidth, activation: style.activation,
            dropout: style.dropout, dropPath: dropPath, layerScale: style.layerScale)
        dropout = Dropout(at: attention, p: style.dropout)
        self.dropPath = DropPath(at: attention, p: dropPath)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try x + dropPath(attend(firstNorm(x)))
        return try feedForward(secondNorm(y), identity: y)
    }

    private func attend(_ x: Tensor) throws -> Tensor {
        let (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2])
        let parts = try projection(x).reshape([batch, tokens, 3, heads, width / heads]).permute([2, 0, 3, 1, 4])
            .unbind(dim: 0)
        let mixed = try Tensor.scaledDotProductAttention(
            query: parts[0], key: parts[1], value: parts[2], dropout: path.isTraining ? attentionDropout : 0)
        let y = try dropout(output(mixed.transpose(1, 2).reshape([batch, tokens, width])))
        return try scale?(y) ?? y
    }
}
