import Torch

extension ResNet.Design {
    /// SCNet (Liu et al. 2020): bottlenecks with self-calibrated convolutions.
    static var scNet: Self {
        Self(name: "SCNet", depths: bottlenecks.filter { $0.key < 152 }) {
            try SelfCalibratedBottleneck(at: $0, $1, style: $2)
        }
    }
}

/// A bottleneck of two halves: one an ordinary 3×3 convolution, the other calibrated by a view at low resolution.
///
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
private final class SelfCalibratedBottleneck: Layer {
    private let plainReduce, calibratedReduce, plain, expand: Sequential
    private let calibrated: SelfCalibratedConvolution
    private let shortcut: Shortcut?

    init(at path: ParameterPath, _ shape: ResidualShape, style: ResidualStyle) throws {
        let middle = shape.outChannels / (style.expansion ?? 4) / 2
        let norm = style.normalization
        func pointwise(_ index: Int, from inChannels: Int, to outChannels: Int) throws -> Sequential {
            Sequential([
                try Conv2d(
                    at: path / "conv\(index)", inChannels: inChannels, outChannels: outChannels, kernel: 1, bias: false),
                try norm.layer(at: path / "\(norm.keyName)\(index)", channels: outChannels),
            ])
        }
        plainReduce = try pointwise(1, from: shape.inChannels, to: middle)
        calibratedReduce = try pointwise(2, from: shape.inChannels, to: middle)
        expand = try pointwise(3, from: 2 * middle, to: shape.outChannels)
        shortcut = try Shortcut(at: path / "downsample", shape, style: style)
        plain = Sequential(
            try spatial(at: path / "k1", channels: middle, stride: shape.stride, norm) + [ActivationLayer(.relu)])
        calibrated = try SelfCalibratedConvolution(
            at: path / "scconv", channels: middle, stride: shape.stride, norm)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let identity = try shortcut?(x) ?? x
        let half = try plain(plainReduce(x).relu())
        let other = try calibrated(calibratedReduce(x).relu())
        return try (expand(Tensor.cat([half, other], dim: 1)) + identity).relu()
    }
}

/// A 3×3 convolution whose result is gated by the same map seen at a quarter of the resolution.
///
/// Shapes: input `(B, channels, H, W)`, output `(B, channels, H/stride, W/stride)`.
private final class SelfCalibratedConvolution: Layer {
    private let context, local, output: Sequential

    init(at path: ParameterPath, channels: Int, stride: Int, _ norm: Normalization) throws {
        context = Sequential(
            [AvgPool2d(kernel: 4, stride: 4)] + (try spatial(at: path / "k2", first: 1, channels: channels, norm)))
        local = Sequential(try spatial(at: path / "k3", channels: channels, norm))
        output = Sequential(
            try spatial(at: path / "k4", channels: channels, stride: stride, norm) + [ActivationLayer(.relu)])
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let gate = try (x + context(x).interpolate(size: Array(x.shape.suffix(2)))).sigmoid()
        return try output(local(x) * gate)
    }
}

/// A 3×3 convolution and its normalisation, at the indices `first` and `first + 1`.
private func spatial(
    at path: ParameterPath, first: Int = 0, channels: Int, stride: Int = 1, _ norm: Normalization
) throws -> [any Layer] {
    [
        try Conv2d(
            at: path / first, inChannels: channels, outChannels: channels, kernel: 3, stride: stride, padding: 1,
            bias: false),
        try norm.layer(at: path / (first + 1), channels: channels),
    ]
}
