import PyConfig
public import Torch

/// V2V-PoseNet (Moon et al. 2018): an encoder and decoder over volumes.
///
/// Shapes: input `(B, input_channels, D, H, W)` with sides that 4 divides; one output `(B, output_channels, D, H, W)`.
public final class V2VNet: Backbone {
    private let entry: Sequential
    private let encoderDecoder: VolumeEncoderDecoder
    private let output: Conv3d

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let middle = try arguments.int("mid_channels", default: 32, in: 2...65536)
        let front = path / "front_layers"
        entry = Sequential([
            try VolumeConvolution(
                at: front / 0 / "block", inChannels: arguments.int("input_channels"), outChannels: middle / 2,
                kernel: 7),
            try VolumeResidualBlock(at: front / 1, inChannels: middle / 2, outChannels: middle),
        ])
        encoderDecoder = try VolumeEncoderDecoder(at: path / "encoder_decoder", channels: middle)
        output = try Conv3d(
            at: path / "output_layer", inChannels: middle, outChannels: arguments.int("output_channels"), kernel: 1)
        arguments.ignore("init_cfg")
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        [try output(encoderDecoder(entry(x)))]
    }
}

/// Two halvings and two doublings of the resolution, each level with a connection across.
///
/// Shapes: input and output `(B, channels, D, H, W)`.
private final class VolumeEncoderDecoder: Layer {
    private let encoders, decoders, skips: [VolumeResidualBlock]
    private let middle: VolumeResidualBlock
    private let enlargers: [Sequential]

    init(at path: ParameterPath, channels: Int) throws {
        func block(_ name: String, _ inChannels: Int, _ outChannels: Int) throws -> VolumeResidualBlock {
            try VolumeResidualBlock(at: path / name, inChannels: inChannels, outChannels: outChannels)
        }
        func enlarger(_ name: String, _ inChannels: Int) throws -> Sequential {
            let place = path / name / "block"
            return Sequential([
                try ConvTranspose3d(
                    at: place / 0, inChannels: inChannels, outChannels: inChannels / 2, kernel: 2, stride: 2),
                try BatchNorm3d(at: place / 1, channels: inChannels / 2), ActivationLayer(.relu),
            ])
        }
        let (wide, wider) = (2 * channels, 4 * channels)
        encoders = [try block("encoder_res1", channels, wide), try block("encoder_res2", wide, wider)]
        middle = try block("mid_res", wider, wider)
        let coarse = try (block("decoder_res2", wider, wider), enlarger("decoder_upsample2", wider))
        let fine = try (block("decoder_res1", wide, wide), enlarger("decoder_upsample1", wide))
        decoders = [coarse.0, fine.0]
        enlargers = [coarse.1, fine.1]
        skips = [try block("skip_res1", channels, channels), try block("skip_res2", wide, wide)]
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        var y = x
        var across: [Tensor] = []
        for (skip, encoder) in zip(skips, encoders) {
            across.append(try skip(y))
            y = try encoder(y.maxPool3d(kernel: [2, 2, 2]))
        }
        y = try middle(y)
        for (level, decoder) in decoders.enumerated() {
            y = try enlargers[level](decoder(y)) + across[across.count - 1 - level]
        }
        return y
    }
}

/// Two 3×3×3 convolutions and the identity, which is projected where the channels change.
///
/// Keys: `res_branch.N`, `skip_con`.
private final class VolumeResidualBlock: Layer {
    private let branch: Sequential
    private let shortcut: VolumeConvolution?

    init(at path: ParameterPath, inChannels: Int, outChannels: Int) throws {
        let place = path / "res_branch"
        branch = Sequential([
            try VolumeConvolution(at: place / 0, inChannels: inChannels, outChannels: outChannels, kernel: 3),
            try VolumeConvolution(
                at: place / 1, inChannels: outChannels, outChannels: outChannels, kernel: 3, activates: false),
        ])
        shortcut =
            inChannels == outChannels
            ? nil
            : try VolumeConvolution(
                at: path / "skip_con", inChannels: inChannels, outChannels: outChannels, kernel: 1, activates: false)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        try (branch(x) + (shortcut?(x) ?? x)).relu()
    }
}

/// A convolution over volumes that has a bias although it is normalised, and its activation.
///
/// Keys: `conv.*`, `bn.*`.
private final class VolumeConvolution: Layer {
    private let layers: Sequential

    init(at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: Int, activates: Bool = true) throws {
        let parts: [any Layer] = [
            try Conv3d(
                at: path / "conv", inChannels: inChannels, outChannels: outChannels, kernel: kernel,
                padding: (kernel - 1) / 2), try BatchNorm3d(at: path / "bn", channels: outChannels),
        ]
        layers = Sequential(activates ? parts + [ActivationLayer(.relu)] : parts)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor { try layers(x) }
}
