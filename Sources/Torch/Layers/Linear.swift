/// `x Wᵀ + b` over the last dimension: `(…, in)` → `(…, out)`.
public final class Linear: Layer {
    /// The matrix, `(out, in)`.
    public let weight: Parameter
    /// The learned offset, if there is one.
    public let bias: Parameter?

    /// - Throws: `TorchError` for sizes below 1, `ParameterError` for a path that is taken.
    public init(
        at path: ParameterPath, in inFeatures: Int, out outFeatures: Int, bias: Bool = true,
        initializer: Initializer = .layerWeight
    ) throws {
        guard inFeatures > 0, outFeatures > 0 else {
            throw TorchError(operator: "Linear at \(path.name)", message: "\(inFeatures) to \(outFeatures) features")
        }
        path.declare(layerType: "Linear")
        let shape = [outFeatures, inFeatures]
        weight = try path.parameter("weight", shape: shape, initializer: initializer)
        self.bias =
            bias ? try path.parameter("bias", shape: [outFeatures], initializer: .layerBias(weightShape: shape)) : nil
    }

    /// `(…, in)` → `(…, out)`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.linear(weight.tensor, bias: bias?.tensor)
    }
}

/// Rows of a learned table: integers `(…)` → `(…, dimension)`.
public final class Embedding: Layer {
    /// The table, `(count, dimension)`.
    public let weight: Parameter

    /// - Throws: `ParameterError` for a path that is taken.
    public init(
        at path: ParameterPath, count: Int, dimension: Int, initializer: Initializer = .normal(std: 1)
    ) throws {
        path.declare(layerType: "Embedding")
        weight = try path.parameter("weight", shape: [count, dimension], initializer: initializer)
    }

    /// Integers `(…)` → `(…, dimension)`. Throws for an index outside the table.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try weight.tensor.embedding(x) }
}
