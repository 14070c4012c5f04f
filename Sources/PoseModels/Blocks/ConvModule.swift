public import Torch

/// Convolution, normalisation and activation as mmcv's `ConvModule` stacks them.
///
/// Keys: `conv.*` and, with normalisation, `bn.*` (or `gn.*` …). The convolution has a bias only without normalisation.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H', W')`.
public final class ConvModule: Layer {
    private let convolution: Conv2d
    private let normalization: (any Layer)?
    private let activation: Activation?

    public init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        dilation: Int = 1, groups: Int = 1, bias: Bool? = nil, normalization: Normalization? = nil,
        activation: Activation? = .relu
    ) throws {
        convolution = try Conv2d(
            at: path / "conv", inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: stride,
            padding: padding, dilation: dilation, groups: groups, bias: bias ?? (normalization == nil))
        self.normalization = try normalization.map {
            try $0.layer(at: path / $0.keyName, channels: outChannels)
        }
        self.activation = activation
    }

    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        var y = try convolution(x)
        if let normalization { y = try normalization(y) }
        if let activation { y = try activation(y) }
        return y
    }
}

/// A depthwise convolution followed by a pointwise one (Chollet 2017), each with normalisation and activation; the
/// depthwise one goes without activation unless `activatesDepthwise`.
///
/// Keys: `depthwise_conv.*`, `pointwise_conv.*`.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H', W')`.
public final class DepthwiseSeparableConvModule: Layer {
    private let depthwise, pointwise: ConvModule

    public init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        normalization: Normalization? = nil, activation: Activation? = .relu, activatesDepthwise: Bool = true
    ) throws {
        depthwise = try ConvModule(
            at: path / "depthwise_conv", inChannels: inChannels, outChannels: inChannels, kernel: kernel,
            stride: stride, padding: padding, groups: inChannels, normalization: normalization,
            activation: activatesDepthwise ? activation : nil)
        pointwise = try ConvModule(
            at: path / "pointwise_conv", inChannels: inChannels, outChannels: outChannels, kernel: 1,
            normalization: normalization, activation: activation)
    }

    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try pointwise(depthwise(x))
    }
}
