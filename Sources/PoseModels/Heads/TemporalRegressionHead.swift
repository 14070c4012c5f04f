public import PyConfig
public import Torch

/// The head of a temporal lifter: one linear layer from features to camera-space or root-relative coordinates. As
/// trajectory head it gives the place of the root.
///
/// Shapes: reads features `(B, in_channels, T)`, gives `(B·T, num_joints, 3)`.
public final class TemporalRegressionHead: TrainableHead {
    private let layer: Conv1d
    private let criterion: any TargetLoss
    private let target: Target
    public let keypointCount: Int
    public let decoder: ConfigDict?

    /// What the head learns.
    enum Target {
        case pose, trajectory
    }

    init(at path: ParameterPath, _ arguments: Arguments, target: Target = .pose) throws {
        self.target = target
        keypointCount = try arguments.int("num_joints", in: 1...65536)
        layer = try Conv1d(
            at: path / "conv", inChannels: arguments.singleInChannels(), outChannels: 3 * keypointCount, kernel: 1)
        decoder = arguments.decoder()
        criterion = try arguments.loss(
            at: path / "loss_module",
            default: ["type": target == .pose ? "MSELoss" : "MPJPELoss", "use_target_weight": true])
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .lifted(try coordinates(features), trajectory: nil)
    }

    /// Targets of a pose: labels `lifting_target_label` and `lifting_target_weight`; gives `loss_pose3d` and `mpjpe`. Of a
    /// trajectory: labels `lifting_target_label` and `trajectory_weights` when they are of as many joints, otherwise the fact
    /// `target_root`, which counts less the farther away it is (Pavllo et al. 2019); gives `loss_traj` and `mpjpe_traj`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let output = try coordinates(features)
        let label = try batch.joined(.labels, "lifting_target_label")
        switch target {
        case .pose:
            let weights = try batch.joined(.labels, "lifting_target_weight")
            return TrainingLosses([
                "loss_pose3d": try criterion(output, label, weights: weights.unsqueeze(-1)),
                "mpjpe": try Tensor(PoseAccuracy.meanError(output, label, mask: weights.gt(0))),
            ])
        case .trajectory:
            let (label, weights) =
                try label.shape == output.shape
                ? (label, batch.joined(.labels, "trajectory_weights")) : Self.root(batch)
            return TrainingLosses([
                "loss_traj": try criterion(output, label, weights: weights.unsqueeze(-1)),
                "mpjpe_traj": try Tensor(PoseAccuracy.meanError(output, label, mask: weights.gt(0))),
            ])
        }
    }

    /// The roots `(B, 1, 3)` and their weights `(B, 1)`.
    private static func root(_ batch: TrainingBatch) throws -> (label: Tensor, weights: Tensor) {
        let root = try batch.stacked(.metainfo, "target_root").to(.float32)
        let label = try root.reshape([root.size(0), -1, 3])
        return (label, try label.select(dim: -1, index: 2).reciprocal())
    }

    private func coordinates(_ features: [Tensor]) throws -> Tensor {
        try layer(features.element(at: -1)).reshape([-1, keypointCount, 3])
    }
}
