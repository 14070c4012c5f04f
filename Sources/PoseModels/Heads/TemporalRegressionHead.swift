public import PyConfig
public import Torch

/// The head of a temporal lifter: one linear layer from features to camera-space or root-relative coordinates. As
/// trajectory head it gives the place of the root.
///
/// Shapes: reads features `(B, in_channels, T)`, gives `(B·T, num_joints, 3)`.
public final class TemporalRegressionHead: Head {
    private let layer: Conv1d
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_joints", in: 1...65536)
        layer = try Conv1d(
            at: path / "conv", inChannels: arguments.singleInChannels(), outChannels: 3 * keypointCount, kernel: 1)
        decoder = arguments.decoder()
        arguments.ignoreLosses()
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .lifted(try layer(features.element(at: -1)).reshape([-1, keypointCount, 3]), trajectory: nil)
    }
}
