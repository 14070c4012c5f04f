import PyConfig
public import Torch

/// ShuffleNetV2 (Ma et al. 2018).
///
/// Shapes: input `(B, 3, H, W)`; outputs for every index of `out_indices`; the last, 3, is `(B, 1024, H/32, W/32)`, with
/// a `widen_factor` of 2 of 2048 channels.
public final class ShuffleNetV2: Backbone {
    /// Channels of the stages and of the last convolution, by the published factors.
    private static let widths = [
        0.5: [48, 96, 192, 1024], 1.0: [116, 232, 464, 1024], 1.5: [176, 352, 704, 1024], 2.0: [244, 488, 976, 2048],
    ]

    private let stem: Sequential
    private let stages: [any Layer]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let factor = try arguments.double("widen_factor", default: 1)
        guard let widths = Self.widths[factor] else {
            throw arguments.invalid(
                "widen_factor", "ShuffleNetV2 has the factors \(Self.widths.keys.sorted()), not \(factor)")
        }
        let normalization = try arguments.normalization(default: Normalization())
        let activation = try arguments.activation(default: .relu)
        outputs = try arguments.outIndices([3], in: 0...3)
        try arguments.requirePlainConvolution()
        var channels = 24
        stem = Sequential([
            try ConvModule(
                at: path / "conv1", inChannels: 3, outChannels: channels, kernel: 3, stride: 2, padding: 1,
                normalization: normalization, activation: activation), MaxPool2d(kernel: 3, stride: 2, padding: 1),
        ])
        let layers = path / "layers"
        var stages: [any Layer] = try zip(widths, [4, 8, 4]).enumerated().map { stage, size in
            let units = try (0..<size.1).map { unit in
                defer { channels = size.0 }
                return try ShuffleUnit(
                    at: layers / stage / unit, inChannels: channels, outChannels: size.0, stride: unit == 0 ? 2 : 1,
                    normalization: normalization, activation: activation)
            }
            return Sequential(units)
        }
        stages.append(
            try ConvModule(
                at: layers / 3, inChannels: channels, outChannels: widths[3], kernel: 1, normalization: normalization,
                activation: activation))
        self.stages = stages
        try TrainingPolicy(arguments).apply(
            to: path, stages: [[path / "conv1"]] + (0..<3).map { [layers / $0] }, stemFollowsBatches: true)
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        try features(of: stages, stem(x), at: outputs)
    }
}
