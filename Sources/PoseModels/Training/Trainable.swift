public import Torch

/// A head that can be trained.
public protocol TrainableHead: Head {
    /// The losses of a batch, and measures such as its accuracy under MMPose's names (`loss_kpt`, `acc_pose`).
    ///
    /// - Parameters:
    ///   - features: as `callAsFunction` takes them, computed while the parameter store trains.
    ///   - batch: the targets, sample by sample in the order of the features.
    /// - Throws: `ModelError.invalidInput` when the batch lacks a target, `TorchError` when one does not fit.
    func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses
}

/// A model that can be trained.
public protocol TrainableEstimator: PoseEstimator {
    /// Makes packed inputs ready for the network.
    ///
    /// Shapes: `(B, …)` as `PackPoseInputs` packs them, images as uint8 `(B, 3, H, W)` in the decoder's channel order.
    func prepare(_ inputs: Tensor) throws -> Tensor

    /// How the size of batches changes in training, if it does (`batch_augments`).
    var batchResize: BatchSyncRandomResize? { get }

    /// The losses of a batch.
    ///
    /// - Parameters:
    ///   - x: what `prepare` gives.
    ///   - batch: the targets of the same samples.
    /// - Throws: `ModelError.invalidInput` when the head cannot be trained or a target is missing, `TorchError`.
    func loss(_ x: Tensor, _ batch: TrainingBatch) throws -> TrainingLosses
}

extension TrainableEstimator {
    /// It does not.
    public var batchResize: BatchSyncRandomResize? { nil }
}

/// The head as one that can be trained.
///
/// - Throws: `ModelError.invalidInput` when it is none.
func trainable(_ head: any Head) throws -> any TrainableHead {
    guard let head = head as? any TrainableHead else {
        throw ModelError.invalidInput("\(type(of: head)) has no loss: it can be run, but not trained")
    }
    return head
}
