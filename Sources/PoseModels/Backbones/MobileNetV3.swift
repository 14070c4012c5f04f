import PyConfig
public import Torch

/// MobileNetV3 (Howard et al. 2019), small or big.
///
/// Shapes: input `(B, 3, H, W)`; outputs for every index of `out_indices`, the last by default: `(B, 96, H/32, W/32)` of
/// the small network, `(B, 160, H/32, W/32)` of the big one.
public final class MobileNetV3: Backbone {
    private let stem: ConvModule
    private let blocks: [any Layer]
    private let outputs: Set<Int>

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let name = try arguments.string("arch", default: "small")
        guard let rows = Self.architectures[name] else {
            throw arguments.invalid("arch", "must be small or big, not \(name)")
        }
        let normalization = try arguments.normalization(default: Normalization())
        // Negative indices count from the end.
        let count = rows.count
        outputs = Set(try arguments.outIndices([-1], in: -count...count - 1).map { $0 < 0 ? $0 + count : $0 })
        try arguments.requirePlainConvolution()
        stem = try ConvModule(
            at: path / "conv1", inChannels: 3, outChannels: 16, kernel: 3, stride: 2, padding: 1,
            normalization: normalization, activation: .hardswish)
        var channels = 16
        blocks = try rows.enumerated().map { index, row in
            defer { channels = row.channels }
            return try InvertedResidual(
                at: path / "layer\(index + 1)",
                InvertedResidual.Configuration(
                    inChannels: channels, middleChannels: row.hidden, outChannels: row.channels, kernel: row.kernel,
                    stride: row.stride, weighsChannels: row.weighsChannels, activation: row.activation), normalization)
        }
        let names = ["conv1"] + (0..<count - 1).map { "layer\($0 + 1)" }
        try TrainingPolicy(arguments).apply(to: path, stages: names.map { [path / $0] }, stemFollowsBatches: true)
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        try features(of: blocks, stem(x), at: outputs)
    }

    /// One block.
    private struct Row {
        let kernel, hidden, channels: Int
        let weighsChannels: Bool
        let activation: Activation
        let stride: Int

        init(
            _ kernel: Int, _ hidden: Int, _ channels: Int, weighs: Bool, _ activation: Activation, stride: Int = 1
        ) {
            self.kernel = kernel
            self.hidden = hidden
            self.channels = channels
            weighsChannels = weighs
            self.activation = activation
            self.stride = stride
        }
    }

    private static let architectures: [String: [Row]] = [
        "small": [
            Row(3, 16, 16, weighs: true, .relu, stride: 2), Row(3, 72, 24, weighs: false, .relu, stride: 2),
            Row(3, 88, 24, weighs: false, .relu), Row(5, 96, 40, weighs: true, .hardswish, stride: 2),
            Row(5, 240, 40, weighs: true, .hardswish), Row(5, 240, 40, weighs: true, .hardswish),
            Row(5, 120, 48, weighs: true, .hardswish), Row(5, 144, 48, weighs: true, .hardswish),
            Row(5, 288, 96, weighs: true, .hardswish, stride: 2), Row(5, 576, 96, weighs: true, .hardswish),
            Row(5, 576, 96, weighs: true, .hardswish),
        ],
        "big": [
            Row(3, 16, 16, weighs: false, .relu), Row(3, 64, 24, weighs: false, .relu, stride: 2),
            Row(3, 72, 24, weighs: false, .relu), Row(5, 72, 40, weighs: true, .relu, stride: 2),
            Row(5, 120, 40, weighs: true, .relu), Row(5, 120, 40, weighs: true, .relu),
            Row(3, 240, 80, weighs: false, .hardswish, stride: 2), Row(3, 200, 80, weighs: false, .hardswish),
            Row(3, 184, 80, weighs: false, .hardswish), Row(3, 184, 80, weighs: false, .hardswish),
            Row(3, 480, 112, weighs: true, .hardswish), Row(3, 672, 112, weighs: true, .hardswish),
            Row(5, 672, 160, weighs: true, .hardswish), Row(5, 672, 160, weighs: true, .hardswish, stride: 2),
            Row(5, 960, 160, weighs: true, .hardswish),
        ],
    ]
}
