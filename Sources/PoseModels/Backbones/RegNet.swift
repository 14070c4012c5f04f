import Foundation
import PyConfig
public import Torch

/// RegNet (Radosavovic et al. 2020): a residual network of grouped bottlenecks whose widths follow a quantised line.
///
/// Shapes: input `(B, inChannels, H, W)`; outputs for every index `i` of `out_indices`, `(B, widthᵢ, H/2ⁱ⁺², W/2ⁱ⁺²)`
/// with the default strides.
public final class RegNet: Backbone {
    private let stem: Sequential
    private let stages: [Sequential]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let line = try RegNetLine(arguments)
        let sizes = line.stages
        guard sizes.count <= 4 else {
            throw arguments.invalid("arch", "makes \(sizes.count) stages; RegNet has at most 4")
        }
        let geometry = try StageGeometry(arguments, count: sizes.count, strides: [2, 2, 2, 2])
        let norm = try arguments.normalization(default: Normalization()) ?? Normalization()
        let stemChannels = try arguments.int("stem_channels", default: 32, in: 1...65536)
        if try arguments.bool("deep_stem", default: false) {
            throw arguments.invalid("deep_stem", "RegNet has no deep stem")
        }
        try arguments.requirePlainConvolution()
        arguments.ignore("base_channels")
        stem = Sequential([
            try Conv2d(
                at: path / "conv1", inChannels: arguments.int("in_channels", default: 3), outChannels: stemChannels,
                kernel: 3, stride: 2, padding: 1, bias: false),
            try norm.layer(at: path / "\(norm.keyName)1", channels: stemChannels), ActivationLayer(.relu),
        ])
        var style = ResidualStyle(
            normalization: norm, strideOnFirst: try arguments.string("style", default: "pytorch") == "caffe",
            averageDown: try arguments.bool("avg_down", default: false), expansion: 1)
        var inChannels = stemChannels
        stages = try sizes.enumerated().map { index, size in
            defer { inChannels = size.width }
            style.dilation = geometry.dilations[index]
            style.grouping = ResidualStyle.Grouping(
                groups: size.groups, widthPerGroup: size.groupWidth, baseChannels: size.width)
            return try ResidualKind.bottleneck.stage(
                at: path / "layer\(index + 1)", count: size.blocks, inChannels: inChannels, outChannels: size.width,
                stride: geometry.strides[index], style: style)
        }
        outputs = geometry.outputs
        try TrainingPolicy(arguments).apply(
            to: path,
            stages: [[path / "conv1", path / "\(norm.keyName)1"]] + sizes.indices.map { [path / "layer\($0 + 1)"] })
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        try features(of: stages, stem(x), at: outputs)
    }
}

/// The line that a RegNet's widths follow, block by block, and what becomes of it.
private struct RegNetLine {
    struct Stage {
        let width, blocks, groups, groupWidth: Int
    }

    let stages: [Stage]

    /// Reads `arch`: the name of a published network or its numbers.
    init(_ arguments: Arguments) throws {
        if case .string(let name)? = arguments.value("arch") {
            guard let line = Self.published[name] else {
                throw arguments.invalid("arch", "there is no \(name), only \(Self.published.keys.sorted())")
            }
            stages = Self.stages(
                start: line.start, slope: line.slope, ratio: line.ratio, depth: line.depth,
                groupWidth: line.groupWidth, bottleneck: 1)
            return
        }
        let arch = try arguments.requiredChild("arch")
        let start = try arch.int("w0", in: 8...4096)
        let (slope, ratio) = (try arch.double("wa"), try arch.double("wm"))
        let bottleneck = try arch.double("bot_mul", default: 1)
        guard start.isMultiple(of: 8), (0...1024).contains(slope), ratio > 1, ratio <= 64, bottleneck > 0,
            bottleneck <= 64
        else { throw arguments.invalid("arch", "w0 must be a multiple of 8, wa at least 0, wm over 1, bot_mul over 0") }
        stages = Self.stages(
            start: start, slope: slope, ratio: ratio, depth: try arch.int("depth", in: 1...1024),
            groupWidth: try arch.int("group_w", in: 1...4096), bottleneck: bottleneck)
        try arch.finish()
    }

    /// Widths on the line, rounded to powers of `ratio` and then to multiples of 8; blocks of equal width are a stage.
    private static func stages(
        start: Int, slope: Double, ratio: Double, depth: Int, groupWidth: Int, bottleneck: Double
    ) -> [Stage] {
        let first = Double(start)
        let widths = (0..<depth).map { block in
            let power = (log((Double(block) * slope + first) / first) / log(ratio)).rounded(.toNearestOrEven)
            return Int((first * pow(ratio, power) / 8).rounded(.toNearestOrEven)) * 8
        }
        return Set(widths).sorted().map { width in
            let inner = Int(Double(width) * bottleneck)
            let size = max(min(groupWidth, inner), 1)
            let fitted = Int((Double(inner) / Double(size)).rounded(.toNearestOrEven)) * size
            let final = Int(Double(fitted) / bottleneck)
            let groups = Int((Double(final) * bottleneck).rounded(.toNearestOrEven)) / size
            return Stage(
                width: final, blocks: widths.filter { $0 == width }.count, groups: groups, groupWidth: size)
        }
    }

    private struct Published {
        let start: Int
        let slope, ratio: Double
        let groupWidth, depth: Int

        init(_ start: Int, _ slope: Double, _ ratio: Double, _ groupWidth: Int, _ depth: Int) {
            self.start = start
            self.slope = slope
            self.ratio = ratio
            self.groupWidth = groupWidth
            self.depth = depth
        }
    }

    private static let published = [
        "regnetx_400mf": Published(24, 24.48, 2.54, 16, 22), "regnetx_800mf": Published(56, 35.73, 2.28, 16, 16),
        "regnetx_1.6gf": Published(80, 34.01, 2.25, 24, 18), "regnetx_3.2gf": Published(88, 26.31, 2.25, 48, 25),
        "regnetx_4.0gf": Published(96, 38.65, 2.43, 40, 23), "regnetx_6.4gf": Published(184, 60.83, 2.07, 56, 17),
        "regnetx_8.0gf": Published(80, 49.56, 2.88, 120, 23), "regnetx_12gf": Published(168, 73.36, 2.37, 112, 19),
    ]
}
