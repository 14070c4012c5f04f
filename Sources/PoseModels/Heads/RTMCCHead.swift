public import PyConfig
import Torch

/// The head of RTMPose (Jiang et al. 2023): a large convolution to one map for each keypoint, a gated attention unit
/// over the flattened maps, and a classification of column and row.
///
/// Shapes: reads the last feature map `(B, inChannels, H, W)`, gives `(B, K, inputWidth·r)` and `(B, K, inputHeight·r)`.
public final class RTMCCHead: DistributionHead {
    private let final: Conv2d
    private let embedding: Sequential
    private let attention: GatedAttentionUnit
    private let column, row: Linear
    let criterion: DistributionCriterion
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("out_channels")
        let kernel = try arguments.int("final_layer_kernel_size", default: 1)
        let bins = try SimCCBins(arguments)
        let pixels = try arguments.ints("in_featuremap_size").reduce(1, *)
        let gau = try GatedAttentionConfiguration(arguments.child("gau_cfg"))
        final = try Conv2d(
            at: path / "final_layer", inChannels: arguments.singleInChannels(), outChannels: keypointCount,
            kernel: kernel,
            padding: kernel / 2)
        embedding = Sequential([
            try ScaleNorm(at: path / "mlp" / 0, width: pixels),
            try Linear(at: path / "mlp" / 1, in: pixels, out: gau.width, bias: false),
        ])
        attention = try GatedAttentionUnit(at: path / "gau", tokens: keypointCount, gau)
        column = try Linear(at: path / "cls_x", in: gau.width, out: bins.columns, bias: false)
        row = try Linear(at: path / "cls_y", in: gau.width, out: bins.rows, bias: false)
        decoder = arguments.decoder()
        criterion = try DistributionCriterion(at: path, arguments)
        arguments.ignore("init_cfg", "_scope_")
    }

    func axes(_ features: [Tensor]) throws -> [Tensor] {
        let maps = try final(features.element(at: -1))
        let tokens = try attention(embedding(maps.flatten(from: 2)))
        return [try column(tokens), try row(tokens)]
    }
}
