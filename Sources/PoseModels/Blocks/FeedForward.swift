import Torch

/// The two-layer perceptron of a transformer block, with its residual connection.
///
/// Keys: `layers.0.0` and, after the hidden ones, `layers.N` (`N` the number of hidden layers); `gamma2.weight` if the
/// branch is scaled.
/// Shapes: input and output `(..., width)`.
final class FeedForward: Sendable {
    private let hidden: [Linear]
    private let output: Linear
    private let scale: LayerScale?
    private let activation: Activation
    private let dropout: Dropout
    private let dropPath: DropPath

    init(
        at path: ParameterPath, width: Int, hiddenWidth: Int, hiddenLayers: Int = 1,
        activation: Activation = .gelu(.none),
        dropout: Double = 0, dropPath: Double = 0, layerScale: Double = 0
    ) throws {
        let layers = path / "layers"
        hidden = try (0..<hiddenLayers).map { index in
            try Linear(at: layers / index / 0, in: index == 0 ? width : hiddenWidth, out: hiddenWidth)
        }
        output = try Linear(at: layers / hiddenLayers, in: hiddenWidth, out: width)
        scale = try layerScale > 0 ? LayerScale(at: path / "gamma2", width: width, initial: layerScale) : nil
        self.activation = activation
        self.dropout = Dropout(at: path, p: dropout)
        self.dropPath = DropPath(at: path, p: dropPath)
    }

    /// - Parameter identity: what the branch is added to; `x` itself if `nil`.
    func callAsFunction(_ x: Tensor, identity: Tensor? = nil) throws -> Tensor {
        var y = x
        for layer in hidden { y = try dropout(activation(layer(y))) }
        y = try dropout(output(y))
        if let scale { y = try scale(y) }
        return try (identity ?? x) + dropPath(y)
    }
}

/// Scales each channel by a learnt number (Touvron et al. 2021).
///
/// Shapes: input and output `(..., width)`.
final class LayerScale: Layer {
    private let weight: Parameter

    init(at path: ParameterPath, width: Int, initial: Double) throws {
        weight = try path.parameter("weight", shape: [width], initializer: .constant(initial))
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor { try x * weight.tensor }
}

/// Probabilities to leave a block out, growing linearly with its depth (Huang et al. 2016).
func dropPathRates(_ last: Double, count: Int) -> [Double] {
    (0..<count).map { count > 1 ? last * Double($0) / Double(count - 1) : 0 }
}
