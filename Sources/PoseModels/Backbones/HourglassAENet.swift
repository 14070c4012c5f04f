import PyConfig
public import Torch

/// Stacked hourglass of plain convolutions, as associative embedding uses it (Newell et al. 2017).
///
/// Shapes: input `(B, 3, H, W)`; one output `(B, out_channels, H/4, W/4)` for every module.
public final class HourglassAENet: Backbone {
    private let stem: Sequential
    private let modules: [Sequential]
    private let outputs: [ConvModule]
    private let links: [(output: ConvModule, feature: ConvModule)]

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let depth = try arguments.int("downsample_times", default: 4, in: 1...16)
        let count = try arguments.int("num_stacks", default: 1, in: 1...64)
        let outChannels = try arguments.int("out_channels", default: 34)
        let channels = try arguments.ints("stage_channels", default: [256, 384, 512, 640, 768])
        let width = try arguments.int("feat_channels", default: 256)
        let normalization = try arguments.normalization(default: Normalization())
        guard channels.count > depth else {
            throw arguments.invalid("stage_channels", "needs \(depth + 1) entries, one more than downsample_times")
        }
        arguments.ignore("init_cfg")

        func spatial(_ path: ParameterPath, _ inChannels: Int, _ outChannels: Int) throws -> ConvModule {
            try conv3x3(at: path, inChannels: inChannels, outChannels: outChannels, normalization)
        }
        func pointwise(_ path: ParameterPath, from inChannels: Int) throws -> ConvModule {
            try ConvModule(
                at: path, inChannels: inChannels, outChannels: width, kernel: 1, normalization: normalization,
                activation: nil)
        }
        let stem = path / "stem"
        self.stem = Sequential([
            try ConvModule(
                at: stem / 0, inChannels: 3, outChannels: 64, kernel: 7, stride: 2, padding: 3,
                normalization: normalization),
            try spatial(stem / 1, 64, 128), MaxPool2d(kernel: 2), try spatial(stem / 3, 128, 128),
            try spatial(stem / 4, 128, width),
        ])
        modules = try (0..<count).map {
            let module = path / "hourglass_modules" / $0
            return Sequential([
                try PlainHourglass(at: module / 0, depth: depth, channels: channels, normalization),
                try spatial(module / 1, width, width), try spatial(module / 2, width, width),
            ])
        }
        outputs = try (0..<count).map {
            try ConvModule(
                at: path / "out_convs" / $0, inChannels: channels[0], outChannels: outChannels, kernel: 1,
                activation: nil)
        }
        let remapped = try (0..<count - 1).map { try pointwise(path / "remap_out_convs" / $0, from: outChannels) }
        let features = try (0..<count - 1).map { try pointwise(path / "remap_feature_convs" / $0, from: width) }
        links = zip(remapped, features).map { ($0, $1) }
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        var y = try stem(x)
        return try modules.enumerated().map { index, module in
            let feature = try module(y)
            let output = try outputs[index](feature)
            if index < links.count { y = try y + links[index].output(output) + links[index].feature(feature) }
            return output
        }
    }
}

/// One hourglass: a convolution at this resolution, plus what an hourglass at half the resolution gives.
///
/// Shapes: input and output `(B, channels[0], H, W)`.
private final class PlainHourglass: Layer {
    private let around, down, up: ConvModule
    private let inner: any Layer

    /// - Parameter normalization: of this level; the levels below always have ordinary batch normalisation.
    init(at path: ParameterPath, depth: Int, channels: [Int], _ normalization: Normalization?) throws {
        func spatial(_ name: String, _ inChannels: Int, _ outChannels: Int) throws -> ConvModule {
            try conv3x3(at: path / name, inChannels: inChannels, outChannels: outChannels, normalization)
        }
        around = try spatial("up1", channels[0], channels[0])
        down = try spatial("low1", channels[0], channels[1])
        inner =
            depth > 1
            ? try PlainHourglass(
                at: path / "low2", depth: depth - 1, channels: Array(channels.dropFirst()), Normalization())
            : try spatial("low2", channels[1], channels[1])
        up = try spatial("low3", channels[1], channels[0])
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let low = try up(inner(down(x.maxPool2d(kernel: [2, 2]))))
        return try around(x) + low.interpolate(scaleFactor: 2)
    }
}

private func conv3x3(
    at path: ParameterPath, inChannels: Int, outChannels: Int, _ normalization: Normalization?
) throws -> ConvModule {
    try ConvModule(
        at: path, inChannels: inChannels, outChannels: outChannels, kernel: 3, padding: 1, normalization: normalization)
}
