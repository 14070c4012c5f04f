import PyConfig
public import Torch

/// Contrastive loss that keeps the features of different instances apart (van den Oord et al. 2018).
public struct InfoNCELoss: Loss {
    private let temperature: Double
    private let weight: Double

    init(_ arguments: Arguments) throws {
        temperature = try arguments.double("temperature", default: 1)
        guard temperature > 0 else { throw arguments.invalid("temperature", "must be positive, not \(temperature)") }
        weight = try arguments.lossWeight()
    }

    /// The sum over instances of the cross entropy between each one's similarities and itself.
    ///
    /// Shapes: `(N, channels)`, one row for each instance.
    public func callAsFunction(_ features: Tensor) throws -> Tensor {
        let lengths = try features.norm(dim: 1, keepDim: true).clamp(min: 1e-12)
        let directions = try features / lengths
        let logits = try directions.matmul(directions.transpose(0, 1)) / temperature
        let itself = try Tensor.arange(features.size(0), device: features.device)
        return try logits.crossEntropy(itself, reduction: .sum) * weight
    }
}
