import PyConfig
public import Torch

/// CSPNeXt, the backbone of RTMDet and RTMPose (Lyu et al. 2022): cross-stage partial stages of blocks with a large
/// depthwise kernel, and channel attention.
///
/// Shapes: input `(B, 3, H, W)`; output `i` of `out_indices` is `(B, Cᵢ, H/2ⁱ⁺¹, W/2ⁱ⁺¹)` (0 is the stem).
public final class CSPNeXt: Backbone {
    private let layers: [Sequential]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let stages = try CSPStage.configured(arguments, architectures: Self.architectures)
        let style = CSPStyle(
            normalization: try arguments.normalization(default: .yolo),
            activation: try arguments.activation(default: .silu),
            usesDepthwise: try arguments.bool("use_depthwise", default: false),
            expandRatio: try arguments.double("expand_ratio", default: 0.5),
            channelAttention: try arguments.bool("channel_attention", default: true), block: .next)
        let spp = try arguments.ints("spp_kernel_sizes", default: [5, 9, 13])
        let outIndices = try arguments.ints("out_indices", default: [2, 3, 4])
        guard outIndices.allSatisfy((0...stages.count).contains) else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).out_indices",
                reason: "must name layers 0 to \(stages.count), not \(outIndices)")
        }
        let width = stages[0].inChannels
        let stemWidths = [3, width / 2, width / 2, width]
        let stem = try Sequential(
            (0..<3).map { index in
                try ConvModule(
                    at: path / "stem" / index, inChannels: stemWidths[index], outChannels: stemWidths[index + 1],
                    kernel: 3, stride: index == 0 ? 2 : 1, padding: 1, normalization: style.normalization,
                    activation: style.activation)
            })
        layers =
            try [stem]
            + stages.enumerated().map { index, stage in
                try stage.layers(at: path / "stage\(index + 1)", style: style, sppKernels: spp)
            }
        outputs = Set(outIndices)
        try arguments.requirePlainConvolution()
        try TrainingPolicy(arguments).apply(
            to: path, stages: [[path / "stem"]] + stages.indices.map { [path / "stage\($0 + 1)"] })
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var features: [Tensor] = []
        var y = x
        for (index, layer) in layers.enumerated() {
            y = try layer(y)
            if outputs.contains(index) { features.append(y) }
        }
        return features
    }

    /// In and out channels, blocks, identity in blocks, spatial pyramid pooling, at width and depth 1.
    private static let architectures: [String: [CSPStage]] = [
        "P5": [
            CSPStage(64, 128, 3), CSPStage(128, 256, 6), CSPStage(256, 512, 6),
            CSPStage(512, 1024, 3, addsIdentity: false, usesSPP: true),
        ],
        "P6": [
            CSPStage(64, 128, 3), CSPStage(128, 256, 6), CSPStage(256, 512, 6), CSPStage(512, 768, 3),
            CSPStage(768, 1024, 3, addsIdentity: false, usesSPP: true),
        ],
    ]
}
