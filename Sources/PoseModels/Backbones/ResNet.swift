import PyConfig
public import Torch

/// ResNet (He et al. 2016) and the networks that change its blocks but keep its frame of a stem and four stages.
///
/// Shapes: input `(B, inChannels, H, W)`; outputs, for every index `i` of `out_indices`,
/// `(B, 64·2ⁱ·expansion, H/(4·2ⁱ), W/(4·2ⁱ))` with the default strides.
public final class ResNet: Backbone {
    /// What a network of this frame has of its own.
    struct Design {
        typealias Blocks = (_ path: ParameterPath, _ shape: ResidualShape, _ style: ResidualStyle) throws -> any Layer

        /// How messages call it.
        var name = "ResNet"
        /// The kind of block, for its expansion, and the number of blocks of each stage, by depth.
        var depths: [Int: (kind: ResidualKind, blocks: [Int])] = [
            18: (.basic, [2, 2, 2, 2]), 34: (.basic, [3, 4, 6, 3]),
        ].merging(Self.bottlenecks) { $1 }
        /// Three 3×3 convolutions as stem, and shortcuts that average before they project (He et al. 2019).
        var isV1d = false
        var grouping: ResidualStyle.Grouping?
        var squeezeRatio: Int?
        /// A block instead of the kind's own.
        var block: Blocks?

        /// The published depths of networks of bottlenecks.
        static let bottlenecks: [Int: (kind: ResidualKind, blocks: [Int])] = [
            50: (.bottleneck, [3, 4, 6, 3]), 101: (.bottleneck, [3, 4, 23, 3]), 152: (.bottleneck, [3, 8, 36, 3]),
        ]
    }

    private let stem: ResNetStem
    private let stages: [Sequential]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments, _ design: Design = Design()) throws {
        let depth = try arguments.int("depth")
        guard let (kind, blocks) = design.depths[depth] else {
            throw arguments.invalid("depth", "\(design.name) has depths \(design.depths.keys.sorted()), not \(depth)")
        }
        let geometry = try StageGeometry(arguments)
        let normalization = try arguments.normalization(default: Normalization()) ?? Normalization()
        let averageDown = try arguments.bool("avg_down", default: false) || design.isV1d
        let deepStem = try arguments.bool("deep_stem", default: false) || design.isV1d
        let expansion = try arguments.optionalInt("expansion") ?? kind.expansion
        guard (1...64).contains(expansion) else { throw arguments.invalid("expansion", "must be 1 to 64") }
        let stemChannels = try arguments.int("stem_channels", default: 64, in: 1...65536)
        let baseChannels = try arguments.int("base_channels", default: 64, in: 1...65536)
        let caffe = try arguments.string("style", default: "pytorch") == "caffe"
        try arguments.requirePlainConvolution()
        stem = try ResNetStem(
            at: path, inChannels: arguments.int("in_channels", default: 3), channels: stemChannels, isDeep: deepStem,
            normalization: normalization)
        var style = ResidualStyle(
            normalization: normalization, strideOnFirst: caffe, averageDown: averageDown, expansion: expansion)
        style.grouping = design.grouping
        style.grouping?.baseChannels = baseChannels
        style.squeezeRatio = design.squeezeRatio
        var inChannels = stemChannels
        stages = try (0..<geometry.count).map { index in
            style.dilation = geometry.dilations[index]
            let outChannels = (baseChannels * expansion) << index
            defer { inChannels = outChannels }
            return try residualStage(
                at: path / "layer\(index + 1)", count: blocks[index], inChannels: inChannels, outChannels: outChannels,
                stride: geometry.strides[index]
            ) { try design.block?($0, $1, style) ?? kind.block(at: $0, $1, style: style) }
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

/// The stages of a network of ResNet's frame: how many, their strides and dilations, and which ones it returns.
struct StageGeometry {
    let count: Int
    let strides, dilations: [Int]
    let outputs: Set<Int>

    /// - Parameters:
    ///   - count: the number of stages; `num_stages` of the config if `nil`.
    ///   - strides: those of a config that has none.
    init(_ arguments: Arguments, count: Int? = nil, strides fallback: [Int] = [1, 2, 2, 2]) throws {
        let count = try count ?? arguments.int("num_stages", default: 4, in: 1...4)
        self.count = count
        strides = try arguments.ints("strides", default: fallback)
        dilations = try arguments.ints("dilations", default: [1, 1, 1, 1])
        guard strides.count == count, dilations.count == count else {
            throw arguments.invalid("strides", "strides and dilations need one entry for each of the \(count) stages")
        }
        outputs = try arguments.outIndices([3], in: 0...count - 1)
    }
}

/// The entry of a ResNet: one 7×7 convolution or, deep, three 3×3 ones, then a max-pooling; stride 4 in all.
final class ResNetStem: Sendable {
    private let layers: [any Layer]

    init(
        at path: ParameterPath, inChannels: Int, channels: Int, kernel: Int = 7, isDeep: Bool,
        normalization: Normalization
    ) throws {
        guard isDeep else {
            layers = [
                try Conv2d(
                    at: path / "conv1", inChannels: inChannels, outChannels: channels, kernel: kernel, stride: 2,
                    padding: kernel / 2, bias: false),
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
