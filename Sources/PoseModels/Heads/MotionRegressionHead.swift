public import PyConfig
public import Torch

/// The head of MotionBERT (Zhu et al. 2023): a hidden layer with tanh, then coordinates of every joint in every frame.
///
/// Shapes: reads features `(B, T, K, in_channels)`, gives `(B, T, K, out_channels)`.
public final class MotionRegressionHead: TrainableHead {
    private let hidden: Linear
    private let output: Linear
    private let criterion: any TargetLoss
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let width = try arguments.int("embedding_size", default: 512, in: 1...65536)
        hidden = try Linear(
            at: path / "pre_logits" / "fc", in: arguments.int("in_channels", default: 256, in: 1...65536), out: width)
        output = try Linear(at: path / "fc", in: width, out: arguments.int("out_channels", default: 3, in: 1...65536))
        decoder = arguments.decoder()
        keypointCount = decoder?["num_keypoints"]?.intValue ?? 17
        criterion = try arguments.loss(
            at: path / "loss_module", default: ["type": "MSELoss", "use_target_weight": true])
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .lifted(try coordinates(features), trajectory: nil)
    }

    /// Targets: labels `lifting_target_label` `(T, K, 3)` and `lifting_target_weight` `(T, K)`. Gives `loss_pose3d` and
    /// `mpjpe`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let output = try coordinates(features)
        let label = try batch.stacked(.labels, "lifting_target_label")
        let weights = try batch.stacked(.labels, "lifting_target_weight")
        return TrainingLosses([
            "loss_pose3d": try criterion(output, label, weights: weights.unsqueeze(-1)),
            "mpjpe": try Tensor(PoseAccuracy.meanError(output, label, mask: weights.gt(0))),
        ])
    }

    private func coordinates(_ features: [Tensor]) throws -> Tensor {
        try output(hidden(features.element(at: -1)).tanh())
    }
}
