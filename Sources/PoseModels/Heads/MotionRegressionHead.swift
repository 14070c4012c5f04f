public import PyConfig
public import Torch

/// The head of MotionBERT (Zhu et al. 2023): a hidden layer with tanh, then coordinates of every joint in every frame.
///
/// Shapes: reads features `(B, T, K, in_channels)`, gives `(B, T, K, out_channels)`.
public final class MotionRegressionHead: Head {
    private let hidden: Linear
    private let output: Linear
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let width = try arguments.int("embedding_size", default: 512, in: 1...65536)
        hidden = try Linear(
            at: path / "pre_logits" / "fc", in: arguments.int("in_channels", default: 256, in: 1...65536), out: width)
        output = try Linear(at: path / "fc", in: width, out: arguments.int("out_channels", default: 3, in: 1...65536))
        decoder = arguments.decoder()
        keypointCount = decoder?["num_keypoints"]?.intValue ?? 17
        arguments.ignoreLosses()
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .lifted(try output(hidden(features.element(at: -1)).tanh()), trajectory: nil)
    }
}
