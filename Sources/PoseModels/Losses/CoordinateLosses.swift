import Foundation
import PyConfig
public import Torch

/// Losses of coordinates that differ in how they measure the distance only; weights multiply output and target.
///
/// Shapes: output and target `(N, K, D)` or more dimensions, weights broadcastable to them.
public struct CoordinateLoss: TargetLoss {
    private let measure: @Sendable (Tensor, Tensor) throws -> Tensor
    private let padsWeights: Bool
    private let use: WeightUse
    private let weight: Double

    private init(
        _ arguments: Arguments, padsWeights: Bool, measure: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
    ) throws {
        self.measure = measure
        self.padsWeights = padsWeights
        use = try arguments.weightUse()
        weight = try arguments.lossWeight()
    }

    /// `SmoothL1Loss`: squared below 1, absolute above, the mean over all numbers.
    static func smoothL1(_ arguments: Arguments) throws -> CoordinateLoss {
        try CoordinateLoss(arguments, padsWeights: true) { try $0.smoothL1Loss($1) }
    }

    /// `L1Loss`: absolute differences.
    static func l1(_ arguments: Arguments) throws -> CoordinateLoss {
        let reduction = try arguments.reduction()
        return try CoordinateLoss(arguments, padsWeights: true) { try $0.l1Loss($1, reduction: reduction) }
    }

    /// `MSELoss`: squared differences, the mean over all numbers.
    static func mse(_ arguments: Arguments) throws -> CoordinateLoss {
        try CoordinateLoss(arguments, padsWeights: false) { try $0.mseLoss($1) }
    }

    /// `WingLoss` (Feng et al. 2018): logarithmic near zero, the mean over samples of the sum.
    static func wing(_ arguments: Arguments) throws -> CoordinateLoss {
        let omega = try arguments.double("omega", default: 10)
        let epsilon = try arguments.double("epsilon", default: 2)
        let offset = omega * (1 - log(1 + omega / epsilon))
        return try CoordinateLoss(arguments, padsWeights: false) { output, target in
            let distance = try (target - output).abs()
            let near = try (distance / epsilon + 1).log() * omega
            return try Tensor.where(distance.lt(omega), near, distance - offset).sum(dims: [1, 2]).mean()
        }
    }

    /// `SoftWingLoss` (Lin et al. 2021): absolute near zero, logarithmic beyond, the mean over samples of the sum.
    static func softWing(_ arguments: Arguments) throws -> CoordinateLoss {
        let inner = try arguments.double("omega1", default: 2)
        let outer = try arguments.double("omega2", default: 20)
        let epsilon = try arguments.double("epsilon", default: 0.5)
        let offset = inner - outer * log(1 + inner / epsilon)
        return try CoordinateLoss(arguments, padsWeights: false) { output, target in
            let distance = try (target - output).abs()
            let far = try (distance / epsilon + 1).log() * outer + offset
            return try Tensor.where(distance.lt(inner), distance, far).sum(dims: [1, 2]).mean()
        }
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        guard var weights = try use(weights) else { return try measure(output, target) * weight }
        if padsWeights { weights = try weights.paddedRank(to: target.rank) }
        return try measure(output * weights, target * weights) * weight
    }
}

/// `SoftWeightSmoothL1Loss`: smooth L1 whose weights multiply the loss itself.
///
/// Shapes: output and target `(N, C, …)`, weights of the same or fewer dimensions.
public struct SoftWeightSmoothL1Loss: TargetLoss {
    private let beta: Double
    private let supervisesEmpty: Bool
    private let use: WeightUse
    private let weight: Double

    init(_ arguments: Arguments) throws {
        use = try arguments.weightUse()
        supervisesEmpty = try arguments.bool("supervise_empty", default: true)
        beta = try arguments.double("beta", default: 1)
        guard beta >= 0 else { throw arguments.invalid("beta", "must not be negative, not \(beta)") }
        weight = try arguments.lossWeight()
    }

    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        guard let weights = try use(weights)?.paddedRank(to: output.rank) else {
            return try output.smoothL1Loss(target, beta: beta) * weight
        }
        let loss = try output.smoothL1Loss(target, beta: beta, reduction: .none) * weights
        if supervisesEmpty { return try loss.mean() * weight }
        // Only what has a weight counts, but at least one.
        return try loss.sum() / max(weights.gt(0).sum().item(), 1) * weight
    }
}
