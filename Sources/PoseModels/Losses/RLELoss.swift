import Foundation
import PyConfig
public import Torch

/// Residual log-likelihood (Li et al. 2021): a flow learns how errors are distributed, beside an assumed distribution.
///
/// Keys: `flow_model.…`.
public struct RLELoss: Loss {
    private enum Assumed: String, CaseIterable { case laplace, gaussian }

    private let flow: RealNVP
    private let assumed: Assumed?
    private let averages: Bool
    private let use: WeightUse

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        use = try arguments.weightUse()
        averages = try arguments.bool("size_average", default: true)
        let name = try arguments.string("q_distribution", default: Assumed.laplace.rawValue)
        guard let distribution = Assumed(rawValue: name) else {
            throw arguments.invalid("q_distribution", "must be 'laplace' or 'gaussian', not '\(name)'")
        }
        assumed = try arguments.bool("residual", default: true) ? distribution : nil
        flow = try RealNVP(at: path / "flow_model")
    }

    /// - Parameters:
    ///   - output: coordinates `(N, K, 2)`.
    ///   - deviation: before the sigmoid, `(N, K, 2)`.
    ///   - target: `(N, K, 2)`.
    ///   - weights: `(N, K, 1 or 2)`.
    public func callAsFunction(_ output: Tensor, deviation: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor
    {
        let deviation = try deviation.sigmoid()
        let error = try (output - target) / (deviation + 1e-9)
        let density = try flow.logProbability(error.reshape([-1, 2])).reshape([target.size(0), target.size(1), 1])
        var loss = try deviation.log() - density
        switch assumed {
        case .laplace: loss = try loss + ((deviation * 2).log() + error.abs())
        case .gaussian: loss = try loss + ((deviation * (2 * Double.pi).squareRoot()).log() + error.square() * 0.5)
        case nil: break
        }
        if let weights = try use(weights) { loss = try loss * weights }
        if averages { loss = try loss / loss.size(0) }
        return try loss.sum()
    }
}
