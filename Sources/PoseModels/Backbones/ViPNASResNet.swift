import PyConfig
public import Torch

/// The residual network that ViPNAS found for video poses (Xu et al. 2021).
///
/// Shapes: input `(B, inChannels, H, W)`; outputs for every index `i` of `out_indices`,
/// `(B, widths[i + 1]·expansions[i], H/(4·2ⁱ), W/(4·2ⁱ))` with the default strides.
public final class ViPNASResNet: Backbone {
    private let stem: ResNetStem
    private let stages: [Sequential]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let depth = try arguments.int("depth")
        guard depth == 50 else { throw arguments.invalid("depth", "ViPNAS_ResNet has depth 50, not \(depth)") }
        let geometry = try StageGeometry(arguments)
        let widths = try arguments.ints("wid", default: [48, 80, 160, 304, 608])
        let kernels = try arguments.ints("ks", default: [7, 3, 5, 5, 5])
        let search = try SearchedStages(
            arguments, expansions: [1, 1, 1, 1], depths: [4, 6, 7, 3], groups: [16, 16, 16, 16],
            attention: [true, false, true, true])
        try search.require(widths, named: "wid", arguments)
        try search.require(kernels, named: "ks", arguments)
        guard search.depths.count >= geometry.count else {
            throw arguments.invalid("dep", "needs an entry for each of the \(geometry.count) stages")
        }
        let normalization = try arguments.normalization(default: Normalization()) ?? Normalization()
        let deepStem = try arguments.bool("deep_stem", default: false)
        let style = ResidualStyle(
            normalization: normalization, strideOnFirst: try arguments.string("style", default: "pytorch") == "caffe",
            averageDown: try arguments.bool("avg_down", default: false))
        try arguments.requirePlainConvolution()
        stem = try ResNetStem(
            at: path, inChannels: arguments.int("in_channels", default: 3), channels: widths[0], kernel: kernels[0],
            isDeep: deepStem, normalization: normalization)
        var inChannels = widths[0]
        stages = try (0..<geometry.count).map { index in
            var style = style
            style.expansion = search.expansions[index]
            style.dilation = geometry.dilations[index]
            let outChannels = widths[index + 1] * search.expansions[index]
            defer { inChannels = outChannels }
            return try residualStage(
                at: path / "layer\(index + 1)", count: search.depths[index], inChannels: inChannels,
                outChannels: outChannels, stride: geometry.strides[index]
            ) {
                try ContextBottleneck(
                    at: $0, $1, style: style, kernel: kernels[index + 1], groups: search.groups[index],
                    hasContext: search.attention[index])
            }
        }
        outputs = geometry.outputs
        let stemModules = deepStem ? [path / "stem"] : [path / "conv1", path / "\(normalization.keyName)1"]
        try TrainingPolicy(arguments).apply(
            to: path, stages: [stemModules] + (0..<geometry.count).map { [path / "layer\($0 + 1)"] })
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        try features(of: stages, stem(x), at: outputs)
    }
}

/// A bottleneck with a searched kernel and groups, and global context at its end.
///
/// Keys: those of a bottleneck, `attention`, `downsample`.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
private final class ContextBottleneck: Layer {
    private let layers: Sequential
    private let context: ContextBlock?
    private let shortcut: Shortcut?

    init(
        at path: ParameterPath, _ shape: ResidualShape, style: ResidualStyle, kernel: Int, groups: Int,
        hasContext: Bool
    ) throws {
        let (norm, outChannels) = (style.normalization, shape.outChannels)
        let middle = outChannels / (style.expansion ?? 4)
        layers = Sequential([
            try Conv2d(
                at: path / "conv1", inChannels: shape.inChannels, outChannels: middle, kernel: 1,
                stride: style.strideOnFirst ? shape.stride : 1, bias: false),
            try norm.layer(at: path / "\(norm.keyName)1", channels: middle), ActivationLayer(.relu),
            try Conv2d(
                at: path / "conv2", inChannels: middle, outChannels: middle, kernel: kernel,
                stride: style.strideOnFirst ? 1 : shape.stride, padding: kernel / 2, dilation: style.dilation,
                groups: groups, bias: false),
            try norm.layer(at: path / "\(norm.keyName)2", channels: middle), ActivationLayer(.relu),
            try Conv2d(at: path / "conv3", inChannels: middle, outChannels: outChannels, kernel: 1, bias: false),
            try norm.layer(at: path / "\(norm.keyName)3", channels: outChannels),
        ])
        context =
            try hasContext
            ? ContextBlock(
                at: path / "attention", channels: outChannels, ratio: max(1.0 / 16, 16 / Double(outChannels))) : nil
        shortcut = try Shortcut(at: path / "downsample", shape, style: style)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        var y = try layers(x)
        if let context { y = try context(y) }
        return try (y + (shortcut?(x) ?? x)).relu()
    }
}
