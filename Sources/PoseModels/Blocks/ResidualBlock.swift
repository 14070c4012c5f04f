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
    /// How the 3×3 convolution of a bottleneck is split; `nil` for one group.
    var grouping: Grouping?
    /// Channels over hidden channels of a squeeze-and-excitation after each bottleneck; `nil` for none.
    var squeezeRatio: Int?
    /// Whether the shortcut's keys are those of a `ConvModule` (`conv`, `bn`) rather than positions.
    var namesShortcut = false

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

    /// Groups of a bottleneck's 3×3 convolution (Xie et al. 2017).
    struct Grouping: Sendable {
        var groups: Int
        var widthPerGroup: Int
        /// Middle channels for which a group is that wide; with more, groups are wider in proportion.
        var baseChannels = 64

        /// Middle channels of a bottleneck that would have `channels` without groups.
        func widened(_ channels: Int) -> Int {
            groups == 1 ? channels : groups * widthPerGroup * channels / baseChannels
        }
    }
}

/// What a residual block has to do to the shape of its input.
struct ResidualShape: Sendable {
    var inChannels, outChannels: Int
    var stride = 1
    /// Whether the identity path needs a projection.
    var hasShortcut = false
}

/// Builds a residual block at a path.
typealias ResidualBlockBuilder = (ParameterPath, ResidualShape) throws -> any Layer

/// A stage: `count` blocks, at least one, of which the first or the last changes resolution and channels.
func residualStage(
    at path: ParameterPath, count: Int, inChannels: Int, outChannels: Int, stride: Int = 1, changesFirst: Bool = true,
    block: ResidualBlockBuilder
) throws -> Sequential {
    let changesShape = stride != 1 || inChannels != outChannels
    let changing = changesFirst ? 0 : max(count, 1) - 1
    let layers: [any Layer] = try (0..<max(count, 1)).map { index in
        let shape =
            index == changing
            ? ResidualShape(
                inChannels: inChannels, outChannels: outChannels, stride: stride, hasShortcut: changesShape)
            : ResidualShape(
                inChannels: changesFirst ? outChannels : inChannels,
                outChannels: changesFirst ? outChannels : inChannels)
        return try block(path / index, shape)
    }
    return Sequential(layers)
}

/// The two residual blocks of ResNet (He et al. 2016).
public enum ResidualKind: Sendable {
    case basic
    case bottleneck

    public var expansion: Int { self == .basic ? 1 : 4 }

    /// One block.
    func block(at path: ParameterPath, _ shape: ResidualShape, style: ResidualStyle) throws -> any Layer {
        switch self {
        case .basic: try BasicBlock(at: path, shape, style: style)
        case .bottleneck: try Bottleneck(at: path, shape, style: style)
        }
    }

    /// A stage: `count` blocks, of which the first changes resolution and channels.
    func stage(
        at path: ParameterPath, count: Int, inChannels: Int, outChannels: Int, stride: Int, style: ResidualStyle
    ) throws -> Sequential {
        try residualStage(
            at: path, count: count, inChannels: inChannels, outChannels: outChannels, stride: stride
        ) { try block(at: $0, $1, style: style) }
    }
}

/// Residual block of two 3×3 convolutions.
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
final class BasicBlock: Layer {
    private let first, second: Conv2d
    private let firstNorm, secondNorm: any Layer
    private let shortcut: Shortcut?

    init(at path: ParameterPath, _ shape: ResidualShape, style: ResidualStyle) throws {
        let outChannels = shape.outChannels
        let middle = outChannels / (style.expansion ?? 1)
        let norm = style.normalization
        first = try Conv2d(
            at: path / "conv1", inChannels: shape.inChannels, outChannels: middle, kernel: 3, stride: shape.stride,
            padding: style.dilation, dilation: style.dilation, bias: false)
        firstNorm = try norm.layer(at: path / "\(norm.keyName)1", channels: middle)
        second = try Conv2d(
            at: path / "conv2", inChannels: middle, outChannels: outChannels, kernel: 3, padding: 1, bias: false)
        secondNorm = try norm.layer(at: path / "\(norm.keyName)2", channels: outChannels)
        shortcut = try Shortcut(at: path / "downsample", shape, style: style)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let identity = try shortcut?(x) ?? x
        let y = try secondNorm(second(firstNorm(first(x)).relu()))
        return try (y + identity).relu()
    }
}

/// Residual bottleneck: 1×1 reduce, 3×3, 1×1 expand, plus identity. The style may split the 3×3 convolution into groups
/// (ResNeXt) and weigh the channels of the result (SE-ResNet).
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
final class Bottleneck: Layer {
    private let reduce, spatial, expand: Conv2d
    private let reduceNorm, spatialNorm, expandNorm: any Layer
    private let shortcut: Shortcut?
    private let excitation: SqueezeExcitation?

    init(at path: ParameterPath, _ shape: ResidualShape, style: ResidualStyle) throws {
        let (outChannels, stride) = (shape.outChannels, shape.stride)
        let plain = outChannels / (style.expansion ?? 4)
        let middle = style.grouping?.widened(plain) ?? plain
        let norm = style.normalization
        reduce = try Conv2d(
            at: path / "conv1", inChannels: shape.inChannels, outChannels: middle, kernel: 1,
            stride: style.strideOnFirst ? stride : 1, bias: false)
        reduceNorm = try norm.layer(at: path / "\(norm.keyName)1", channels: middle)
        spatial = try Conv2d(
            at: path / "conv2", inChannels: middle, outChannels: middle, kernel: 3,
            stride: style.strideOnFirst ? 1 : stride, padding: style.dilation, dilation: style.dilation,
            groups: style.grouping?.groups ?? 1, bias: false)
        spatialNorm = try norm.layer(at: path / "\(norm.keyName)2", channels: middle)
        expand = try Conv2d(at: path / "conv3", inChannels: middle, outChannels: outChannels, kernel: 1, bias: false)
        expandNorm = try norm.layer(at: path / "\(norm.keyName)3", channels: outChannels)
        shortcut = try Shortcut(at: path / "downsample", shape, style: style)
        excitation = try style.squeezeRatio.map {
            try SqueezeExcitation(at: path / "se_layer", channels: outChannels, ratio: Double($0))
        }
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let identity = try shortcut?(x) ?? x
        var y = try reduceNorm(reduce(x)).relu()
        y = try spatialNorm(spatial(y)).relu()
        y = try expandNorm(expand(y))
        if let excitation { y = try excitation(y) }
        return try (y + identity).relu()
    }
}

/// The projection on the identity path where a block changes resolution or channels.
///
/// Keys: `0` and `1` (convolution, normalisation); `1` and `2` after an averaging at `0`; `conv` and `bn` if the style
/// names them.
final class Shortcut: Sendable {
    private let averageStride: Int?
    private let convolution: Conv2d
    private let normalization: any Layer

    init?(at path: ParameterPath, _ shape: ResidualShape, style: ResidualStyle) throws {
        guard shape.hasShortcut else { return nil }
        let stride = shape.stride
        let averages = style.averageDown && stride != 1
        let first = averages ? 1 : 0
        averageStride = averages ? stride : nil
        let norm = style.normalization
        let names = style.namesShortcut ? ["conv", norm.keyName] : ["\(first)", "\(first + 1)"]
        convolution = try Conv2d(
            at: path / names[0], inChannels: shape.inChannels, outChannels: shape.outChannels, kernel: 1,
            stride: averages ? 1 : stride, bias: false)
        normalization = try norm.layer(at: path / names[1], channels: shape.outChannels)
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
