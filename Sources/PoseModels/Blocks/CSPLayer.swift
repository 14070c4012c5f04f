import Torch

/// What the parts of a cross-stage partial network share.
struct CSPStyle: Sendable {
    /// The residual unit inside a partial stage.
    enum Block: Sendable {
        case darknet
        case next
    }

    var normalization: Normalization?
    var activation: Activation?
    var usesDepthwise = false
    var expandRatio = 0.5
    var channelAttention = false
    var block = Block.darknet

    /// A `kernel`×`kernel` convolution that keeps the size at stride 1, depthwise separable if the style says so.
    func convolution(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: Int, stride: Int = 1
    ) throws -> any Layer {
        if usesDepthwise {
            return try separable(
                at: path, inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: stride)
        }
        return try plain(at: path, inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: stride)
    }

    func plain(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: Int, stride: Int = 1
    ) throws -> ConvModule {
        try ConvModule(
            at: path, inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: stride,
            padding: kernel / 2, normalization: normalization, activation: activation)
    }

    func separable(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: Int, stride: Int = 1
    ) throws -> DepthwiseSeparableConvModule {
        try DepthwiseSeparableConvModule(
            at: path, inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: stride,
            padding: kernel / 2, normalization: normalization, activation: activation)
    }
}

/// Cross-stage partial layer (Wang et al. 2020): half of the channels pass through the blocks, half go around.
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H, W)`.
final class CSPLayer: Layer {
    private let main, short, final: ConvModule
    private let blocks: Sequential
    private let attention: ChannelAttention?

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, blocks count: Int, addsIdentity: Bool,
        style: CSPStyle
    ) throws {
        let middle = Int(Double(outChannels) * style.expandRatio)
        main = try style.plain(at: path / "main_conv", inChannels: inChannels, outChannels: middle, kernel: 1)
        short = try style.plain(at: path / "short_conv", inChannels: inChannels, outChannels: middle, kernel: 1)
        final = try style.plain(at: path / "final_conv", inChannels: 2 * middle, outChannels: outChannels, kernel: 1)
        blocks = try Sequential(
            (0..<count).map { index in
                try CSPBlock(at: path / "blocks" / index, channels: middle, addsIdentity: addsIdentity, style: style)
            })
        attention = try style.channelAttention ? ChannelAttention(at: path / "attention", channels: 2 * middle) : nil
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let around = try short(x)
        var joined = try Tensor.cat([blocks(main(x)), around], dim: 1)
        if let attention { joined = try attention(joined) }
        return try final(joined)
    }
}

/// The unit of a partial stage: Darknet's 1×1 and 3×3, or CSPNeXt's 3×3 and depthwise 5×5.
///
/// Shapes: input and output `(B, channels, H, W)`.
private final class CSPBlock: Layer {
    private let first, second: any Layer
    private let addsIdentity: Bool

    init(at path: ParameterPath, channels: Int, addsIdentity: Bool, style: CSPStyle) throws {
        let one = path / "conv1"
        let two = path / "conv2"
        switch style.block {
        case .darknet:
            first = try style.plain(at: one, inChannels: channels, outChannels: channels, kernel: 1)
            second = try style.convolution(at: two, inChannels: channels, outChannels: channels, kernel: 3)
        case .next:
            first = try style.convolution(at: one, inChannels: channels, outChannels: channels, kernel: 3)
            second = try style.separable(at: two, inChannels: channels, outChannels: channels, kernel: 5)
        }
        self.addsIdentity = addsIdentity
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try second(first(x))
        return addsIdentity ? try y + x : y
    }
}

/// Weighs each channel by a gate computed from its mean over the image.
///
/// Shapes: input and output `(B, channels, H, W)`.
final class ChannelAttention: Layer {
    private let gate: Conv2d

    init(at path: ParameterPath, channels: Int) throws {
        gate = try Conv2d(at: path / "fc", inChannels: channels, outChannels: channels, kernel: 1)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x * gate(x.adaptiveAvgPool2d([1, 1])).hardsigmoid()
    }
}

/// Spatial pyramid pooling (He et al. 2015): the map beside its maxima over several window sizes.
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H, W)`.
final class SPPBottleneck: Layer {
    private let reduce, merge: ConvModule
    private let kernels: [Int]

    init(at path: ParameterPath, inChannels: Int, outChannels: Int, kernels: [Int], style: CSPStyle) throws {
        let middle = inChannels / 2
        reduce = try style.plain(at: path / "conv1", inChannels: inChannels, outChannels: middle, kernel: 1)
        merge = try style.plain(
            at: path / "conv2", inChannels: middle * (kernels.count + 1), outChannels: outChannels, kernel: 1)
        self.kernels = kernels
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try reduce(x)
        let pooled = try kernels.map { try y.maxPool2d(kernel: [$0, $0], stride: [1, 1], padding: [$0 / 2, $0 / 2]) }
        return try merge(Tensor.cat([y] + pooled, dim: 1))
    }
}
