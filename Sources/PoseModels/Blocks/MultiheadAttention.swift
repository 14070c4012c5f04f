import Torch

/// Multi-head attention (Vaswani et al. 2017) with the parameters of `torch.nn.MultiheadAttention`.
///
/// Keys: `in_proj_weight`, `in_proj_bias`, `out_proj.*`.
/// Shapes: query `(B, Q, width)`, key and value `(B, K, width)`, output `(B, Q, width)`.
final class MultiheadAttention: Sendable {
    private let weight: Parameter
    private let bias: Parameter?
    private let output: Linear
    private let heads, width: Int
    private let dropout: Dropout

    init(at path: ParameterPath, width: Int, heads: Int, hasBias: Bool = true, dropout: Double = 0) throws {
        guard heads > 0, width % heads == 0 else {
            throw ModelError.invalidInput("\(path.name): \(width) channels cannot be divided among \(heads) heads")
        }
        weight = try path.parameter("in_proj_weight", shape: [3 * width, width], initializer: .xavierUniform())
        bias = try hasBias ? path.parameter("in_proj_bias", shape: [3 * width]) : nil
        output = try Linear(at: path / "out_proj", in: width, out: width, bias: hasBias)
        self.heads = heads
        self.width = width
        self.dropout = Dropout(at: path, p: dropout)
    }

    /// The steps are those of PyTorch's layer when it is asked for the weights, as mmcv asks: one fused operator would give
    /// other last bits.
    ///
    /// - Parameter mask: added to the scores, broadcastable to `(B, heads, Q, K)`; or booleans, true where a query may look.
    func callAsFunction(query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil) throws -> Tensor {
        let weights = try weight.tensor.chunk(3, dim: 0)
        let biases = try bias?.tensor.chunk(3, dim: 0)
        let (batch, channels) = (query.shape[0], width / heads)
        let parts = try zip([query, key, value], weights).enumerated().map { index, pair in
            let projected = try pair.0.linear(pair.1, bias: biases?[index])
            return try projected.reshape([batch, projected.shape[1], heads, channels]).transpose(1, 2)
        }
        let scaled = try parts[0] * (1 / Double(channels)).squareRoot()
        var scores = try scaled.matmul(parts[1].transpose(-2, -1))
        if let mask {
            scores =
                mask.dtype == .bool
                ? try scores.maskedFill(mask.logicalNot(), -Double.infinity) : try scores + mask
        }
        let mixed = try dropout(scores.softmax(dim: -1)).matmul(parts[2])
        return try output(mixed.transpose(1, 2).reshape([batch, query.shape[1], width]))
    }
}
