import Torch

/// What heads of coordinates learn from.
struct CoordinateTargets {
    /// `(N, K, 2)` as parts of the input's size.
    let labels: Tensor
    /// `(N, K)`
    let weights: Tensor

    /// Labels `keypoint_labels` and `keypoint_weights`.
    ///
    /// - Throws: `ModelError.invalidInput` when the batch lacks them.
    init(_ batch: TrainingBatch) throws {
        labels = try batch.joined(.labels, "keypoint_labels")
        weights = try batch.joined(.labels, "keypoint_weights")
    }

    /// `loss_kpt`, and how accurate the coordinates are: `acc_pose`.
    func losses(_ loss: Tensor, of output: Tensor, _ batch: TrainingBatch) throws -> TrainingLosses {
        var losses = TrainingLosses(["loss_kpt": loss])
        if batch.measuresAccuracy {
            try losses.set("acc_pose", PoseAccuracy.coordinates(output, labels, mask: weights.gt(0)))
        }
        return losses
    }
}
