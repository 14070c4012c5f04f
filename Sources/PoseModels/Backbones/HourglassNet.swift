import PyConfig
public import Torch

/// Stacked hourglass (Newell et al. 2016): modules that go down to a coarse map and up again, one after another.
///
/// Shapes: input `(B, 3, H, W)`; one output `(B, feat_channel, H/4, W/4)` for every module.
public final class HourglassNet: Backbone {
    private let stem: Sequential
    private let modules: [Hourglass]
    private let outputs: [ConvModule]
    private let links: [Link]

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let depth = try arguments.int("downsample_times", default: 5, in: 1...16)
        let count = try arguments.int("num_stacks", default: 2, in: 1...64)
        let channels = try arguments.ints("stage_channels", default: [256, 256, 384, 384, 384, 512])
        let blocks = try arguments.ints("stage_blocks", default: [2, 2, 2, 2, 2, 4])
        let width = try arguments.int("feat_channel", default: 256)
        let normalization = try arguments.normalization(default: Normalization()) ?? Normalization()
        guard channels.count == blocks.count, channels.count > depth else {
            throw arguments.invalid(
                "stage_channels",
                "stage_channels and stage_blocks need \(depth + 1) entries, one more than downsample_times")
        }
        arguments.ignore("init_cfg")

        func pointwise(_ path: ParameterPath, from inChannels: Int) throws -> ConvModule {
            try ConvModule(
                at: path, inChannels: inChannels, outChannels: channels[0], kernel: 1, normalization: normalization,
                activation: nil)
        }
        stem = Sequential([
            try ConvModule(
                at: path / "stem" / 0, inChannels: 3, outChannels: 128, kernel: 7, stride: 2, padding: 3,
                normalization: normalization),
            try basicStage(
                at: path / "stem" / 1, count: 1, inChannels: 128, outChannels: 256, stride: 2, normalization),
        ])
        // The modules have ordinary batch normalisation whatever the config says, as in the published weights.
        modules = try (0..<count).map {
            try Hourglass(at: path / "hourglass_modules" / $0, depth: depth, channels: channels, blocks: blocks)
        }
        // With one module there is nothing to link, but its state dict has one block nevertheless.
        let merges = try basicStage(
            at: path / "inters", count: count - 1, inChannels: channels[0], outChannels: channels[0], normalization
        ).layers
        let inputs = try (0..<count - 1).map { try pointwise(path / "conv1x1s" / $0, from: channels[0]) }
        outputs = try (0..<count).map {
            try ConvModule(
                at: path / "out_convs" / $0, inChannels: channels[0], outChannels: width, kernel: 3, padding: 1,
                normalization: normalization)
        }
        let remaps = try (0..<count - 1).map { try pointwise(path / "remap_convs" / $0, from: width) }
        links = (0..<count - 1).map { Link(input: inputs[$0], output: remaps[$0], merge: merges[$0]) }
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var y = try stem(x)
        return try modules.enumerated().map { index, module in
            let feature = try outputs[index](module(y))
            if index < links.count { y = try links[index](y, feature) }
            return feature
        }
    }

    /// Makes the input of the next module from that of the last one and from its output.
    private struct Link: Sendable {
        let input, output: ConvModule
        let merge: any Layer

        func callAsFunction(_ x: Tensor, _ feature: Tensor) throws -> Tensor {
            try merge((input(x) + output(feature)).relu())
        }
    }
}

/// One hourglass: residual blocks at this resolution, plus what an hourglass at half the resolution gives.
///
/// Shapes: input and output `(B, channels[0], H, W)`.
private final class Hourglass: Layer {
    private let around, down, up: Sequential
    private let inner: any Layer

    init(at path: ParameterPath, depth: Int, channels: [Int], blocks: [Int]) throws {
        let norm = Normalization()
        let (width, narrow) = (channels[0], channels[1])
        around = try basicStage(at: path / "up1", count: blocks[0], inChannels: width, outChannels: width, norm)
        down = try basicStage(
            at: path / "low1", count: blocks[0], inChannels: width, outChannels: narrow, stride: 2, norm)
        inner =
            depth > 1
            ? try Hourglass(
                at: path / "low2", depth: depth - 1, channels: Array(channels.dropFirst()),
                blocks: Array(blocks.dropFirst()))
            : try basicStage(at: path / "low2", count: blocks[1], inChannels: narrow, outChannels: narrow, norm)
        up = try basicStage(
            at: path / "low3", count: blocks[0], inChannels: narrow, outChannels: width, changesFirst: false, norm)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        try around(x) + up(inner(down(x))).interpolate(scaleFactor: 2)
    }
}

private func basicStage(
    at path: ParameterPath, count: Int, inChannels: Int, outChannels: Int, stride: Int = 1, changesFirst: Bool = true,
    _ normalization: Normalization
) throws -> Sequential {
    try residualStage(
        at: path, count: count, inChannels: inChannels, outChannels: outChannels, stride: stride,
        changesFirst: changesFirst
    ) { try BasicBlock(at: $0, $1, style: ResidualStyle(normalization: normalization)) }
}
