import Torch

/// The block of MobileNetV3 (Howard et al. 2019): expand, filter each channel or group, weigh the channels, contract, and
/// add the input where it has the same shape.
///
/// Keys: `expand_conv`, `depthwise_conv`, `se`, `linear_conv`.
/// Shapes: input `(B, inChannels, H, W)`, output `(B, outChannels, H/stride, W/stride)`.
final class InvertedResidual: Layer {
    struct Configuration {
        var inChannels, middleChannels, outChannels: Int
        var kernel = 3
        var stride = 1
        /// Groups of the filtering convolution; each channel is one if `nil`.
        var groups: Int?
        /// Without it, `middleChannels` is `inChannels`.
        var expands = true
        var weighsChannels = false
        var activation = Activation.relu
    }

    private let layers: [any Layer]
    private let keepsShape: Bool

    init(at path: ParameterPath, _ configuration: Configuration, _ normalization: Normalization?) throws {
        let (middle, activation) = (configuration.middleChannels, configuration.activation)
        keepsShape = configuration.stride == 1 && configuration.inChannels == configuration.outChannels
        var layers: [any Layer] = []
        if configuration.expands {
            layers.append(
                try ConvModule(
                    at: path / "expand_conv", inChannels: configuration.inChannels, outChannels: middle, kernel: 1,
                    normalization: normalization, activation: activation))
        }
        layers.append(
            try ConvModule(
                at: path / "depthwise_conv", inChannels: middle, outChannels: middle, kernel: configuration.kernel,
                stride: configuration.stride, padding: configuration.kernel / 2,
                groups: configuration.groups ?? middle, normalization: normalization, activation: activation))
        if configuration.weighsChannels {
            layers.append(try SqueezeExcitation(at: path / "se", channels: middle, ratio: 4, gate: .mobileNetV3))
        }
        layers.append(
            try ConvModule(
                at: path / "linear_conv", inChannels: middle, outChannels: configuration.outChannels, kernel: 1,
                normalization: normalization, activation: nil))
        self.layers = layers
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try layers.reduce(x) { try $1($0) }
        return keepsShape ? try x + y : y
    }
}
