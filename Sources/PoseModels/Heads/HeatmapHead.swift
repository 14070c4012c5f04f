public import PyConfig
public import Torch

/// Heatmap regression (Xiao et al. 2018): upsampling layers, then a convolution to one map for each keypoint.
///
/// Shapes: reads the last feature map `(B, inChannels, H, W)`, gives heatmaps `(B, outChannels, 2ⁿH, 2ⁿW)` after `n`
/// transposed convolutions.
///
/// ViPNAS (Xu et al. 2021) has the same head with grouped transposed convolutions.
public final class HeatmapHead: TrainableHead {
    private let layers: DeconvolutionLayers
    private let criterion: any TargetLoss
    private let hiddenLayers: Int
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(
        at path: ParameterPath, _ arguments: Arguments, defaults: DeconvolutionConfiguration.Defaults = .simpleBaseline
    ) throws {
        let configuration = try DeconvolutionConfiguration(arguments, defaults: defaults)
        layers = try DeconvolutionLayers(
            at: path, inChannels: arguments.singleInChannels(), outChannels: arguments.int("out_channels"),
            configuration)
        hiddenLayers = 3 * configuration.convolutions.count
        decoder = arguments.decoder()
        // UDP's combined maps are three for each keypoint.
        let mapsPerKeypoint = decoder?["heatmap_type"]?.stringValue == "combined" ? 3 : 1
        keypointCount = layers.outChannels / mapsPerKeypoint
        criterion = try arguments.loss(
            at: path / "loss_module", default: ["type": "KeypointMSELoss", "use_target_weight": true])
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .heatmaps(try maps(features))
    }

    /// The maps themselves, for heads that go on from them.
    func maps(_ features: [Tensor]) throws -> Tensor {
        try layers(features.element(at: -1))
    }

    /// Targets: fields `heatmaps`, labels `keypoint_weights`. Gives `loss_kpt` and `acc_pose`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let output = try maps(features)
        let target = try batch.stacked(.fields, "heatmaps")
        let weights = try batch.joined(.labels, "keypoint_weights")
        var losses = TrainingLosses(["loss_kpt": try criterion(output, target, weights: weights)])
        if batch.measuresAccuracy {
            try losses.set("acc_pose", PoseAccuracy.heatmaps(output, target, mask: weights.gt(0)))
        }
        return losses
    }

    public var conversions: [any StateDictRule] { [SplitFinalLayer(hiddenLayers: hiddenLayers)] }
}
