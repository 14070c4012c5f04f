import Foundation
import Torch

/// Normalising flow of six affine couplings in the plane (Dinh et al. 2017), with a standard normal as its prior.
///
/// Keys: buffers `loc`, `cov`, `mask`; `s.N.M` and `t.N.M` of the scaling and translating networks.
final class RealNVP: Sendable {
    private let mean, covariance, masks: Parameter
    private let scales, translations: [Sequential]

    init(at path: ParameterPath) throws {
        mean = try path.buffer("loc", shape: [2])
        covariance = try path.buffer("cov", shape: [2, 2], initializer: .values(Tensor.eye(2)))
        let alternating: [Float] = [0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0]
        masks = try path.buffer("mask", shape: [6, 2], initializer: .values(Tensor(alternating, shape: [6, 2])))
        scales = try (0..<6).map { try Self.network(at: path / "s" / $0, last: [ActivationLayer(.tanh)]) }
        translations = try (0..<6).map { try Self.network(at: path / "t" / $0, last: []) }
    }

    /// Logarithm of the density at each point.
    ///
    /// Shapes: input `(N, 2)`, output `(N)`.
    func logProbability(_ points: Tensor) throws -> Tensor {
        var z = points
        var logDeterminant = try Tensor.zeros([points.size(0)])
        for index in scales.indices.reversed() {
            let mask = try masks.tensor.select(dim: 0, index: index)
            let rest = try 1 - mask
            let kept = try mask * z
            let scale = try scales[index](kept) * rest
            let translation = try translations[index](kept) * rest
            z = try rest * (z - translation) * (-scale).exp() + kept
            logDeterminant = try logDeterminant - scale.sum(dim: 1)
        }
        return try prior(z) + logDeterminant
    }

    /// Log density of the two-dimensional normal distribution with the stored mean and covariance.
    private func prior(_ z: Tensor) throws -> Tensor {
        let entries = try covariance.tensor.toArray(Float.self).map(Double.init)
        let determinant = entries[0] * entries[3] - entries[1] * entries[2]
        let inverse = [entries[3], -entries[1], -entries[2], entries[0]].map { Float($0 / determinant) }
        let offset = try z - mean.tensor
        let distance = try (offset.matmul(Tensor(inverse, shape: [2, 2])) * offset).sum(dim: 1)
        return try distance * -0.5 - (log(2 * Double.pi) + 0.5 * log(determinant))
    }

    private static func network(at path: ParameterPath, last: [any Layer]) throws -> Sequential {
        func linear(_ index: Int, _ inFeatures: Int, _ outFeatures: Int) throws -> Linear {
            try Linear(
                at: path / index, in: inFeatures, out: outFeatures, initializer: .xavierUniform(gain: 0.01))
        }
        let leaky = ActivationLayer(.leakyRelu(negativeSlope: 0.01))
        return Sequential([try linear(0, 2, 64), leaky, try linear(2, 64, 64), leaky, try linear(4, 64, 2)] + last)
    }
}
