public import Torch

/// A loss of any kind. Those that compare one output with one target are `TargetLoss`es; others have an interface of
/// their own, and the head that uses them asks for that type.
public protocol Loss: Sendable {}

/// A loss of one output against one target.
public protocol TargetLoss: Loss {
    /// - Parameters:
    ///   - weights: how much each keypoint counts; a loss whose config says `use_target_weight=False` leaves them out.
    /// - Throws: `ModelError.invalidInput` when it needs weights and there are none, `TorchError` when shapes do not fit.
    func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor
}

/// A loss of maps `(B, K, H, W)` that can leave pixels out.
public protocol MaskableLoss: TargetLoss {
    /// - Parameters:
    ///   - weights: `(B, K)`, or `(B, K, H, W)`.
    ///   - mask: `(B, K or 1, H, W)`, zero where nothing is to be learned.
    func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?, mask: Tensor?) throws -> Tensor
}

extension MaskableLoss {
    /// With every pixel.
    public func callAsFunction(_ output: Tensor, _ target: Tensor, weights: Tensor?) throws -> Tensor {
        try self(output, target, weights: weights, mask: nil)
    }
}

/// A loss of several outputs together, each against its target: the axes of SimCC.
public protocol DistributionLoss: Loss {
    /// - Parameters:
    ///   - output: for each axis `(B, K, bins)`.
    ///   - target: for each axis `(B, K, bins)`.
    ///   - weights: `(B, K)`.
    func callAsFunction(_ output: [Tensor], _ target: [Tensor], weights: Tensor?) throws -> Tensor
}

/// What a config calls `use_target_weight`: whether given weights count.
struct WeightUse: Sendable {
    let isOn: Bool

    /// The weights when they count.
    ///
    /// - Throws: `ModelError.invalidInput` when they count but there are none.
    func callAsFunction(_ weights: Tensor?) throws -> Tensor? {
        guard isOn else { return nil }
        guard let weights else {
            throw ModelError.invalidInput("the loss has use_target_weight=True, but there are no weights")
        }
        return weights
    }
}

extension Tensor {
    /// With dimensions of size 1 at the end, up to a rank; `self` when it has that many.
    func paddedRank(to rank: Int) throws -> Tensor {
        rank > self.rank ? try reshape(shape + Array(repeating: 1, count: rank - self.rank)) : self
    }

    /// Summed up as a config asks: "none", "mean" or "sum".
    func reduced(_ reduction: LossReduction) throws -> Tensor {
        switch reduction {
        case .none: self
        case .mean: try mean()
        case .sum: try sum()
        }
    }
}
