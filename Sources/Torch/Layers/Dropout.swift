/// In training sets elements to zero with probability `p` and scales the others up (Srivastava et al. 2014).
public final class Dropout: Layer {
    /// The probability with which something is dropped.
    public let p: Double
    private let path: ParameterPath

    /// - Parameter path: Where the layer is; it has no parameters, but follows the training mode there.
    public init(at path: ParameterPath, p: Double = 0.5) {
        self.path = path
        self.p = p
        path.declare(layerType: "Dropout")
    }

    /// The shape stays; outside training `x` itself.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try x.dropout(p: p, training: path.drops) }
}

/// Stochastic depth (Huang et al. 2016): in training drops whole samples of a residual branch with probability `p` and
/// scales the others up.
public final class DropPath: Layer {
    /// The probability with which something is dropped.
    public let p: Double
    private let path: ParameterPath

    /// - Parameter path: Where the layer is; it has no parameters, but follows the training mode there.
    public init(at path: ParameterPath, p: Double) {
        self.path = path
        self.p = p
        path.declare(layerType: "DropPath")
    }

    /// The shape stays; outside training `x` itself.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        guard path.drops, p > 0, x.rank > 0 else { return x }
        let keep = 1 - p
        let shape = [try x.size(0)] + [Int](repeating: 1, count: x.rank - 1)
        let mask = try Tensor.empty(shape, dtype: x.dtype, device: x.device).bernoulli_(p: keep)
        return try keep > 0 ? x * mask / keep : x * mask
    }
}
