public import PyConfig
public import Torch

/// Heatmaps of every stage of a network that refines them (Wei et al. 2016, Newell et al. 2016).
///
/// Shapes: reads one feature map `(B, inChannels, H, W)` for each stage, gives heatmaps `(B, outChannels, 2ⁿH, 2ⁿW)` of
/// each after `n` transposed convolutions.
public final class CPMHead: TrainableHead {
    private let deconvolutions: [Sequential?]
    private let finals: [Conv2d?]
    private let criteria: [any TargetLoss]
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let stages = try arguments.int("num_stages", in: 1...64)
        let inChannels = try arguments.singleInChannels()
        let outChannels = try arguments.int("out_channels")
        let configuration = try DeconvolutionConfiguration(arguments, defaults: .none)
        guard configuration.convolutions.isEmpty else {
            throw arguments.invalid("conv_out_channels", "this head has no convolutions between upsampling and output")
        }
        deconvolutions = try (0..<stages).map {
            try configuration.deconvolutionStack(at: path / "multi_deconv_layers" / $0, inChannels: inChannels)
        }
        let width = configuration.deconvolutions.last?.channels ?? inChannels
        finals = try (0..<stages).map {
            try configuration.finalLayer(
                at: path / "multi_final_layers" / $0, inChannels: width, outChannels: outChannels)
        }
        decoder = arguments.decoder()
        keypointCount = outChannels
        criteria = try arguments.losses(ofStages: stages, at: path / "loss_module")
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .stages(try stages(features))
    }

    /// Targets: fields `heatmaps`, labels `keypoint_weights`. Gives `loss_kpt`, the sum over the stages, and `acc_pose` of
    /// the last.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let outputs = try stages(features)
        let target = try batch.stacked(.fields, "heatmaps")
        let weights = try batch.joined(.labels, "keypoint_weights")
        let parts = try zip(criteria, outputs).map { try $0($1, target, weights: weights) }
        var losses = TrainingLosses(["loss_kpt": try parts.dropFirst().reduce(parts[0]) { try $0 + $1 }])
        if batch.measuresAccuracy {
            let accuracy = try PoseAccuracy.heatmaps(outputs.element(at: -1), target, mask: weights.gt(0))
            try losses.set("acc_pose", accuracy)
        }
        return losses
    }

    private func stages(_ features: [Tensor]) throws -> [Tensor] {
        guard features.count == finals.count else {
            throw ModelError.invalidInput(
                "the head has \(finals.count) stages, but the backbone gives \(features.count) feature maps")
        }
        return try features.enumerated().map { index, feature in
            let y = try deconvolutions[index]?(feature) ?? feature
            return try finals[index]?(y) ?? y
        }
    }
}
