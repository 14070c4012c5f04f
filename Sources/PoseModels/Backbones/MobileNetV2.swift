import PyConfig
public import Torch

/// MobileNetV2 (Sandler et al. 2018).
///
/// Shapes: input `(B, 3, H, W)`; outputs for every index of `out_indices`, with a `widen_factor` of 1 index 7 is
/// `(B, 1280, H/32, W/32)`.
public final class MobileNetV2: Backbone {
    /// A stage of blocks: how much they expand, output channels, their number, and the stride of the first.
    private struct Stage {
        let expansion, channels, count, stride: Int
    }

    private static let stages = [
        Stage(expansion: 1, channels: 16, count: 1, stride: 1), Stage(expansion: 6, channels: 24, count: 2, stride: 2),
        Stage(expansion: 6, channels: 32, count: 3, stride: 2), Stage(expansion: 6, channels: 64, count: 4, stride: 2),
        Stage(expansion: 6, channels: 96, count: 3, stride: 1), Stage(expansion: 6, channels: 160, count: 3, stride: 2),
        Stage(expansion: 6, channels: 320, count: 1, stride: 1),
    ]

    private let stem: ConvModule
    private let layers: [any Layer]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let factor = try arguments.widenFactor()
        let normalization = try arguments.normalization(default: Normalization())
        let activation = try arguments.activation(default: .relu6)
        outputs = try arguments.outIndices([7], in: 0...7)
        try arguments.requirePlainConvolution()
        var channels = divisible(32 * factor)
        stem = try ConvModule(
            at: path / "conv1", inChannels: 3, outChannels: channels, kernel: 3, stride: 2, padding: 1,
            normalization: normalization, activation: activation)
        var layers: [any Layer] = []
        for (index, stage) in Self.stages.enumerated() {
            let outChannels = divisible(Double(stage.channels) * factor)
            let blocks = try (0..<stage.count).map { block in
                defer { channels = outChannels }
                return try InvertedBottleneck(
                    at: path / "layer\(index + 1)" / block, inChannels: channels, outChannels: outChannels,
                    expansion: stage.expansion, stride: block == 0 ? stage.stride : 1, normalization: normalization,
                    activation: activation)
            }
            layers.append(Sequential(blocks))
        }
        layers.append(
            try ConvModule(
                at: path / "conv2", inChannels: channels, outChannels: Int(1280 * max(factor, 1)), kernel: 1,
                normalization: normalization, activation: activation))
        self.layers = layers
        let names = ["conv1"] + (1...7).map { "layer\($0)" }
        try TrainingPolicy(arguments).apply(to: path, stages: names.map { [path / $0] }, stemFollowsBatches: true)
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        try features(of: layers, stem(x), at: outputs)
    }
}

/// Expand, filter each channel, contract, and add the input where it has the same shape.
///
/// Keys: `conv.N`.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
private final class InvertedBottleneck: Layer {
    private let layers: Sequential
    private let keepsShape: Bool

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, expansion: Int, stride: Int,
        normalization: Normalization?, activation: Activation?
    ) throws {
        let (place, hidden) = (path / "conv", expansion * inChannels)
        let expand =
            try expansion == 1
            ? []
            : [
                ConvModule(
                    at: place / 0, inChannels: inChannels, outChannels: hidden, kernel: 1,
                    normalization: normalization, activation: activation)
            ]
        layers = Sequential(
            expand + [
                try ConvModule(
                    at: place / expand.count, inChannels: hidden, outChannels: hidden, kernel: 3, stride: stride,
                    padding: 1, groups: hidden, normalization: normalization, activation: activation),
                try ConvModule(
                    at: place / (expand.count + 1), inChannels: hidden, outChannels: outChannels, kernel: 1,
                    normalization: normalization, activation: nil),
            ])
        keepsShape = stride == 1 && inChannels == outChannels
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        keepsShape ? try x + layers(x) : try layers(x)
    }
}
