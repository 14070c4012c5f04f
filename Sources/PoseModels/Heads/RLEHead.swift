public import PyConfig
public import Torch

/// Coordinates and their deviations straight from pooled features, trained with residual log-likelihood (Li et al.
/// 2021).
///
/// Shapes: reads the last feature map, flattened to `(B, inChannels)`, gives `(B, K, 4)`: x and y as parts of the input's
/// size, then their deviations before the sigmoid.
public final class RLEHead: Head {
    /// The distribution that training fits to the residuals; part of the state dict.
    let flow: RealNVP?
    private let linear: Linear
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_joints", in: 1...65536)
        let loss = try arguments.child("loss").map { Registry.unscoped(try $0.type()) } ?? "RLELoss"
        flow = loss == "RLELoss" ? try RealNVP(at: path / "loss_module" / "flow_model") : nil
        linear = try Linear(at: path / "fc", in: arguments.singleInChannels(), out: 4 * keypointCount)
        decoder = arguments.decoder()
        arguments.ignoreLosses()
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .likelihood(try linear(features.element(at: -1).flatten(from: 1)).reshape([-1, keypointCount, 4]))
    }

    public var conversions: [any StateDictRule] { [RenameLoss()] }
}

/// 0.x called the loss of a head `loss`.
struct RenameLoss: StateDictRule {
    let name = "loss → loss_module"
    let supersededBy: Int? = nil

    func convert(_ key: String) -> String? {
        let prefix = "loss."
        return key.hasPrefix(prefix) ? "loss_module." + key.dropFirst(prefix.count) : key
    }
}
