import PyConfig
public import Torch

/// ResNet (He et al. 2016), and ResNet-D with three 3×3 convolutions as its stem (He et al. 2019).
///
/// Shapes: input `(B, inChannels, H, W)`; outputs, for every index `i` of `out_indices`,
/// `(B, 64·2ⁱ·expansion, H/(4·2ⁱ), W/(4·2ⁱ))` with the default strides.
public final class ResNet: Backbone {
    /// The two published forms of the network.
    public enum Variant: Sendable {
        case standard
        case v1d
    }

    private let stem: Stem
    private let stages: [Sequential]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments, variant: Variant = .standard) throws {
        let depth = try arguments.int("depth")
        guard let (kind, blocks) = Self.architectures[depth] else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).depth",
                reason: "ResNet has depths \(Self.architectures.keys.sorted()), not \(depth)")
        }
        let stageCount = try arguments.int("num_stages", default: 4)
        let strides = try arguments.ints("strides", default: [1, 2, 2, 2])
        let dilations = try arguments.ints("dilations", default: [1, 1, 1, 1])
        let outIndices = try arguments.ints("out_indices", default: [3])
        try Self.check(
            arguments.path, stageCount: stageCount, strides: strides, dilations: dilations, outIndices: outIndices)
        let normalization = try arguments.normalization(default: Normalization()) ?? Normalization()
        let averageDown = try arguments.bool("avg_down", default: false) || variant == .v1d
        let deepStem = try arguments.bool("deep_stem", default: false) || variant == .v1d
        let expansion = try arguments.optionalInt("expansion") ?? kind.expansion
        let stemChannels = try arguments.int("stem_channels", default: 64)
        var outChannels = try arguments.int("base_channels", default: 64) * expansion
        let caffe = try arguments.string("style", default: "pytorch") == "caffe"
        try arguments.requirePlainConvolution()
        stem = try Stem(
            at: path, inChannels: arguments.int("in_channels", default: 3), channels: stemChannels, isDeep: deepStem,
            normalization: normalization)
        var inChannels = stemChannels
        var stages: [Sequential] = []
        for index in 0..<stageCount {
            let style = ResidualStyle(
                normalization: normalization, strideOnFirst: caffe, averageDown: averageDown,
                dilation: dilations[index], expansion: expansion)
            stages.append(
                try kind.stage(
                    at: path / "layer\(index + 1)", count: blocks[index], inChannels: inChannels,
                    outChannels: outChannels, stride: strides[index], style: style))
            inChannels = outChannels
            outChannels *= 2
        }
        self.stages = stages
        outputs = Set(outIndices)
        let stemModules = deepStem ? [path / "stem"] : [path / "conv1", path / "\(normalization.keyName)1"]
        try TrainingPolicy(arguments).apply(
            to: path, stages: [stemModules] + (0..<stageCount).map { [path / "layer\($0 + 1)"] })
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var features: [Tensor] = []
        var y = try stem(x)
        for (index, stage) in stages.enumerated() {
            y = try stage(y)
            if outputs.contains(index) { features.append(y) }
        }
        return features
    }

    private static let architectures: [Int: (kind: ResidualKind, blocks: [Int])] = [
        18: (.basic, [2, 2, 2, 2]),
        34: (.basic, [3, 4, 6, 3]),
        50: (.bottleneck, [3, 4, 6, 3]),
        101: (.bottleneck, [3, 4, 23, 3]),
        152: (.bottleneck, [3, 8, 36, 3]),
    ]

    private static func check(
        _ path: String, stageCount: Int, strides: [Int], dilations: [Int], outIndices: [Int]
    ) throws {
        guard (1...4).contains(stageCount) else {
            throw ConfigError.invalidArgument(path: "\(path).num_stages", reason: "must be 1 to 4, not \(stageCount)")
        }
        guard strides.count == stageCount, dilations.count == stageCount else {
            throw ConfigError.invalidArgument(
                path: "\(path).strides",
                reason: "strides and dilations need one entry for each of the \(stageCount) stages")
        }
        guard outIndices.allSatisfy((0..<stageCount).contains) else {
            throw ConfigError.invalidArgument(
                path: "\(path).out_indices", reason: "must name stages 0 to \(stageCount - 1), not \(outIndices)")
        }
    }
}

/// The entry of a ResNet: one 7×7 convolution or, deep, three 3×3 ones, then a max-pooling; stride 4 in all.
private final class Stem: Sendable {
    private let layers: [any Layer]

    init(at path: ParameterPath, inChannels: Int, channels: Int, isDeep: Bool, normalization: Normalization) throws {
        guard isDeep else {
            layers = [
                try Conv2d(
                    at: path / "conv1", inChannels: inChannels, outChannels: channels, kernel: 7, stride: 2, padding: 3,
                    bias: false),
                try normalization.layer(at: path / "\(normalization.keyName)1", channels: channels),
                ActivationLayer(.relu),
            ]
            return
        }
        let widths = [inChannels, channels / 2, channels / 2, channels]
        layers = try (0..<3).map { index in
            try ConvModule(
                at: path / "stem" / index, inChannels: widths[index], outChannels: widths[index + 1], kernel: 3,
                stride: index == 0 ? 2 : 1, padding: 1, normalization: normalization)
        }
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try layers.reduce(x) { try $1($0) }
        return try y.maxPool2d(kernel: [3, 3], stride: [2, 2], padding: [1, 1])
    }
}
