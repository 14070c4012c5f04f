import Torch

/// The block of ShuffleNetV2 (Ma et al. 2018): half of the channels pass, the other half is transformed, then both mix.
/// Where it halves the resolution, both halves are transformed.
///
/// Keys: `branch1.N` (only with a stride), `branch2.N`.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`; without a stride the numbers of
/// channels are equal and even.
final class ShuffleUnit: Layer {
    private let shortcut: Sequential?
    private let branch: Sequential

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, stride: Int = 1, normalization: Normalization?,
        activation: Activation? = .relu
    ) throws {
        let half = outChannels / 2
        func pointwise(_ path: ParameterPath, from channels: Int) throws -> ConvModule {
            try ConvModule(
                at: path, inChannels: channels, outChannels: half, kernel: 1, normalization: normalization,
                activation: activation)
        }
        func depthwise(_ path: ParameterPath, _ channels: Int) throws -> ConvModule {
            try ConvModule(
                at: path, inChannels: channels, outChannels: channels, kernel: 3, stride: stride, padding: 1,
                groups: channels, normalization: normalization, activation: nil)
        }
        let (first, second) = (path / "branch1", path / "branch2")
        shortcut =
            stride == 1
            ? nil : Sequential([try depthwise(first / 0, inChannels), try pointwise(first / 1, from: inChannels)])
        branch = Sequential([
            try pointwise(second / 0, from: stride == 1 ? half : inChannels), try depthwise(second / 1, half),
            try pointwise(second / 2, from: half),
        ])
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        if let shortcut { return try Tensor.cat([shortcut(x), branch(x)], dim: 1).shuffleChannels(groups: 2) }
        let halves = try x.chunk(2, dim: 1)
        return try Tensor.cat([halves[0], branch(halves[1])], dim: 1).shuffleChannels(groups: 2)
    }
}

extension Tensor {
    /// Takes one channel of each group in turn (Zhang et al. 2018), so that the next grouped convolution sees all groups.
    ///
    /// Shapes: `(B, C, H, W)`, of which `groups` divides `C`.
    func shuffleChannels(groups: Int) throws -> Tensor {
        let shape = self.shape
        return try reshape([shape[0], groups, shape[1] / groups, shape[2], shape[3]]).transpose(1, 2).reshape(shape)
    }
}
