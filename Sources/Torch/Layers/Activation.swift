/// A nonlinearity without parameters.
public enum Activation: Hashable, Sendable {
    case identity, relu, relu6, silu
    /// The same function as `silu`, from a sigmoid and a product as mmcv computes it: the last bits differ.
    case swish
    case gelu(GeluApproximation)
    case mish, hardswish, hardsigmoid, sigmoid, tanh
    case leakyRelu(negativeSlope: Double)
    case elu(alpha: Double)
    case softplus
    case clamp(min: Double, max: Double)

    /// The activation that PyTorch or mmcv calls so; `PReLU`, which has a parameter, is a layer of its own.
    ///
    /// - Parameters:
    ///   - negativeSlope: Of `LeakyReLU`.
    ///   - alpha: Of `ELU`.
    /// - Throws: `TorchError` for a name that is none, with those that are.
    public init(named name: String, negativeSlope: Double = 0.01, alpha: Double = 1) throws {
        switch name {
        case "Identity": self = .identity
        case "ReLU": self = .relu
        case "ReLU6": self = .relu6
        case "SiLU": self = .silu
        case "Swish": self = .swish
        case "GELU": self = .gelu(.none)
        case "Mish": self = .mish
        case "HSwish", "Hardswish": self = .hardswish
        case "HSigmoid", "Hardsigmoid": self = .hardsigmoid
        case "Sigmoid": self = .sigmoid
        case "Tanh": self = .tanh
        case "LeakyReLU": self = .leakyRelu(negativeSlope: negativeSlope)
        case "ELU": self = .elu(alpha: alpha)
        case "Softplus": self = .softplus
        case "Clip", "Clamp": self = .clamp(min: -1, max: 1)
        default:
            throw TorchError(
                operator: "Activation",
                message: "no activation is called \"\(name)\"; there are \(Self.names.joined(separator: ", "))")
        }
    }

    /// The names `init(named:)` takes.
    public static let names = [
        "Identity", "ReLU", "ReLU6", "SiLU", "Swish", "GELU", "Mish", "HSwish", "Hardswish", "HSigmoid", "Hardsigmoid",
        "Sigmoid", "Tanh", "LeakyReLU", "ELU", "Softplus", "Clip", "Clamp",
    ]

    /// A new tensor of the same shape.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        switch self {
        case .identity: x
        case .relu: try x.relu()
        case .relu6: try x.relu6()
        case .silu: try x.silu()
        case .swish: try x * x.sigmoid()
        case .gelu(let approximation): try x.gelu(approximate: approximation)
        case .mish: try x.mish()
        case .hardswish: try x.hardswish()
        case .hardsigmoid: try x.hardsigmoid()
        case .sigmoid: try x.sigmoid()
        case .tanh: try x.tanh()
        case .leakyRelu(let slope): try x.leakyRelu(negativeSlope: slope)
        case .elu(let alpha): try x.elu(alpha: alpha)
        case .softplus: try x.softplus()
        case .clamp(let min, let max): try x.clamp(min: min, max: max)
        }
    }

    /// Overwrites `x`, which must be a temporary nobody else looks at, where the operator can do that.
    public func inPlace(_ x: Tensor) throws -> Tensor {
        switch self {
        case .identity: x
        case .relu: try x.relu_()
        case .relu6: try x.relu6_()
        case .silu: try x.silu_()
        case .swish: try x * x.sigmoid()
        case .gelu(let approximation): try x.gelu_(approximate: approximation)
        case .mish: try x.mish_()
        case .hardswish: try x.hardswish_()
        case .hardsigmoid: try x.hardsigmoid_()
        case .sigmoid: try x.sigmoid_()
        case .tanh: try x.tanh_()
        case .leakyRelu(let slope): try x.leakyRelu_(negativeSlope: slope)
        case .elu(let alpha): try x.elu_(alpha: alpha)
        case .softplus: try x.softplus()
        case .clamp(let min, let max): try x.clamp_(min: min, max: max)
        }
    }
}

/// An activation in a row of layers.
public final class ActivationLayer: Layer {
    /// The function applied.
    public let activation: Activation

    /// A layer that applies `activation`.
    public init(_ activation: Activation) { self.activation = activation }

    /// A new tensor of the same shape.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try activation(x) }
}

/// Scales negative values by a learned number, one for all channels or one each (He et al. 2015).
public final class PReLU: Layer {
    /// The slopes for negative values.
    public let weight: Parameter

    /// - Throws: `ParameterError` for a path that is taken.
    public init(at path: ParameterPath, channels: Int = 1, initial: Double = 0.25) throws {
        path.declare(layerType: "PReLU")
        weight = try path.parameter("weight", shape: [channels], initializer: .constant(initial))
    }

    /// `(N, C, …)` keeps its shape.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try x.prelu(weight: weight.tensor) }
}
