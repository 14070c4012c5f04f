import PyConfig
import Torch

extension ResNet.Design {
    /// ResNeSt (Zhang et al. 2020): ResNet-D whose bottlenecks attend to several splits of their channels.
    static func resNeSt(_ arguments: Arguments) throws -> Self {
        let configuration = SplitAttention(
            grouping: try arguments.grouping(groups: 1),
            radix: try arguments.int("radix", default: 2, in: 1...64),
            reduction: try arguments.int("reduction_factor", default: 4, in: 1...4096),
            averagesStride: try arguments.bool("avg_down_stride", default: true))
        let deeper: [Int: (kind: ResidualKind, blocks: [Int])] = [
            200: (.bottleneck, [3, 24, 36, 3]), 269: (.bottleneck, [3, 30, 48, 8]),
        ]
        return Self(
            name: "ResNeSt", depths: bottlenecks.merging(deeper) { $1 }, isV1d: true, grouping: configuration.grouping
        ) {
            try SplitAttentionBottleneck(at: $0, $1, style: $2, configuration)
        }
    }
}

/// The arguments of ResNeSt's bottlenecks.
private struct SplitAttention {
    let grouping: ResidualStyle.Grouping
    /// Number of splits.
    let radix: Int
    /// Channels of all splits over hidden channels of the attention.
    let reduction: Int
    /// Whether an average pooling takes the place of the stride.
    let averagesStride: Bool
}

/// Residual bottleneck with a split-attention convolution in its middle.
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
private final class SplitAttentionBottleneck: Layer {
    private let reduce, expand: Sequential
    private let attention: SplitAttentionConvolution
    private let pooling: AvgPool2d?
    private let shortcut: Shortcut?

    init(
        at path: ParameterPath, _ shape: ResidualShape, style: ResidualStyle, _ configuration: SplitAttention
    ) throws {
        let plain = shape.outChannels / (style.expansion ?? 4)
        let middle = style.grouping?.widened(plain) ?? plain
        let norm = style.normalization
        let stride = style.strideOnFirst ? 1 : shape.stride
        let averages = configuration.averagesStride && stride > 1
        reduce = Sequential([
            try Conv2d(
                at: path / "conv1", inChannels: shape.inChannels, outChannels: middle, kernel: 1,
                stride: style.strideOnFirst ? shape.stride : 1, bias: false),
            try norm.layer(at: path / "\(norm.keyName)1", channels: middle),
            ActivationLayer(.relu),
        ])
        attention = try SplitAttentionConvolution(
            at: path / "conv2", channels: middle, stride: averages ? 1 : stride, style: style, configuration)
        pooling = averages ? AvgPool2d(kernel: 3, stride: stride, padding: 1) : nil
        expand = Sequential([
            try Conv2d(
                at: path / "conv3", inChannels: middle, outChannels: shape.outChannels, kernel: 1, bias: false),
            try norm.layer(at: path / "\(norm.keyName)3", channels: shape.outChannels),
        ])
        shortcut = try Shortcut(at: path / "downsample", shape, style: style)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let identity = try shortcut?(x) ?? x
        var y = try attention(reduce(x))
        if let pooling { y = try pooling(y) }
        return try (expand(y) + identity).relu()
    }
}

/// A 3×3 convolution to `radix` splits of the channels, which are added with weights computed from their means.
///
/// Shapes: input `(B, channels, H, W)`, output `(B, channels, H/stride, W/stride)`.
private final class SplitAttentionConvolution: Layer {
    private let convolution: Sequential
    private let squeeze: Sequential
    private let weigh: Conv2d
    private let radix, groups: Int

    init(
        at path: ParameterPath, channels: Int, stride: Int, style: ResidualStyle, _ configuration: SplitAttention
    ) throws {
        radix = configuration.radix
        groups = configuration.grouping.groups
        let hidden = max(channels * radix / configuration.reduction, 32)
        let norm = style.normalization
        convolution = Sequential([
            try Conv2d(
                at: path / "conv", inChannels: channels, outChannels: channels * radix, kernel: 3, stride: stride,
                padding: style.dilation, dilation: style.dilation, groups: groups * radix, bias: false),
            try norm.layer(at: path / "\(norm.keyName)0", channels: channels * radix),
            ActivationLayer(.relu),
        ])
        squeeze = Sequential([
            try Conv2d(at: path / "fc1", inChannels: channels, outChannels: hidden, kernel: 1, groups: groups),
            try norm.layer(at: path / "\(norm.keyName)1", channels: hidden),
            ActivationLayer(.relu),
        ])
        weigh = try Conv2d(
            at: path / "fc2", inChannels: hidden, outChannels: channels * radix, kernel: 1, groups: groups)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try convolution(x)
        let batch = try y.size(0)
        guard radix > 1 else { return try y * weigh(squeeze(y.adaptiveAvgPool2d([1, 1]))).sigmoid() }
        let splits = try y.reshape([batch, radix, -1, y.size(2), y.size(3)])
        let means = try splits.sum(dim: 1).adaptiveAvgPool2d([1, 1])
        // The weights of a channel's splits add up to one; inside a group the splits come first.
        let weights = try weigh(squeeze(means)).reshape([batch, groups, radix, -1]).transpose(1, 2).softmax(dim: 1)
        return try (splits * weights.reshape([batch, radix, -1, 1, 1])).sum(dim: 1)
    }
}
