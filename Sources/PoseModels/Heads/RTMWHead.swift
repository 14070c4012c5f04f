public import PyConfig
import Torch

/// The head of RTMW (Jiang et al. 2024): RTMPose's head over two maps, the coarse one and a finer one that sees the
/// coarse one too; each gives one half of a keypoint's token.
///
/// Shapes: reads maps `(B, inChannels/2, 2H, 2W)` and `(B, inChannels, H, W)`, gives `(B, K, inputWidth·r)` and
/// `(B, K, inputHeight·r)`.
public final class RTMWHead: DistributionHead {
    private let enlarged, coarse, fine: ConvModule
    private let coarseEmbedding, fineEmbedding: Sequential
    private let attention: GatedAttentionUnit
    private let column, row: Linear
    let criterion: DistributionCriterion
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("out_channels")
        let channels = try arguments.singleInChannels()
        let kernel = try arguments.int("final_layer_kernel_size", default: 1)
        let bins = try SimCCBins(arguments)
        let pixels = try arguments.ints("in_featuremap_size").reduce(1, *)
        let gau = try GatedAttentionConfiguration(arguments.child("gau_cfg"))
        func convolution(_ name: String, _ inChannels: Int, _ outChannels: Int) throws -> ConvModule {
            try ConvModule(
                at: path / name, inChannels: inChannels, outChannels: outChannels, kernel: kernel, padding: kernel / 2,
                normalization: Normalization())
        }
        func embedding(_ name: String, _ width: Int) throws -> Sequential {
            Sequential([
                try ScaleNorm(at: path / name / 0, width: width),
                try Linear(at: path / name / 1, in: width, out: gau.width / 2, bias: false),
            ])
        }
        enlarged = try convolution("conv_dec", channels / 4, channels / 4)
        coarse = try convolution("final_layer", channels, keypointCount)
        fine = try convolution("final_layer2", channels / 2 + channels / 4, keypointCount)
        coarseEmbedding = try embedding("mlp", pixels)
        fineEmbedding = try embedding("mlp2", 4 * pixels)
        attention = try GatedAttentionUnit(at: path / "gau", tokens: keypointCount, gau)
        column = try Linear(at: path / "cls_x", in: gau.width, out: bins.columns, bias: false)
        row = try Linear(at: path / "cls_y", in: gau.width, out: bins.rows, bias: false)
        decoder = arguments.decoder()
        criterion = try DistributionCriterion(at: path, arguments)
        arguments.ignore("init_cfg", "_scope_")
    }

    func axes(_ features: [Tensor]) throws -> [Tensor] {
        guard features.count == 2 else {
            throw ModelError.invalidInput("RTMWHead reads a fine and a coarse map, not \(features.count) maps")
        }
        let detailed = try Tensor.cat([enlarged(features[1].pixelShuffle(2)), features[0]], dim: 1)
        let halves = [
            try coarseEmbedding(coarse(features[1]).flatten(from: 2)),
            try fineEmbedding(fine(detailed).flatten(from: 2)),
        ]
        let tokens = try attention(Tensor.cat(halves, dim: 2))
        return [try column(tokens), try row(tokens)]
    }
}
