import Torch

/// What the residual blocks of a network share.
public struct ResidualStyle: Sendable {
    public var normalization: Normalization
    /// Caffe's weights put the stride on the first 1×1 convolution of a bottleneck, PyTorch's on the 3×3.
    public var strideOnFirst: Bool
    /// Where a stage halves the resolution, the shortcut averages 2×2 pixels before its convolution (ResNet-D).
    public var averageDown: Bool
    public var dilation: Int
    /// Output channels of a block over its middle channels; `nil` means the block's own (1 or 4).
    public var expansion: Int?

    public init(
        normalization: Normalization = Normalization(), strideOnFirst: Bool = false, averageDown: Bool = false,
        dilation: Int = 1, expansion: Int? = nil
    ) {
        self.normalization = normalization
        self.strideOnFirst = strideOnFirst
        self.averageDown = averageDown
        self.dilation = dilation
        self.expansion = expansion
    }
}

/// The two residual blocks of ResNet (He et al. 2016).
public enum ResidualKind: Sendable {
    case basic
    case bottleneck

    public var expansion: Int { self == .basic ? 1 : 4 }

    /// One block; `inChannels` and `outChannels` are those of the block's input and output.
    func block(
        at path: ParameterPath, inChannels: Int, outChannels: Int, stride: Int, hasShortcut: Bool, style: ResidualStyle
    ) throws -> any Layer {
        switch self {
        case .basic:
            try BasicBlock(
                at: path, inChannels: inChannels, outChannels: outChannels, stride: stride, hasShortcut: hasShortcut,
                style: style)
        case .bottleneck:
            try Bottleneck(
                at: path, inChannels: inChannels, outChannels: outChannels, stride: stride, hasShortcut: hasShortcut,
                style: style)
        }
    }

    /// A stage: `count` blocks, of which the first changes resolution and channels.
    func stage(
        at path: ParameterPath, count: Int, inChannels: Int, outChannels: Int, stride: Int, style: ResidualStyle
    ) throws -> Sequential {
        let changesShape = stride != 1 || inChannels != outChannels
        let layers: [any Layer] = try (0..<count).map { index in
            let isFirst = index == 0
            return try block(
                at: path / index, inChannels: isFirst ? inChannels : outChannels, outChannels: outChannels,
                stride: isFirst ? stride : 1, hasShortcut: isFirst && changesShape, style: style)
        }
        return Sequential(layers)
    }
}

/// Residual block of two 3×3 convolutions.
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
final class BasicBlock: Layer {
    private let first, second: Conv2d
    private let firstNorm, secondNorm: any Layer
    private let shortcut: Shortcut?

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, stride: Int, hasShortcut: Bool, style: ResidualStyle
    ) throws {
        let middle = outChannels / (style.expansion ?? 1)
        let norm = style.normalization
        first = try Conv2d(
            at: path / "conv1", inChannels: inChannels, outChannels: middle, kernel: 3, stride: stride,
            padding: style.dilation, dilation: style.dilation, bias: false)
        firstNorm = try norm.layer(at: path / "\(norm.keyName)1", channels: middle)
        second = try Conv2d(
            at: path / "conv2", inChannels: middle, outChannels: outChannels, kernel: 3, padding: 1, bias: false)
        secondNorm = try norm.layer(at: path / "\(norm.keyName)2", channels: outChannels)
        shortcut = try Shortcut(
            at: path / "downsample", inChannels: inChannels, outChannels: outChannels, stride: stride,
            exists: hasShortcut, style: style)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let identity = try shortcut?(x) ?? x
        let y = try secondNorm(second(firstNorm(first(x)).relu()))
        return try (y + identity).relu()
    }
}

/// Residual bottleneck: 1×1 reduce, 3×3, 1×1 expand, plus identity.
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
final class Bottleneck: Layer {
    private let reduce, spatial, expand: Conv2d
    private let reduceNorm, spatialNorm, expandNorm: any Layer
    private let shortcut: Shortcut?

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, stride: Int, hasShortcut: Bool, style: ResidualStyle
    ) throws {
        let middle = outChannels / (style.expansion ?? 4)
        let norm = style.normalization
        reduce = try Conv2d(
            at: path / "conv1", inChannels: inChannels, outChannels: middle, kernel: 1,
            stride: style.strideOnFirst ? stride : 1, bias: false)
        reduceNorm = try norm.layer(at: path / "\(norm.keyName)1", channels: middle)
        spatial = try Conv2d(
            at: path / "conv2", inChannels: middle, outChannels: middle, kernel: 3,
            stride: style.strideOnFirst ? 1 : stride, padding: style.dilation, dilation: style.dilation, bias: false)
        spatialNorm = try norm.layer(at: path / "\(norm.keyName)2", channels: middle)
        expand = try Conv2d(at: path / "conv3", inChannels: middle, outChannels: outChannels, kernel: 1, bias: false)
        expandNorm = try norm.layer(at: path / "\(norm.keyName)3", channels: outChannels)
        shortcut = try Shortcut(
            at: path / "downsample", inChannels: inChannels, outChannels: outChannels, stride: stride,
            exists: hasShortcut, style: style)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let identity = try shortcut?(x) ?? x
        var y = try reduceNorm(reduce(x)).relu()
        y = try spatialNorm(spatial(y)).relu()
        y = try expandNorm(expand(y))
        return try (y + identity).relu()
    }
}

/// The projection on the identity path where a block changes resolution or channels.
///
/// Keys: `0` and `1` (convolution, normalisation); `1` and `2` after an averaging at `0`.
final class Shortcut: Sendable {
    private let averageStride: Int?
    private let convolution: Conv2d
    private let normalization: any Layer

    init?(
        at path: ParameterPath, inChannels: Int, outChannels: Int, stride: Int, exists: Bool, style: ResidualStyle
    ) throws {
        guard exists else { return nil }
        let averages = style.averageDown && stride != 1
        let first = averages ? 1 : 0
        averageStride = averages ? stride : nil
        convolution = try Conv2d(
            at: path / first, inChannels: inChannels, outChannels: outChannels, kernel: 1,
            stride: averages ? 1 : stride, bias: false)
        normalization = try style.normalization.layer(at: path / (first + 1), channels: outChannels)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        var y = x
        if let averageStride {
            // Odd sizes keep their last row and column: ceil mode, and padding does not count.
            y = try y.avgPool2d(
                kernel: [averageStride, averageStride], ceilMode: true, countIncludePad: false)
        }
        return try normalization(convolution(y))
    }
}
