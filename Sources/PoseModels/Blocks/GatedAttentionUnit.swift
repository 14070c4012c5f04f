import Foundation
import PyConfig
import Torch

/// The `gau_cfg` of an RTMPose head.
struct GatedAttentionConfiguration {
    /// Channels of a token.
    var width = 256
    /// Channels of queries and keys.
    var queryWidth = 128
    /// Channels of gate and values over those of a token.
    var expansion = 2.0
    var dropout = 0.0
    var dropPath = 0.0
    var activation = Activation.relu
    var usesRelativeBias = false
    var usesRotaryEncoding = false

    init(_ arguments: Arguments?) throws {
        guard let arguments else { return }
        width = try arguments.int("hidden_dims")
        queryWidth = try arguments.int("s")
        expansion = try arguments.double("expansion_factor")
        dropout = try arguments.double("dropout_rate")
        dropPath = try arguments.double("drop_path")
        let name = try arguments.string("act_fn")
        switch name {
        case "ReLU": activation = .relu
        case "SiLU": activation = .silu
        default: throw ModelError.unknownType(name, at: "\(arguments.path).act_fn", known: ["ReLU", "SiLU"])
        }
        usesRelativeBias = try arguments.bool("use_rel_bias")
        usesRotaryEncoding = try arguments.bool("pos_enc")
        try arguments.finish()
    }
}

/// Gated attention unit (Hua et al. 2022) over keypoints, with the squared ReLU as its attention kernel.
///
/// Shapes: input and output `(B, tokens, width)`.
final class GatedAttentionUnit: Layer {
    private let relativeBias: Parameter?
    private let gamma, beta, shortcutScale: Parameter
    private let output, projection: Linear
    private let normalization: ScaleNorm
    private let configuration: GatedAttentionConfiguration
    private let valueWidth: Int
    private let dropout: Dropout
    private let dropPath: DropPath

    init(at path: ParameterPath, tokens: Int, _ configuration: GatedAttentionConfiguration) throws {
        let width = configuration.width
        let queryWidth = configuration.queryWidth
        self.configuration = configuration
        valueWidth = Int(Double(width) * configuration.expansion)
        relativeBias =
            configuration.usesRelativeBias
            ? try path.parameter("w", shape: [2 * tokens - 1], initializer: .uniform(0, 1)) : nil
        gamma = try path.parameter("gamma", shape: [2, queryWidth], initializer: .uniform(0, 1))
        beta = try path.parameter("beta", shape: [2, queryWidth], initializer: .uniform(0, 1))
        output = try Linear(at: path / "o", in: valueWidth, out: width, bias: false)
        projection = try Linear(at: path / "uv", in: width, out: 2 * valueWidth + queryWidth, bias: false)
        normalization = try ScaleNorm(at: path / "ln", width: width)
        shortcutScale = try (path / "res_scale").parameter("scale", shape: [width], initializer: .constant(1))
        dropout = Dropout(at: path, p: configuration.dropout)
        dropPath = DropPath(at: path, p: configuration.dropPath)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let mixed = try dropPath(attend(normalization(x)))
        return try x * shortcutScale.tensor + mixed
    }

    private func attend(_ x: Tensor) throws -> Tensor {
        let widths = [valueWidth, valueWidth, configuration.queryWidth]
        let parts = try configuration.activation(projection(x)).split(widths, dim: 2)
        let (gate, values) = (parts[0], parts[1])
        // One shared projection becomes queries and keys by a scale and a shift of their own.
        var base = try parts[2].unsqueeze(2) * gamma.tensor + beta.tensor
        if configuration.usesRotaryEncoding { base = try rotated(base) }
        let queries = try base.select(dim: 2, index: 0)
        let keys = try base.select(dim: 2, index: 1)
        var scores = try queries.matmul(keys.transpose(1, 2))
        if let relativeBias { scores = try scores + bias(relativeBias.tensor, tokens: x.shape[1]) }
        let kernel = try dropout((scores / Double(configuration.queryWidth).squareRoot()).relu().square())
        return try output(gate * kernel.matmul(values))
    }

    /// The weight of distance `j − i` at row `i`, column `j`: a Toeplitz matrix cut from repeated rows of `weights`.
    private func bias(_ weights: Tensor, tokens: Int) throws -> Tensor {
        let rows = try weights.narrow(dim: 0, start: 0, length: 2 * tokens - 1).pad([0, tokens]).repeat([tokens])
        let sheared = try rows.narrow(dim: 0, start: 0, length: rows.shape[0] - tokens)
            .reshape([1, tokens, 3 * tokens - 2])
        return try sheared.narrow(dim: 2, start: tokens - 1, length: tokens)
    }

    /// Rotary position encoding (Su et al. 2021) along the tokens. Frequencies grow with the channel, as in the
    /// published weights.
    private func rotated(_ base: Tensor) throws -> Tensor {
        let half = configuration.queryWidth / 2
        let frequencies = (0..<half).map { Float(pow(10000, Double($0) / Double(half))) }
        let positions = try Tensor.arange(base.shape[1]).to(.float32).reshape([-1, 1, 1])
        let angles = try positions * Tensor(frequencies, shape: [half])
        let (sine, cosine) = (try angles.sin(), try angles.cos())
        let halves = try base.chunk(2, dim: -1)
        return try Tensor.cat(
            [halves[0] * cosine - halves[1] * sine, halves[1] * cosine + halves[0] * sine], dim: -1)
    }
}

/// Divides a vector by its root mean square and scales the result by one learnt number (Nguyen & Salazar 2019).
///
/// Shapes: input and output `(..., width)`.
final class ScaleNorm: Layer {
    private let gain: Parameter
    private let scale, epsilon: Double

    init(at path: ParameterPath, width: Int, epsilon: Double = 1e-5) throws {
        gain = try path.parameter("g", shape: [1], initializer: .constant(1))
        scale = pow(Double(width), -0.5)
        self.epsilon = epsilon
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let norm = try x.norm(dim: -1, keepDim: true) * scale
        return try x / norm.clamp(min: epsilon) * gain.tensor
    }
}
