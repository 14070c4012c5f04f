import Torch

/// Squeeze-and-excitation (Hu et al. 2018): weighs each channel by a gate computed from the means of all channels.
///
/// Keys: `conv1.conv`, `conv2.conv`.
/// Shapes: input and output `(B, channels, H, W)`.
final class SqueezeExcitation: Layer {
    /// The function that bounds the gate.
    enum Gate: Sendable {
        case sigmoid
        /// `(x + bias) / divisor`, cut at 0 and 1.
        case hard(bias: Double, divisor: Double)

        /// The gate of MobileNetV3's published weights. PyTorch's own hard sigmoid is `(x + 3) / 6`.
        static let mobileNetV3 = Gate.hard(bias: 1, divisor: 2)

        func callAsFunction(_ x: Tensor) throws -> Tensor {
            switch self {
            case .sigmoid: try x.sigmoid()
            case .hard(let bias, let divisor): try ((x + bias) / divisor).clamp(min: 0, max: 1)
            }
        }
    }

    private let squeeze, excite: ConvModule
    private let gate: Gate

    /// - Parameter ratio: channels over hidden channels.
    init(at path: ParameterPath, channels: Int, ratio: Double = 16, gate: Gate = .sigmoid) throws {
        let hidden = Int(Double(channels) / ratio)
        squeeze = try ConvModule(at: path / "conv1", inChannels: channels, outChannels: hidden, kernel: 1)
        excite = try ConvModule(
            at: path / "conv2", inChannels: hidden, outChannels: channels, kernel: 1, activation: nil)
        self.gate = gate
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x * gate(excite(squeeze(x.adaptiveAvgPool2d([1, 1]))))
    }
}
