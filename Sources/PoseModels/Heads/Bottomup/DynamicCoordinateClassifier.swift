import PyConfig
import Torch

/// Boxes as centre and size, grown by a factor. Shapes: `(N, 2)` each.
struct CenteredBoxes {
    let center, size: Tensor

    /// - Parameter corners: `(N, 4)` left, top, right, bottom.
    init(_ corners: Tensor, padding: Double) throws {
        let (low, high) = (try corners[.all, ..<2], try corners[.all, 2...])
        size = try (high - low) * padding
        center = try (high + low) * 0.5
    }
}

/// Classifies the column and the row of each keypoint among bins that are spread over the person's own box (Lu et al.
/// 2024).
///
/// Keys: parameter `pos_enc`; buffers `y_bins`, `x_bins`; `spe`, `gau`, `pose_to_kpts`, `x_fc`, `y_fc`, `sigma_fc`.
final class DynamicCoordinateClassifier: Sendable {
    /// What the classification of `N` people gives: keypoints `(N, K, 2)`, and probabilities of their columns
    /// `(N, K, columns)` and rows `(N, K, rows)`.
    struct Output {
        let keypoints, columns, rows: Tensor
    }

    private let positions: Parameter?
    private let rowBins, columnBins: Parameter
    private let encoding: SinePositions
    private let attention: GatedAttentionUnit?
    private let expansion: Linear
    private let normalization: BatchNorm1d
    private let columnProjection, rowProjection, deviation: Linear
    private let deviationScale: Parameter
    private let keypoints, width: Int

    init(at path: ParameterPath, keypoints: Int, _ arguments: Arguments) throws {
        self.keypoints = keypoints
        let vectors = try arguments.int("in_channels", in: 1...1 << 20)
        width = try arguments.int("feat_channels", in: 1...65536)
        let bins = try arguments.ints("num_bins")
        guard bins.count == 2, bins.allSatisfy({ (2...65536).contains($0) }) else {
            throw arguments.invalid("num_bins", "must be two numbers, of columns and rows")
        }
        encoding = try SinePositions(
            at: path / "spe", width: arguments.int("spe_channels", default: 128, in: 2...65536),
            temperature: arguments.double("spe_temperature", default: 300))
        let tokens = try Self.attention(arguments, width: width)
        attention = try tokens.map { try GatedAttentionUnit(at: path / "gau", tokens: keypoints, $0) }
        positions = try tokens.flatMap { tokens in
            guard tokens.positions != .none else { return nil }
            return try path.parameter(
                "pos_enc", shape: [keypoints, tokens.queryWidth], initializer: .normal(std: 1))
        }
        expansion = try Linear(at: path / "pose_to_kpts" / 0, in: vectors, out: width * keypoints)
        normalization = try BatchNorm1d(at: path / "pose_to_kpts" / 1, channels: width * keypoints)
        let encoded = try arguments.int("spe_channels", default: 128)
        columnProjection = try Linear(at: path / "x_fc", in: encoded, out: width)
        rowProjection = try Linear(at: path / "y_fc", in: encoded, out: width)
        deviation = try Linear(at: path / "sigma_fc" / 0, in: vectors, out: keypoints)
        deviationScale = try (path / "sigma_fc" / 2).parameter("scale", shape: [], initializer: .constant(0.1))
        rowBins = try path.buffer("y_bins", constant: Tensor.linspace(from: -0.5, to: 0.5, steps: bins[1]))
        columnBins = try path.buffer("x_bins", constant: Tensor.linspace(from: -0.5, to: 0.5, steps: bins[0]))
    }

    /// The unit is there unless the config says `gau_cfg=None`.
    private static func attention(_ arguments: Arguments, width: Int) throws -> GatedAttentionConfiguration? {
        if let value = arguments.value("gau_cfg"), value.isNone { return nil }
        let fallback: ConfigDict = ["pos_enc": "add"]
        return try GatedAttentionConfiguration(
            arguments.child("gau_cfg") ?? Arguments(fallback, at: arguments.path(of: "gau_cfg")), width: width)
    }

    /// Shapes: vectors `(N, in_channels)`, grid `(N, 2)`: the points the predictions were made at; output `(N, K, 2)`.
    func keypoints(_ vectors: Tensor, in boxes: CenteredBoxes, grid: Tensor) throws -> Tensor {
        try self(vectors, in: boxes, grid: grid).keypoints
    }

    /// The keypoints as means of the bins, weighted by their probabilities.
    func callAsFunction(_ vectors: Tensor, in boxes: CenteredBoxes, grid: Tensor) throws -> Output {
        var tokens = try normalization(expansion(vectors)).unflatten(-1, [keypoints, width])
        if let attention { tokens = try attention(tokens, positions: positions?.tensor) }
        let offset = try boxes.center - grid
        let (columnPlaces, rowPlaces) = (try bins(0, around: offset, boxes), try bins(1, around: offset, boxes))
        let columns = try Self.softmax(tokens.matmul(columnProjection(encoding(columnPlaces)).transpose(1, 2)))
        let rows = try Self.softmax(tokens.matmul(rowProjection(encoding(rowPlaces)).transpose(1, 2)))
        let x = try (columns * bins(0, around: boxes.center, boxes).unsqueeze(1)).sum(dims: [-1])
        let y = try (rows * bins(1, around: boxes.center, boxes).unsqueeze(1)).sum(dims: [-1])
        return Output(keypoints: try Tensor.stack([x, y], dim: -1), columns: columns, rows: rows)
    }

    /// How far off keypoints are thought to be, `(N, K)`, for `N` vectors.
    func deviations(_ vectors: Tensor) throws -> Tensor {
        try deviation(vectors).sigmoid() * deviationScale.tensor
    }

    /// What the probabilities should be: those of errors that follow Laplace's distribution with the predicted deviations.
    ///
    /// Shapes: keypoints `(N, K, 2)`, deviations `(N, K)`, areas `(N)`; output `(N, K, columns)` and `(N, K, rows)`.
    func targets(
        _ keypoints: Tensor, in boxes: CenteredBoxes, deviations: Tensor, areas: Tensor
    ) throws -> (columns: Tensor, rows: Tensor) {
        let unit = try areas.pow(0.5).clamp(min: 1).reshape([-1, 1, 1])
        let deviation = try deviations.clamp(min: 1e-3).unsqueeze(2)
        func axis(_ axis: Int) throws -> Tensor {
            let distance = try
                (keypoints[.all, .all, axis...axis] - bins(axis, around: boxes.center, boxes).unsqueeze(1))
                .abs()
            return try (-(distance / unit / deviation) / 2).exp() / deviation
        }
        return (try axis(0), try axis(1))
    }

    /// Where the bins of columns (axis 0) or rows (axis 1) are: `(N, bins)`.
    func bins(_ axis: Int, around center: Tensor, _ boxes: CenteredBoxes) throws -> Tensor {
        let range = axis...axis
        return try (axis == 0 ? columnBins : rowBins).tensor.unsqueeze(0) * boxes.size[.all, range]
            + center[.all, range]
    }

    private static func softmax(_ logits: Tensor) throws -> Tensor {
        let limited = try logits.clamp(min: -5e4, max: 5e4)
        let powers = try (limited - limited.amax(dim: -1, keepDim: true).detach()).exp()
        return try powers / (powers.sum(dims: [-1], keepDim: true) + 1e-8)
    }
}
