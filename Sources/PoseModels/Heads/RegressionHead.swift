public import PyConfig
public import Torch

/// Coordinates straight from pooled features, by one linear layer.
///
/// Shapes: reads the last feature map, flattened to `(B, inChannels)`, gives `(B, K, 2)` as parts of the input's size.
public final class RegressionHead: Head {
    private let linear: Linear
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_joints", in: 1...65536)
        linear = try Linear(at: path / "fc", in: arguments.singleInChannels(), out: 2 * keypointCount)
        decoder = arguments.decoder()
        arguments.ignoreLosses()
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .regression(try linear(features.element(at: -1).flatten(from: 1)).reshape([-1, keypointCount, 2]))
    }
}
