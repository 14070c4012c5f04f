import Checkpoint
public import PyConfig
public import Torch

/// A model that lifts 2D keypoints to 3D ones: backbone, neck, head; and, from a backbone of its own or the same, a head
/// for the person's place in the camera's space.
public final class PoseLifter: TrainableEstimator {
    public let store: ParameterStore
    /// The codec of the head, as the config gives it.
    public var decoder: ConfigDict? { head.decoder }
    public var keypointCount: Int { head.keypointCount }
    /// Averages with the mirror image when the config asks for it.
    public let flipTest: FlipTest?
    /// The keypoints to report, when the model predicts more than that.
    public let outputKeypointIndices: [Int]?

    private let backbone: any Backbone
    private let neck: (any Neck)?
    private let head: any Head
    private let trajectory: Trajectory?
    /// Losses of poses without 3D truth.
    private let semiSupervision: SemiSupervisionLoss?
    /// Whether training logs accuracies (`train_cfg.compute_acc`).
    private let measuresAccuracy: Bool

    /// The branch for the person's place; without a backbone it reads the features of the other branch.
    private struct Trajectory: Sendable {
        let backbone: (any Backbone)?
        let neck: (any Neck)?
        let head: any Head
    }

    init(_ arguments: Arguments) throws {
        store = ParameterStore()
        let root = store.root
        backbone = try Backbones.build(at: root / "backbone", arguments.requiredChild("backbone"))
        let parts = try EarlyHeadArguments.updated(
            neck: arguments.value("neck")?.dictValue, head: arguments.requiredChild("head").all, at: arguments.path)
        neck = try parts.neck.map { try Necks.build(at: root / "neck", Arguments($0, at: "\(arguments.path).neck")) }
        head = try Heads.build(at: root / "head", Arguments(parts.head, at: "\(arguments.path).head"))
        let branch = try arguments.child("traj_head").map { branch in
            Trajectory(
                backbone: try arguments.child("traj_backbone").map {
                    try Backbones.build(at: root / "traj_backbone", $0)
                },
                neck: try arguments.child("traj_neck").map { try Necks.build(at: root / "traj_neck", $0) },
                head: try Heads.build(at: root / "traj_head", branch))
        }
        trajectory = branch
        let test = try arguments.child("test_cfg")
        flipTest = try test.flatMap(FlipTest.init)
        outputKeypointIndices = try test?.optionalInts("output_keypoint_indices")
        try test?.finish()
        semiSupervision = try arguments.child("semi_loss").map { semi in
            guard branch != nil else {
                throw arguments.invalid("semi_loss", "needs a traj_head: projecting a pose takes its place")
            }
            guard let loss = try Losses.build(at: root / "semi_loss", semi) as? SemiSupervisionLoss else {
                throw semi.invalid("type", "\(try semi.type()) is no loss of poses without 3D truth")
            }
            return loss
        }
        let training = try arguments.child("train_cfg")
        measuresAccuracy = try training?.bool("compute_acc", default: true) ?? true
        training?.ignore("max_epochs", "val_interval")
        try training?.finish()
        // Keypoints need no preparation.
        arguments.ignore("data_preprocessor", "init_cfg", "metainfo", "_scope_")
    }

    /// Shapes: input float32 as the backbone reads it: `(B, C·K, T)` or `(B, T, K, C)`.
    public func forward(_ x: Tensor) throws -> HeadTensors {
        let shared = try features(x)
        let pose = try head(shared)
        guard let trajectory, case .lifted(let keypoints, _) = pose else { return pose }
        guard case .lifted(let root, _) = try trajectory.head(place(x, shared, trajectory)) else {
            throw ModelError.invalidInput("the trajectory head gives no coordinates")
        }
        return .lifted(keypoints, trajectory: root)
    }

    /// What the head reads.
    private func features(_ x: Tensor) throws -> [Tensor] {
        let features = try backbone(x)
        return try neck?(features) ?? features
    }

    /// What the head of the other branch reads.
    private func place(_ x: Tensor, _ shared: [Tensor], _ trajectory: Trajectory) throws -> [Tensor] {
        let features = try trajectory.backbone?(x) ?? shared
        return try trajectory.neck?(features) ?? features
    }

    public func prepare(_ inputs: Tensor) throws -> Tensor { try inputs.to(.float32) }

    /// Losses of both heads. With `semi_loss` also of poses without 3D truth, which come with the batch as labels
    /// `unlabeled_input` (as the network reads it), `unlabeled_target_2d` `(K, 2)` and `intrinsics` `(4)` or `(9)`.
    public func loss(_ x: Tensor, _ batch: TrainingBatch) throws -> TrainingLosses {
        var batch = batch
        batch.measuresAccuracy = measuresAccuracy
        let shared = try features(x)
        var losses = TrainingLosses()
        if let trajectory {
            losses.merge(try trainable(trajectory.head).loss(place(x, shared, trajectory), batch))
        }
        losses.merge(try trainable(head).loss(shared, batch))
        guard let semiSupervision else { return losses }
        let unlabeled = try batch.stacked(.labels, "unlabeled_input").to(.float32)
        guard case .lifted(let labeledPose, _) = try head(shared),
            case .lifted(let pose, let place?) = try forward(unlabeled)
        else { throw ModelError.invalidInput("semi_loss needs a head of coordinates and one of their place") }
        losses.merge(
            try semiSupervision(
                labeledPose: labeledPose, unlabeledPose: pose, unlabeledTrajectory: place,
                target: batch.stacked(.labels, "unlabeled_target_2d"),
                intrinsics: batch.stacked(.labels, "intrinsics"), progress: batch.progress))
        return losses
    }

    /// The head's outputs for a batch of key points, with the flip test if the config asks for it.
    ///
    /// - Parameters:
    ///   - x: as `forward` reads it; for a flip test `(B, T, K, C)`.
    ///   - flipIndices: for each keypoint, the one that takes its place in a mirror image.
    /// - Throws: `ModelError.invalidInput` when the model has no flip test, `TorchError`.
    public func predict(_ x: Tensor, flipIndices: [Int]) throws -> HeadTensors {
        let output = try forward(x)
        guard let flipTest else { return output }
        guard x.rank == 4, case .lifted(let keypoints, nil) = output,
            case .lifted(let mirrored, nil) = try forward(flipTest.mirror(x, flipIndices))
        else {
            throw ModelError.invalidInput("test_cfg.flip_test: this lifter has no flip test")
        }
        return .lifted(try (keypoints + flipTest.mirror(mirrored, flipIndices)) * 0.5, trajectory: nil)
    }

    public var conversions: [any StateDictRule] {
        [KeepStudent(), DropPreprocessorStatistics(), RenameKeypointHead()]
            + backbone.conversions.map { NestedRule(module: "backbone", rule: $0) }
            + head.conversions.map { NestedRule(module: "head", rule: $0) }
    }
}
