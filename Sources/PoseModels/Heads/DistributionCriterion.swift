import PyConfig
import Torch

/// What heads learn from that classify the column and the row of each keypoint.
struct DistributionCriterion: Sendable {
    private let loss: any DistributionLoss
    private let splitRatio: Double
    /// The temperature of the loss, if it has one; distillation uses it too.
    var beta: Double? { (loss as? KLDiscretLoss)?.beta }

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        loss = try arguments.loss(
            at: path / "loss_module", default: ["type": "KLDiscretLoss", "use_target_weight": true])
        splitRatio = try arguments.double("simcc_split_ratio", default: 2)
    }

    /// Targets: labels `keypoint_x_labels`, `keypoint_y_labels`, `keypoint_weights`. Gives `loss_kpt` and `acc_pose`.
    ///
    /// - Parameter axes: the head's columns and rows, `(B, K, bins)` each.
    func callAsFunction(_ axes: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let targets = [
            try batch.joined(.labels, "keypoint_x_labels"), try batch.joined(.labels, "keypoint_y_labels"),
        ]
        let weights = try batch.joined(.labels, "keypoint_weights")
        var losses = TrainingLosses(["loss_kpt": try loss(axes, targets, weights: weights)])
        if batch.measuresAccuracy {
            let accuracy = try PoseAccuracy.distributions(
                axes, targets, splitRatio: splitRatio, mask: weights.gt(0))
            try losses.set("acc_pose", accuracy)
        }
        return losses
    }
}

/// A head that classifies the column and the row of each keypoint.
protocol DistributionHead: TrainableHead {
    var criterion: DistributionCriterion { get }

    /// Columns and rows, `(B, K, bins)` each.
    func axes(_ features: [Tensor]) throws -> [Tensor]
}

extension DistributionHead {
    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        let axes = try axes(features)
        return .simcc(x: axes[0], y: axes[1])
    }

    /// Targets and losses are `DistributionCriterion`'s.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        try criterion(axes(features), batch)
    }
}
