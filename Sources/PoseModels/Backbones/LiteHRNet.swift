import PyConfig
public import Torch

/// Lite-HRNet (Yu et al. 2021): HRNet of blocks that weigh channels across all resolutions instead of mixing them.
///
/// Shapes: input `(B, inChannels, H, W)`; one output `(B, num_channels[-1][0], H/4, W/4)`.
public final class LiteHRNet: Backbone {
    private let stem: LiteStem
    private let stages: [(transition: HRTransition, modules: [LiteHRModule])]
    private let head: IterativeHead?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        guard let extra = try arguments.child("extra"), let stemArguments = try extra.child("stem"),
            let table = try extra.child("stages_spec")
        else { throw arguments.invalid("extra", "LiteHRNet needs its stem and stages_spec here") }
        let norm = try arguments.normalization(default: Normalization()) ?? Normalization()
        try arguments.requirePlainConvolution()
        var channels = [try stemArguments.int("out_channels", in: 2...65536)]
        stem = try LiteStem(
            at: path / "stem", inChannels: arguments.int("in_channels", default: 3), outChannels: channels[0],
            stemArguments, norm)
        let specifications = try LiteStage.read(table, count: extra.int("num_stages", in: 1...16))
        stages = try specifications.enumerated().map { index, stage in
            let transition = try HRTransition(
                at: path / "transition\(index)", from: channels, to: stage.channels, exchange: .separable,
                normalization: norm)
            channels = stage.channels
            let modules = try (0..<stage.modules).map {
                try LiteHRModule(at: path / "stage\(index)" / $0, stage, norm)
            }
            return (transition, modules)
        }
        head = try extra.bool("with_head") ? IterativeHead(at: path / "head_layer", channels: channels, norm) : nil
        try extra.finish()
        try TrainingPolicy(arguments).apply(to: path, stages: [])
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        let branches = try stages.reduce([stem(x)]) { branches, stage in
            try stage.modules.reduce(stage.transition(branches)) { try $1($0) }
        }
        return [try head?(branches) ?? branches[0]]
    }
}

/// One entry of each list of `stages_spec`.
struct LiteStage {
    let modules, blocks: Int
    let channels: [Int]
    /// Channels over hidden channels where the weights of all channels are computed.
    let ratio: Int
    /// Whether branches exchange after the blocks.
    let fuses: Bool
    /// Whether blocks weigh across resolutions, rather than being ShuffleNetV2's.
    let isLite: Bool

    static func read(_ arguments: Arguments, count: Int) throws -> [LiteStage] {
        let modules = try arguments.ints("num_modules")
        let blocks = try arguments.ints("num_blocks")
        let branches = try arguments.ints("num_branches")
        let ratios = try arguments.ints("reduce_ratios")
        let fuses = try arguments.bools("with_fuse")
        let types = try arguments.strings("module_type")
        guard let rows = arguments.value("num_channels")?.arrayValue else {
            throw arguments.invalid("num_channels", "must be a list of lists of channels, one a stage")
        }
        let channels = try rows.indices.map {
            try Arguments([.string("\($0)"): rows[$0]], at: arguments.path(of: "num_channels")).ints("\($0)")
        }
        try arguments.finish()
        let counts = [modules, blocks, branches, ratios].map(\.count) + [fuses.count, types.count, channels.count]
        guard counts.allSatisfy({ $0 >= count }) else {
            throw arguments.invalid("num_modules", "every list needs an entry for each of the \(count) stages")
        }
        return try (0..<count).map { index in
            let kind = types[index].uppercased()
            guard kind == "LITE" || kind == "NAIVE" else {
                throw ModelError.unknownType(
                    types[index], at: arguments.path(of: "module_type"), known: ["LITE", "NAIVE"])
            }
            let widths = channels[index]
            guard widths.count == branches[index], widths.allSatisfy({ (2...65536).contains($0) && $0 % 2 == 0 }),
                !widths.isEmpty
            else {
                throw arguments.invalid(
                    "num_channels", "stage \(index) needs \(branches[index]) even numbers, not \(widths)")
            }
            let sizes = [modules[index], blocks[index], ratios[index]]
            guard sizes.allSatisfy({ (1...4096).contains($0) }) else {
                throw arguments.invalid("num_modules", "num_modules, num_blocks and reduce_ratios must be positive")
            }
            return LiteStage(
                modules: sizes[0], blocks: sizes[1], channels: widths, ratio: sizes[2], fuses: fuses[index],
                isLite: kind == "LITE")
        }
    }
}

