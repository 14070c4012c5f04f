import PyConfig
public import Torch

/// ShuffleNet (Zhang et al. 2018): grouped 1×1 convolutions whose channels are shuffled between them.
///
/// Shapes: input `(B, 3, H, W)`; outputs for every index `i` of `out_indices`, `(B, Cᵢ, H/2ⁱ⁺³, W/2ⁱ⁺³)`.
public final class ShuffleNetV1: Backbone {
    /// Channels of the stages, by the number of groups.
    private static let widths = [
        1: [144, 288, 576], 2: [200, 400, 800], 3: [240, 480, 960], 4: [272, 544, 1088], 8: [384, 768, 1536],
    ]

    private let stem: Sequential
    private let stages: [Sequential]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let groups = try arguments.int("groups", default: 3)
        guard let widths = Self.widths[groups] else {
            throw arguments.invalid("groups", "ShuffleNet has \(Self.widths.keys.sorted()) groups, not \(groups)")
        }
        let factor = try arguments.widenFactor()
        let normalization = try arguments.normalization(default: Normalization())
        let activation = try arguments.activation(default: .relu)
        outputs = try arguments.outIndices([2], in: 0...2)
        try arguments.requirePlainConvolution()
        var channels = Int(24 * factor)
        stem = Sequential([
            try ConvModule(
                at: path / "conv1", inChannels: 3, outChannels: channels, kernel: 3, stride: 2, padding: 1,
                normalization: normalization, activation: activation), MaxPool2d(kernel: 3, stride: 2, padding: 1),
        ])
        let layers = path / "layers"
        stages = try zip(widths, [4, 8, 4]).enumerated().map { stage, size in
            let outChannels = divisible(Double(size.0) * factor)
            let units = try (0..<size.1).map { unit in
                defer { channels = outChannels }
                return try GroupedShuffleUnit(
                    at: layers / stage / unit, inChannels: channels, outChannels: outChannels, groups: groups,
                    // So few channels come into the very first unit that it does not divide them.
                    firstGroups: stage == 0 && unit == 0 ? 1 : groups, halves: unit == 0,
                    normalization: normalization, activation: activation)
            }
            return Sequential(units)
        }
        try TrainingPolicy(arguments).apply(
            to: path, stages: [[path / "conv1"]] + (0..<2).map { [layers / $0] }, stemFollowsBatches: true)
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        try features(of: stages, stem(x), at: outputs)
    }
}

/// Compress, filter each channel, expand; added to the input or, where it halves the resolution, joined to its mean.
///
/// Keys: `g_conv_1x1_compress`, `depthwise_conv3x3_bn`, `g_conv_1x1_expand`.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
private final class GroupedShuffleUnit: Layer {
    private let compress, filter, expand: ConvModule
    private let activation: Activation?
    private let groups: Int
    private let halves: Bool

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, groups: Int, firstGroups: Int, halves: Bool,
        normalization: Normalization?, activation: Activation?
    ) throws {
        let hidden = outChannels / 4
        compress = try ConvModule(
            at: path / "g_conv_1x1_compress", inChannels: inChannels, outChannels: hidden, kernel: 1,
            groups: firstGroups, normalization: normalization, activation: activation)
        filter = try ConvModule(
            at: path / "depthwise_conv3x3_bn", inChannels: hidden, outChannels: hidden, kernel: 3,
            stride: halves ? 2 : 1, padding: 1, groups: hidden, normalization: normalization, activation: nil)
        expand = try ConvModule(
            at: path / "g_conv_1x1_expand", inChannels: hidden,
            outChannels: halves ? outChannels - inChannels : outChannels, kernel: 1, groups: groups,
            normalization: normalization, activation: nil)
        self.activation = activation
        self.groups = groups
        self.halves = halves
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try expand(filter(compress(x)).shuffleChannels(groups: groups))
        if halves {
            return try Tensor.cat(
                [x.avgPool2d(kernel: [3, 3], stride: [2, 2], padding: [1, 1]), activate(y)], dim: 1)
        }
        return try activate(x + y)
    }

    private func activate(_ x: Tensor) throws -> Tensor { try activation?(x) ?? x }
}
