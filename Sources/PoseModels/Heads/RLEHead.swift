public import PyConfig
public import Torch

/// Coordinates and their deviations straight from pooled features, trained with residual log-likelihood (Li et al.
/// 2021).
///
/// Shapes: reads the last feature map, flattened to `(B, inChannels)`, gives `(B, K, 4)`: x and y as parts of the input's
/// size, then their deviations before the sigmoid.
public final class RLEHead: TrainableHead {
    /// Its flow, the distribution that training fits to the residuals, is part of the state dict.
    private let criterion: RLELoss
    private let linear: Linear
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_joints", in: 1...65536)
        criterion = try arguments.loss(
            at: path / "loss_module", default: ["type": "RLELoss", "use_target_weight": true])
        linear = try Linear(at: path / "fc", in: arguments.singleInChannels(), out: 4 * keypointCount)
        decoder = arguments.decoder()
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .likelihood(try output(features))
    }

    /// Targets and losses are `CoordinateTargets`'.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let parts = try output(features).split([2, 2], dim: -1)
        let targets = try CoordinateTargets(batch)
        let loss = try criterion(
            parts[0], deviation: parts[1], targets.labels, weights: targets.weights.unsqueeze(-1))
        return try targets.losses(loss, of: parts[0], batch)
    }

    private func output(_ features: [Tensor]) throws -> Tensor {
        try linear(features.element(at: -1).flatten(from: 1)).reshape([-1, keypointCount, 4])
    }

    public var conversions: [any StateDictRule] { [RenameLoss()] }
}

/// 0.x called the loss of a head `loss`.
struct RenameLoss: StateDictRule {
    let name = "loss → loss_module"
    let supersededBy: Int? = nil

    func convert(_ key: String) -> String? {
        let prefix = "loss."
        return key.hasPrefix(prefix) ? "loss_module." + key.dropFirst(prefix.count) : key
    }
}