/// The entry: one 3×3 convolution, then a block like ShuffleNetV2's; stride 4 in all.
///
/// Keys: `conv1`, `branch1.N`, `expand_conv`, `depthwise_conv`, `linear_conv`.
private final class LiteStem: Layer {
    private let entry: ConvModule
    private let left, right: Sequential

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, _ arguments: Arguments, _ norm: Normalization
    ) throws {
        let width = try arguments.int("stem_channels", in: 2...65536)
        let ratio = try arguments.double("expand_ratio")
        guard ratio > 0, ratio <= 64 else { throw arguments.invalid("expand_ratio", "must be positive, not \(ratio)") }
        guard width % 2 == 0, outChannels == width || outChannels > width else {
            throw arguments.invalid("stem_channels", "must be even and not exceed out_channels")
        }
        try arguments.finish()
        let half = width / 2
        let middle = Int((Double(width) * ratio).rounded(.toNearestOrEven))
        func layer(
            _ path: ParameterPath, _ inChannels: Int, _ outChannels: Int, filters: Bool = false
        ) throws -> ConvModule {
            try ConvModule(
                at: path, inChannels: inChannels, outChannels: outChannels, kernel: filters ? 3 : 1,
                stride: filters ? 2 : 1, padding: filters ? 1 : 0, groups: filters ? inChannels : 1,
                normalization: norm, activation: filters ? nil : .relu)
        }
        entry = try ConvModule(
            at: path / "conv1", inChannels: inChannels, outChannels: width, kernel: 3, stride: 2, padding: 1,
            normalization: norm)
        let branch = path / "branch1"
        left = Sequential([
            try layer(branch / 0, half, half, filters: true),
            try layer(branch / 1, half, outChannels - (outChannels == width ? half : width)),
        ])
        right = Sequential([
            try layer(path / "expand_conv", half, middle),
            try layer(path / "depthwise_conv", middle, middle, filters: true),
            try layer(path / "linear_conv", middle, outChannels == width ? half : width),
        ])
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let halves = try entry(x).chunk(2, dim: 1)
        return try Tensor.cat([left(halves[0]), right(halves[1])], dim: 1).shuffleChannels(groups: 2)
    }
}

/// Adds the coarser branches to the finer ones, one after the other; gives the finest.
///
/// Keys: `projects.N`, the coarsest branch first.
private final class IterativeHead: Sendable {
    private let projections: [DepthwiseSeparableConvModule]

    init(at path: ParameterPath, channels: [Int], _ norm: Normalization) throws {
        let widths = Array(channels.reversed())
        projections = try widths.indices.map { index in
            try DepthwiseSeparableConvModule(
                at: path / "projects" / index, inChannels: widths[index],
                outChannels: widths[min(index + 1, widths.count - 1)], kernel: 3, padding: 1, normalization: norm,
                activatesDepthwise: false)
        }
    }

    func callAsFunction(_ branches: [Tensor]) throws -> Tensor {
        var result: Tensor?
        for (projection, branch) in zip(projections, branches.reversed()) {
            let coarser = try result?.interpolate(
                size: Array(branch.shape.suffix(2)), mode: .bilinear(alignCorners: true))
            result = try projection(coarser.map { try branch + $0 } ?? branch)
        }
        return result ?? branches[0]
    }
}
