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
    private let dropout: Double
    private let path: ParameterPath

    init(at path: ParameterPath, width: Int, heads: Int, hasBias: Bool = true, dropout: Double = 0) throws {
        guard heads > 0, width % heads == 0 else {
            throw ModelError.invalidInput("\(path.name): \(width) channels cannot be divided among \(heads) heads")
        }
        weight = try path.parameter("in_proj_weight", shape: [3 * width, width], initializer: .xavierUniform())
        bias = try hasBias ? path.parameter("in_proj_bias", shape: [3 * width]) : nil
        output = try Linear(at: path / "out_proj", in: width, out: width, bias: hasBias)
        self.heads = heads
        self.width = width
        self.dropout = dropout
        self.path = path
    }

    /// - Parameter mask: added to the scores, broadcastable to `(B, heads, Q, K)`; or booleans, true where a query may look.
    func callAsFunction(query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil) throws -> Tensor {
        let weights = try weight.tensor.chunk(3, dim: 0)
        let biases = try bias?.tensor.chunk(3, dim: 0)
        let parts = try zip([query, key, value], weights).enumerated().map { index, pair in
            let projected = try pair.0.linear(pair.1, bias: biases?[index])
            return try projected.reshape([projected.shape[0], projected.shape[1], heads, width / heads]).transpose(1, 2)
        }
        let mixed = try Tensor.scaledDotProductAttention(
            query: parts[0], key: parts[1], value: parts[2], mask: mask, dropout: path.isTraining ? dropout : 0)
        return try output(mixed.transpose(1, 2).reshape([query.shape[0], query.shape[1], width]))
    }
}
