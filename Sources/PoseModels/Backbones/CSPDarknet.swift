import PyConfig
public import Torch

/// CSPDarknet, the backbone of YOLOX (Ge et al. 2021): cross-stage partial stages over a stem that turns 2×2 pixels into
/// channels.
///
/// Shapes: input `(B, 3, H, W)`; output `i` of `out_indices` is `(B, Cᵢ, H/2ⁱ⁺¹, W/2ⁱ⁺¹)` (0 is the stem).
public final class CSPDarknet: Backbone {
    private let layers: [any Layer]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let stages = try CSPStage.configured(arguments, architectures: Self.architectures)
        let style = CSPStyle(
            normalization: try arguments.normalization(default: .yolo),
            activation: try arguments.activation(default: .swish),
            usesDepthwise: try arguments.bool("use_depthwise", default: false))
        // MMPose's spelling.
        let spp = try arguments.ints("spp_kernal_sizes", default: [5, 9, 13])
        outputs = try arguments.outIndices([2, 3, 4], in: 0...stages.count)
        let focus = try Focus(at: path / "stem", outChannels: stages[0].inChannels, style: style)
        layers =
            try [focus]
            + stages.enumerated().map { index, stage in
                try stage.layers(at: path / "stage\(index + 1)", style: style, sppKernels: spp)
            }
        try arguments.requirePlainConvolution()
        try TrainingPolicy(arguments).apply(
            to: path, stages: [[path / "stem"]] + stages.indices.map { [path / "stage\($0 + 1)"] })
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        try features(of: layers, x, at: outputs)
    }

    /// In and out channels, blocks, identity in blocks, spatial pyramid pooling, at width and depth 1.
    private static let architectures: [String: [CSPStage]] = [
        "P5": [
            CSPStage(64, 128, 3), CSPStage(128, 256, 9), CSPStage(256, 512, 9),
            CSPStage(512, 1024, 3, addsIdentity: false, usesSPP: true),
        ],
        "P6": [
            CSPStage(64, 128, 3), CSPStage(128, 256, 9), CSPStage(256, 512, 9), CSPStage(512, 768, 3),
            CSPStage(768, 1024, 3, addsIdentity: false, usesSPP: true),
        ],
    ]
}

/// Puts the four pixels of every 2×2 square beside each other in the channels, then convolves.
///
/// Shapes: input `(B, 3, H, W)` with even sizes, output `(B, outChannels, H/2, W/2)`.
private final class Focus: Layer {
    private let convolution: ConvModule

    init(at path: ParameterPath, outChannels: Int, style: CSPStyle) throws {
        convolution = try style.plain(at: path / "conv", inChannels: 12, outChannels: outChannels, kernel: 3)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let shape = x.shape
        guard shape.count == 4, shape[2] % 2 == 0, shape[3] % 2 == 0 else {
            throw ModelError.invalidInput(
                "the stem of CSPDarknet needs an even width and height, not an input of \(shape)")
        }
        // Order of the published weights: top left, bottom left, top right, bottom right, each with all colours.
        let squares = try x.reshape([shape[0], shape[1], shape[2] / 2, 2, shape[3] / 2, 2]).permute([0, 5, 3, 1, 2, 4])
        return try convolution(squares.reshape([shape[0], 4 * shape[1], shape[2] / 2, shape[3] / 2]))
    }
}
