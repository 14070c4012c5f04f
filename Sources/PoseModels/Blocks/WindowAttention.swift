import Torch

/// Multi-head attention inside windows, with a learnt bias for each relative position (Liu et al. 2021).
///
/// Keys: `relative_position_bias_table`, `relative_position_index`, `qkv.*`, `proj.*`.
/// Shapes: input and output `(B·windows, rows·columns, width)`.
final class WindowAttention: Sendable {
    struct Configuration {
        var heads: Int
        /// Rows and columns of a window.
        var window: [Int]
        var hasBias = true
        /// Factor of the scores; 1/√(channels of a head) if `nil`.
        var scale: Double?
        var attentionDropout = 0.0
        var dropout = 0.0
        var usesRelativeBias = true
    }

    private let table, index: Parameter?
    private let projection, output: Linear
    private let attentionDropout, dropout: Dropout
    private let heads, tokens: Int
    private let scale: Double

    init(at path: ParameterPath, width: Int, _ configuration: Configuration) throws {
        let (rows, columns) = (configuration.window[0], configuration.window[1])
        heads = configuration.heads
        tokens = rows * columns
        scale = configuration.scale ?? 1 / Double(width / configuration.heads).squareRoot()
        if configuration.usesRelativeBias {
            table = try path.parameter(
                "relative_position_bias_table", shape: [(2 * rows - 1) * (2 * columns - 1), heads],
                initializer: .truncNormal(std: 0.02))
            index = try path.buffer(
                "relative_position_index", constant: Self.relativeIndex(rows: rows, columns: columns))
        } else {
            (table, index) = (nil, nil)
        }
        projection = try Linear(at: path / "qkv", in: width, out: 3 * width, bias: configuration.hasBias)
        output = try Linear(at: path / "proj", in: width, out: width)
        attentionDropout = Dropout(at: path, p: configuration.attentionDropout)
        dropout = Dropout(at: path, p: configuration.dropout)
    }

    /// - Parameter mask: added to the scores of each window, `(windows, 1 or tokens, tokens)`.
    func callAsFunction(_ x: Tensor, mask: Tensor? = nil) throws -> Tensor {
        let (count, width) = (x.shape[0], x.shape[2])
        let parts = try projection(x).reshape([count, tokens, 3, heads, width / heads]).permute([2, 0, 3, 1, 4])
            .unbind(dim: 0)
        var scores = try (parts[0] * scale).matmul(parts[1].transpose(-2, -1))
        if let table, let index {
            let bias = try table.tensor.indexSelect(dim: 0, index: index.tensor.reshape([-1]))
                .reshape([tokens, tokens, heads]).permute([2, 0, 1])
            scores = try scores + bias
        }
        if let mask {
            let windows = mask.shape[0]
            scores = try (scores.reshape([count / windows, windows, heads, tokens, tokens]) + mask.unsqueeze(1))
                .reshape([count, heads, tokens, tokens])
        }
        let weights = try attentionDropout(scores.softmax(dim: -1))
        return try dropout(output(weights.matmul(parts[2]).transpose(1, 2).reshape([count, tokens, width])))
    }

    /// The row of the bias table for tokens `i` and `j` of a window.
    private static func relativeIndex(rows: Int, columns: Int) throws -> Tensor {
        let coordinates = (0..<rows).flatMap { row in (0..<columns).map { row * (2 * columns - 1) + $0 } }
        let index = coordinates.flatMap { own in coordinates.reversed().map { own + $0 } }
        return try Tensor(index, shape: [rows * columns, rows * columns])
    }
}

/// Divides token maps into windows and joins them again.
struct WindowPartition {
    /// Rows and columns of a window.
    let window: [Int]

    /// Shapes: input `(B, H, W, C)` with whole windows, output `(B·windows, rows·columns, C)`.
    func split(_ x: Tensor) throws -> Tensor {
        let shape = x.shape
        return try x.reshape([shape[0], shape[1] / window[0], window[0], shape[2] / window[1], window[1], shape[3]])
            .permute([0, 1, 3, 2, 4, 5]).reshape([-1, window[0] * window[1], shape[3]])
    }

    /// Shapes: input `(B·windows, rows·columns, C)`, output `(B, H, W, C)`.
    func join(_ windows: Tensor, height: Int, width: Int) throws -> Tensor {
        let channels = windows.shape[2]
        return try windows.reshape([-1, height / window[0], width / window[1], window[0], window[1], channels])
            .permute([0, 1, 3, 2, 4, 5]).reshape([-1, height, width, channels])
    }
}
