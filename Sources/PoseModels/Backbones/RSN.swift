import PyConfig
import Torch

extension MSPN.Design {
    /// RSN (Cai et al. 2020): MSPN with residual steps blocks.
    static func rsn(_ arguments: Arguments) throws -> Self {
        let steps = try arguments.int("num_steps", default: 4, in: 2...64)
        let expansion = try arguments.int("expand_times", default: 26, in: 1...4096)
        let topChannels = try arguments.int("res_top_channels", default: 64, in: 1...4096)
        return Self(name: "multi_stage_rsn", expansion: 1) { path, shape, normalization in
            try ResidualStepsBlock(
                at: path, shape, steps: steps, width: shape.inChannels * expansion / topChannels, normalization)
        }
    }
}

/// Splits the channels into branches; the `n`-th is convolved `n` times, each time joined by what the branch before it
/// had at that depth.
///
/// Keys: `downsample`, `conv_bn_relu1`, `conv_bn_relu2_N_K`, `conv_bn3`.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
private final class ResidualStepsBlock: Layer {
    private let shortcut: Shortcut?
    private let split, merge: ConvModule
    private let branches: [[ConvModule]]
    private let width: Int

    init(
        at path: ParameterPath, _ shape: ResidualShape, steps: Int, width: Int, _ normalization: Normalization
    ) throws {
        var style = ResidualStyle(normalization: normalization)
        style.namesShortcut = true
        shortcut = try Shortcut(at: path / "downsample", shape, style: style)
        split = try ConvModule(
            at: path / "conv_bn_relu1", inChannels: shape.inChannels, outChannels: steps * width, kernel: 1,
            stride: shape.stride, normalization: normalization)
        branches = try (1...steps).map { branch in
            try (1...branch).map { step in
                try ConvModule(
                    at: path / "conv_bn_relu2_\(branch)_\(step)", inChannels: width, outChannels: width, kernel: 3,
                    padding: 1, normalization: normalization)
            }
        }
        merge = try ConvModule(
            at: path / "conv_bn3", inChannels: steps * width, outChannels: shape.outChannels, kernel: 1,
            normalization: normalization, activation: nil)
        self.width = width
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        var previous: [Tensor] = []
        var results: [Tensor] = []
        for (part, branch) in zip(try split(x).split(width, dim: 1), branches) {
            var own: [Tensor] = []
            for (step, convolution) in branch.enumerated() {
                let input = own.last ?? part
                own.append(try convolution(step < previous.count ? input + previous[step] : input))
            }
            results.append(own[own.count - 1])
            previous = own
        }
        return try (merge(Tensor.cat(results, dim: 1)) + (shortcut?(x) ?? x)).relu()
    }
}
