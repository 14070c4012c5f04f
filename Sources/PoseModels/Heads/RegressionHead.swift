public import PyConfig
public import Torch

/// Coordinates straight from pooled features, by one linear layer.
///
/// Shapes: reads the last feature map, flattened to `(B, inChannels)`, gives `(B, K, 2)` as parts of the input's size.
public final class RegressionHead: TrainableHead {
    private let linear: Linear
    private let criterion: any TargetLoss
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_joints", in: 1...65536)
        linear = try Linear(at: path / "fc", in: arguments.singleInChannels(), out: 2 * keypointCount)
        decoder = arguments.decoder()
        criterion = try arguments.loss(
            at: path / "loss_module", default: ["type": "SmoothL1Loss", "use_target_weight": true])
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .regression(try coordinates(features))
    }

    /// Targets and losses are `CoordinateTargets`'.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let output = try coordinates(features)
        let targets = try CoordinateTargets(batch)
        let loss = try criterion(output, targets.labels, weights: targets.weights.unsqueeze(-1))
        return try targets.losses(loss, of: output, batch)
    }

    private func coordinates(_ features: [Tensor]) throws -> Tensor {
        try linear(features.element(at: -1).flatten(from: 1)).reshape([-1, keypointCount, 2])
    }
}
