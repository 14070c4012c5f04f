import Torch

/// Global context (Cao et al. 2019): adds to every pixel what a small network makes of a weighted mean of all pixels.
///
/// Keys: `conv_mask`, `channel_add_conv.0`, `.1`, `.3`.
/// Shapes: input and output `(B, channels, H, W)`.
final class ContextBlock: Layer {
    private let mask: Conv2d
    private let transform: Sequential

    /// - Parameter ratio: hidden channels over channels.
    init(at path: ParameterPath, channels: Int, ratio: Double) throws {
        let hidden = Int(Double(channels) * ratio)
        mask = try Conv2d(
            at: path / "conv_mask", inChannels: channels, outChannels: 1, kernel: 1,
            initializer: .kaimingNormal(nonlinearity: .relu))
        let layers = path / "channel_add_conv"
        transform = Sequential([
            try Conv2d(at: layers / 0, inChannels: channels, outChannels: hidden, kernel: 1),
            try LayerNorm(at: layers / 1, shape: [hidden, 1, 1]),
            ActivationLayer(.relu),
            // Starts as zero, so that the block starts as the identity.
            try Conv2d(at: layers / 3, inChannels: hidden, outChannels: channels, kernel: 1, initializer: .zeros),
        ])
        mask.bias?.initializer = .zeros
        (layers / 3)["bias"]?.initializer = .zeros
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let (batch, channels) = (x.shape[0], x.shape[1])
        let weights = try mask(x).reshape([batch, -1, 1]).softmax(dim: 1)
        let context = try x.reshape([batch, channels, -1]).matmul(weights).reshape([batch, channels, 1, 1])
        return try x + transform(context)
    }
}
