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
    /// How learnt positions of the tokens enter queries and keys.
    var positions = TokenPositions.none

    /// What learnt positions do to queries and keys.
    enum TokenPositions: String, CaseIterable {
        case none
        case added = "add"
        /// They are cosines and sines that rotate pairs of channels.
        case rotating = "rope"
    }

    init(_ arguments: Arguments?) throws {
        guard let arguments else { return }
        width = try arguments.int("hidden_dims")
        queryWidth = try arguments.int("s")
        expansion = try arguments.double("expansion_factor")
        dropout = try arguments.double("dropout_rate")
        dropPath = try arguments.double("drop_path")
        activation = try Self.activation(arguments, arguments.string("act_fn"))
        usesRelativeBias = try arguments.bool("use_rel_bias")
        usesRotaryEncoding = try arguments.bool("pos_enc")
        try arguments.finish()
    }

    /// The `gau_cfg` of RTMO's coordinate classifier, whose tokens have learnt positions.
    init(_ arguments: Arguments, width: Int) throws {
        self.width = width
        queryWidth = try arguments.int("s", default: 128, in: 2...65536)
        expansion = try arguments.double("expansion_factor", default: 2)
        guard expansion > 0, expansion < 1024 else { throw arguments.invalid("expansion_factor", "must be positive") }
        dropout = try arguments.double("dropout_rate", default: 0)
        dropPath = try arguments.double("drop_path", default: 0)
        activation = try Self.activation(arguments, arguments.string("act_fn", default: "SiLU"))
        let name = try arguments.string("pos_enc", default: "none")
        guard let positions = TokenPositions(rawValue: name) else {
            throw ModelError.unknownType(
                name, at: "\(arguments.path).pos_enc", known: TokenPositions.allCases.map(\.rawValue))
        }
        self.positions = positions
        guard try !arguments.bool("use_rel_bias", default: false) else {
            throw arguments.invalid("use_rel_bias", "this unit has no relative bias")
        }
        try arguments.finish()
    }

    private static func activation(_ arguments: Arguments, _ name: String) throws -> Activation {
        switch name {
        case "ReLU": return .relu
        case "SiLU": return .silu
        default: throw ModelError.unknownType(name, at: "\(arguments.path).act_fn", known: ["ReLU", "SiLU"])
        }
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

    func callAsFunction(_ x: Tensor) throws -> Tensor { try self(x, positions: nil) }

    /// - Parameter positions: `(tokens, queryWidth)`, used as the configuration says.
    func callAsFunction(_ x: Tensor, positions: Tensor?) throws -> Tensor {
        let mixed = try dropPath(attend(normalization(x), positions))
        return try x * shortcutScale.tensor + mixed
    }

    private func attend(_ x: Tensor, _ positions: Tensor?) throws -> Tensor {
        let widths = [valueWidth, valueWidth, configuration.queryWidth]
        let parts = try configuration.activation(projection(x)).split(widths, dim: 2)
        let (gate, values) = (parts[0], parts[1])
        // One shared projection becomes queries and keys by a scale and a shift of their own.
        var base = try parts[2].unsqueeze(2) * gamma.tensor + beta.tensor
        if configuration.usesRotaryEncoding { base = try rotated(base) }
        if let positions { base = try placed(base, positions.unsqueeze(1)) }
        let queries = try base.select(dim: 2, index: 0)
        let keys = try base.select(dim: 2, index: 1)
        var scores = try queries.matmul(keys.transpose(1, 2))
        if let relativeBias { scores = try scores + bias(relativeBias.tensor, tokens: x.shape[1]) }
        let kernel = try dropout((scores / Double(configuration.queryWidth).squareRoot()).relu().square())
        return try output(gate * kernel.matmul(values))
    }

    /// Queries and keys `(B, tokens, 2, queryWidth)` with learnt positions `(tokens, 1, queryWidth)`.
    private func placed(_ base: Tensor, _ positions: Tensor) throws -> Tensor {
        switch configuration.positions {
        case .none: return base
        case .added: return try base + positions
        case .rotating:
            let waves = try positions.chunk(2, dim: -1)
            return try Self.rotated(base, cosine: waves[0], sine: waves[1])
        }
    }

    /// Rotates each channel of the first half with its partner in the second.
    private static func rotated(_ base: Tensor, cosine: Tensor, sine: Tensor) throws -> Tensor {
        let halves = try base.chunk(2, dim: -1)
        return try Tensor.cat(
            [halves[0] * cosine - halves[1] * sine, halves[1] * cosine + halves[0] * sine], dim: -1)
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
        return try Self.rotated(base, cosine: angles.cos(), sine: angles.sin())
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
