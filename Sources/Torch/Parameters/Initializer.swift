import Foundation

/// The values a parameter has before anything is loaded or learned; distributions as in `torch.nn.init`.
public struct Initializer: Sendable {
    /// Fills a tensor; the generator belongs to the parameter alone.
    let fill: @Sendable (Tensor, Generator) throws -> Void

    /// - Parameter fill: Writes all elements of the tensor, drawing from the generator only.
    public init(_ fill: @escaping @Sendable (Tensor, Generator) throws -> Void) { self.fill = fill }

    /// Zero everywhere, as biases start.
    public static let zeros = constant(0)
    /// One everywhere, as scales start.
    public static let ones = constant(1)

    /// The same number everywhere.
    public static func constant(_ value: Double) -> Initializer {
        Initializer { tensor, _ in try tensor.fill_(value) }
    }

    /// The values of a tensor of the same shape.
    public static func values(_ values: Tensor) -> Initializer {
        Initializer { tensor, _ in try tensor.copy_(from: values) }
    }

    /// Uniform in [low, high).
    public static func uniform(_ low: Double, _ high: Double) -> Initializer {
        Initializer { tensor, generator in try tensor.uniform_(low, high, generator: generator) }
    }

    /// Normal, without a cut.
    public static func normal(mean: Double = 0, std: Double) -> Initializer {
        Initializer { tensor, generator in try tensor.normal_(mean: mean, std: std, generator: generator) }
    }

    /// A normal distribution cut at `low` and `high` (absolute values, as in PyTorch).
    public static func truncNormal(
        mean: Double = 0, std: Double, low: Double = -2, high: Double = 2
    ) -> Initializer {
        Initializer { tensor, generator in
            func cumulative(_ x: Double) -> Double { (1 + erf((x - mean) / std / 2.0.squareRoot())) / 2 }
            // Uniform in the image of the interval under the distribution function, then its inverse.
            try tensor.uniform_(2 * cumulative(low) - 1, 2 * cumulative(high) - 1, generator: generator)
            try tensor.erfinv_().mul_(std * 2.0.squareRoot()).add_(mean).clamp_(min: low, max: high)
        }
    }

    /// Which side's variance the initialisers of He et al. keep.
    public enum Fan: Sendable { case input, output }

    /// What follows the layer, which sets the gain of the initialisers.
    public enum Nonlinearity: Sendable {
        case linear, sigmoid, tanh, relu, selu
        /// With the slope for negative values.
        case leakyRelu(Double)

        var gain: Double {
            switch self {
            case .linear, .sigmoid: 1
            case .tanh: 5.0 / 3
            case .relu: 2.0.squareRoot()
            case .selu: 0.75
            case .leakyRelu(let slope): (2 / (1 + slope * slope)).squareRoot()
            }
        }
    }

    /// He et al. 2015, uniform. PyTorch's own default for convolutions and linear layers is `leakyRelu(√5)`.
    public static func kaimingUniform(
        fan: Fan = .input, nonlinearity: Nonlinearity = .leakyRelu(0)
    ) -> Initializer {
        Initializer { tensor, generator in
            let std = nonlinearity.gain / Double(max(fans(tensor.shape).of(fan), 1)).squareRoot()
            let bound = 3.0.squareRoot() * std
            try tensor.uniform_(-bound, bound, generator: generator)
        }
    }

    /// He et al. 2015, normal.
    public static func kaimingNormal(
        fan: Fan = .input, nonlinearity: Nonlinearity = .leakyRelu(0)
    ) -> Initializer {
        Initializer { tensor, generator in
            let std = nonlinearity.gain / Double(max(fans(tensor.shape).of(fan), 1)).squareRoot()
            try tensor.normal_(mean: 0, std: std, generator: generator)
        }
    }

    /// Glorot and Bengio 2010, uniform.
    public static func xavierUniform(gain: Double = 1) -> Initializer {
        Initializer { tensor, generator in
            let fans = fans(tensor.shape)
            let bound = gain * (6.0 / Double(max(fans.input + fans.output, 1))).squareRoot()
            try tensor.uniform_(-bound, bound, generator: generator)
        }
    }

    /// Glorot and Bengio 2010, normal.
    public static func xavierNormal(gain: Double = 1) -> Initializer {
        Initializer { tensor, generator in
            let fans = fans(tensor.shape)
            let std = gain * (2.0 / Double(max(fans.input + fans.output, 1))).squareRoot()
            try tensor.normal_(mean: 0, std: std, generator: generator)
        }
    }

    /// PyTorch's default weights of convolutions and linear layers.
    public static let layerWeight = kaimingUniform(nonlinearity: .leakyRelu(5.0.squareRoot()))

    /// PyTorch's default biases of convolutions and linear layers: uniform within `1 / √fanIn` of their weight.
    public static func layerBias(weightShape: [Int]) -> Initializer {
        let bound = 1 / Double(max(fans(weightShape).input, 1)).squareRoot()
        return uniform(-bound, bound)
    }

    private struct Fans {
        let input, output: Int

        func of(_ fan: Fan) -> Int { fan == .input ? input : output }
    }

    /// Connections into one output and out of one input, for a weight `(out, in, …)`.
    private static func fans(_ shape: [Int]) -> Fans {
        guard shape.count >= 2 else {
            let count = shape.first ?? 1
            return Fans(input: count, output: count)
        }
        let receptiveField = shape.dropFirst(2).reduce(1, &*)
        return Fans(input: shape[1] &* receptiveField, output: shape[0] &* receptiveField)
    }
}
