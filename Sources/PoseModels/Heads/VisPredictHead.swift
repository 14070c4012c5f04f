public import PyConfig
public import Torch

/// Another head, and beside it a classifier of each keypoint's visibility from the mean of the last feature map.
///
/// Shapes: reads the last feature map `(B, inChannels, H, W)`; gives the other head's outputs and `(B, K)`.
public final class VisPredictHead: TrainableHead {
    private let pose: any Head
    private let classifier: Linear
    private let criterion: BCELoss
    public var keypointCount: Int { pose.keypointCount }
    public var decoder: ConfigDict? { pose.decoder }

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        guard let configuration = try arguments.child("pose_cfg") else {
            throw arguments.invalid("pose_cfg", "the head to add visibility to is missing")
        }
        let channels = try configuration.singleInChannels()
        pose = try Heads.build(at: path / "pose_head", configuration)
        classifier = try Linear(at: path / "vis_head" / 2, in: channels, out: pose.keypointCount)
        // The loss decides whether the outputs are probabilities.
        criterion = try arguments.loss(
            at: path / "loss_module", default: ["type": "BCELoss", "use_sigmoid": true])
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .visibility(try pose(features), try visibility(features))
    }

    /// Targets: labels `keypoint_weights`, of which those above zero are visible, maybe `keypoints_visible_weights`, and
    /// those of the other head. Gives `loss_vis`, `acc_vis` and what the other head gives.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let output = try visibility(features)
        let labels = try batch.joined(.labels, "keypoint_weights").to(.float32)
        var weights: Tensor?
        if criterion.usesWeights {
            weights =
                try batch.has(.labels, "keypoints_visible_weights")
                ? batch.joined(.labels, "keypoints_visible_weights") : labels * 0 + 1
        }
        var losses = TrainingLosses(["loss_vis": try criterion(output, labels, weights: weights)])
        if batch.measuresAccuracy {
            losses.set("acc_vis", try accuracy(output.detach(), labels, weights: weights))
        }
        losses.merge(try trainable(pose).loss(features, batch))
        return losses
    }

    /// The part of keypoints whose visibility is right, the mean over samples.
    private func accuracy(_ output: Tensor, _ labels: Tensor, weights: Tensor?) throws -> Tensor {
        let probability = try criterion.takesProbabilities ? output : output.sigmoid()
        let right = try probability.ge(0.5).to(.float32).eq(labels).to(.float32)
        guard let weights else { return try right.mean() }
        return try ((right * weights).sum(dim: 1) / (weights.sum(dim: 1) + 1e-6)).mean()
    }

    private func visibility(_ features: [Tensor]) throws -> Tensor {
        var map = try features.element(at: -1)
        if map.rank == 4 { map = try map.adaptiveAvgPool2d([1, 1]).flatten(from: 1) }
        let visibility = try classifier(map)
        return try criterion.takesProbabilities ? visibility.sigmoid() : visibility
    }

    public var conversions: [any StateDictRule] {
        pose.conversions.map { NestedRule(module: "pose_head", rule: $0) }
    }
}
