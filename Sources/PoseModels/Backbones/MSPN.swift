import PyConfig
public import Torch

/// MSPN (Li et al. 2019) and networks that change its blocks: stages that go down to a coarse map and up again, each fed
/// with what the one before found at every resolution.
///
/// Shapes: input `(B, 3, H, W)`; outputs, stage by stage, `num_units` maps `(B, unit_channels, H/s, W/s)`, coarsest first,
/// the last with `s = 4`.
public final class MSPN: Backbone {
    /// What a network of this frame has of its own.
    struct Design {
        /// The module that holds the stages.
        var name = "multi_stage_mspn"
        /// Output channels of a block over those of its unit.
        var expansion = 4
        /// Builds a block.
        var block: (ParameterPath, ResidualShape, Normalization) throws -> any Layer = { path, shape, normalization in
            var style = ResidualStyle(normalization: normalization)
            style.namesShortcut = true
            return try Bottleneck(at: path, shape, style: style)
        }
    }

    /// Sizes that all stages share.
    struct Sizes {
        let width, topChannels: Int
        let blocks: [Int]
        let normalization: Normalization
    }

    private let top: Sequential
    private let stages: [MultiStageUnit]

    init(at path: ParameterPath, _ arguments: Arguments, _ design: Design = Design()) throws {
        let count = try arguments.int("num_stages", default: 4, in: 1...64)
        let units = try arguments.int("num_units", default: 4, in: 2...8)
        let sizes = Sizes(
            width: try arguments.int("unit_channels", default: 256, in: 1...65536),
            topChannels: try arguments.int("res_top_channels", default: 64, in: 1...4096),
            blocks: try arguments.ints("num_blocks", default: [2, 2, 2, 2]),
            normalization: try arguments.normalization(default: Normalization()) ?? Normalization())
        guard sizes.blocks.count == units, sizes.blocks.allSatisfy({ (1...1024).contains($0) }) else {
            throw arguments.invalid("num_blocks", "needs \(units) numbers from 1, one a unit, not \(sizes.blocks)")
        }
        arguments.ignore("init_cfg")
        top = Sequential([
            try ConvModule(
                at: path / "top" / "top" / 0, inChannels: 3, outChannels: sizes.topChannels, kernel: 7, stride: 2,
                padding: 3, normalization: sizes.normalization), MaxPool2d(kernel: 3, stride: 2, padding: 1),
        ])
        stages = try (0..<count).map {
            try MultiStageUnit(at: path / design.name / $0, sizes, design, feedsNext: $0 < count - 1)
        }
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var state = MultiStageState(input: try top(x))
        return try stages.flatMap { try $0(&state) }
    }
}

/// What one stage hands to the next.
private struct MultiStageState {
    var input: Tensor
    /// For each resolution, finest first, what is added to the next stage's maps; nothing before the first stage.
    var skips: [[Tensor]] = []
}

/// One stage.
///
/// Keys: `downsample.layerN`, `upsample.upN`.
private final class MultiStageUnit: Sendable {
    private let down: [Sequential]
    private let up: [UpsampleUnit]

    init(at path: ParameterPath, _ sizes: MSPN.Sizes, _ design: MSPN.Design, feedsNext: Bool) throws {
        let count = sizes.blocks.count
        let channels = (0..<count).map { (sizes.topChannels * design.expansion) << $0 }
        var inChannels = sizes.topChannels
        down = try (0..<count).map { index in
            let outChannels = channels[index]
            defer { inChannels = outChannels }
            let stride = index == 0 ? 1 : 2
            let blocks = try (0..<sizes.blocks[index]).map { block in
                // After the first block, normalisation is ordinary whatever the config says, as in the published weights.
                let shape = ResidualShape(
                    inChannels: block == 0 ? inChannels : outChannels, outChannels: outChannels,
                    stride: block == 0 ? stride : 1,
                    hasShortcut: block == 0 && (stride != 1 || inChannels != outChannels))
                return try design.block(
                    path / "downsample" / "layer\(index + 1)" / block, shape,
                    block == 0 ? sizes.normalization : Normalization())
            }
            return Sequential(blocks)
        }
        up = try channels.reversed().enumerated().map { index, channels in
            try UpsampleUnit(
                at: path / "upsample" / "up\(index + 1)", inChannels: channels, sizes, isFirst: index == 0,
                feedsNext: feedsNext, crosses: feedsNext && index == count - 1)
        }
    }

    func callAsFunction(_ state: inout MultiStageState) throws -> [Tensor] {
        var maps: [Tensor] = []
        var y = state.input
        for (index, layer) in down.enumerated() {
            y = try layer(y)
            if index < state.skips.count { y = try state.skips[index].reduce(y) { try $0 + $1 } }
            maps.append(y)
        }
        var features: [Tensor] = []
        var skips: [[Tensor]] = []
        for (unit, map) in zip(up, maps.reversed()) {
            let result = try unit(map, coarser: features.last)
            features.append(result.feature)
            skips.insert(result.skips, at: 0)
            if let crossed = result.crossed { state.input = crossed }
        }
        state.skips = skips
        return features
    }
}

/// Joins a map of the way down with the coarser result of the way up.
///
/// Keys: `in_skip`, `up_conv`, `out_skip1`, `out_skip2`, `cross_conv`.
private final class UpsampleUnit: Sendable {
    private let input: ConvModule
    private let enlarge, across: ConvModule?
    private let skips: [ConvModule]

    init(
        at path: ParameterPath, inChannels: Int, _ sizes: MSPN.Sizes, isFirst: Bool, feedsNext: Bool, crosses: Bool
    ) throws {
        func pointwise(
            _ name: String, _ inChannels: Int, _ outChannels: Int, _ activation: Activation? = .relu
        ) throws -> ConvModule {
            try ConvModule(
                at: path / name, inChannels: inChannels, outChannels: outChannels, kernel: 1,
                normalization: sizes.normalization, activation: activation)
        }
        let width = sizes.width
        input = try pointwise("in_skip", inChannels, width, nil)
        enlarge = try isFirst ? nil : pointwise("up_conv", width, width, nil)
        skips =
            try feedsNext
            ? [pointwise("out_skip1", inChannels, inChannels), pointwise("out_skip2", width, inChannels)] : []
        across = try crosses ? pointwise("cross_conv", width, sizes.topChannels) : nil
    }

    func callAsFunction(
        _ x: Tensor, coarser: Tensor?
    ) throws -> (feature: Tensor, skips: [Tensor], crossed: Tensor?) {
        var y = try input(x)
        if let enlarge, let coarser {
            let size = Array(x.shape.suffix(2))
            y = try y + enlarge(coarser.interpolate(size: size, mode: .bilinear(alignCorners: true)))
        }
        y = try y.relu()
        let passed = try zip(skips, [x, y]).map { try $0($1) }
        return (y, passed, try across?(y))
    }
}
