import Foundation
import PyConfig
import Torch

/// One entry of an `init_cfg`: how the weights and biases of layers of some kinds begin, by MMEngine's names.
struct LayerInitialization: Sendable {
    /// Kinds of layers; nil for all.
    let layers: [String]?
    let weight: Initializer
    /// The number that biases begin with; nil for what the layer gives them.
    let bias: Double?

    init(_ weight: Initializer, of layers: [String]?, bias: Double? = 0) {
        self.layers = layers
        self.weight = weight
        self.bias = bias
    }

    /// - Throws: `ModelError.unknownType`, `ConfigError` for arguments.
    init(_ arguments: Arguments) throws {
        let type = try Registry.unscoped(arguments.type())
        layers = try arguments.has("layer") ? arguments.strings("layer", orScalar: true) : nil
        if let probability = try arguments.optionalDouble("bias_prob") {
            bias = Self.bias(ofProbability: probability)
        } else {
            bias = try arguments.double("bias", default: 0)
        }
        let isUniform = try arguments.string("distribution", default: "normal") == "uniform"
        switch type.hasSuffix("Init") ? String(type.dropLast(4)) : type {
        case "Constant": weight = .constant(try arguments.double("val"))
        case "Normal":
            weight = .normal(
                mean: try arguments.double("mean", default: 0), std: try arguments.double("std", default: 1))
        case "TruncNormal":
            weight = .truncNormal(
                mean: try arguments.double("mean", default: 0), std: try arguments.double("std", default: 1),
                low: try arguments.double("a", default: -2), high: try arguments.double("b", default: 2))
        case "Uniform":
            weight = .uniform(try arguments.double("a", default: 0), try arguments.double("b", default: 1))
        case "Xavier":
            let gain = try arguments.double("gain", default: 1)
            weight = isUniform ? .xavierUniform(gain: gain) : .xavierNormal(gain: gain)
        case "Kaiming":
            let mode = try arguments.string("mode", default: "fan_out")
            guard ["fan_in", "fan_out"].contains(mode) else {
                throw arguments.invalid("mode", "'\(mode)' is neither fan_in nor fan_out")
            }
            let fan = mode == "fan_in" ? Initializer.Fan.input : .output
            let nonlinearity = try Self.nonlinearity(arguments)
            weight =
                isUniform
                ? .kaimingUniform(fan: fan, nonlinearity: nonlinearity)
                : .kaimingNormal(fan: fan, nonlinearity: nonlinearity)
        case "Caffe2Xavier": weight = .kaimingUniform(nonlinearity: .leakyRelu(1))
        default:
            throw ModelError.unknownType(
                type, at: arguments.path,
                known: [
                    "Constant", "Normal", "TruncNormal", "Uniform", "Xavier", "Kaiming", "Caffe2Xavier", "Pretrained",
                ])
        }
        arguments.ignore("override", "_scope_")
        try arguments.finish()
    }

    /// The bias with which a sigmoid gives a probability (Lin et al. 2017).
    static func bias(ofProbability probability: Double) -> Double { -log((1 - probability) / probability) }

    private static func nonlinearity(_ arguments: Arguments) throws -> Initializer.Nonlinearity {
        let slope = try arguments.double("a", default: 0)
        let name = try arguments.string("nonlinearity", default: "relu")
        switch name {
        case "relu": return .relu
        case "leaky_relu": return .leakyRelu(slope)
        case "linear", "conv1d", "conv2d", "conv3d": return .linear
        case "sigmoid": return .sigmoid
        case "tanh": return .tanh
        case "selu": return .selu
        default: throw arguments.invalid("nonlinearity", "'\(name)' is none that torch.nn.init knows")
        }
    }

    /// Sets how the parameters of fitting layers at `path` and below begin.
    func apply(to path: ParameterPath) {
        for module in path.modules where fits(module.layerType) {
            guard let parameter = module["weight"], parameter.kind == .parameter else { continue }
            parameter.initializer = weight
            if let bias { module["bias"]?.initializer = .constant(bias) }
        }
    }

    private func fits(_ type: String?) -> Bool {
        guard let layers else { return true }
        guard let type else { return false }
        // MMEngine also looks at the class a layer is derived from.
        return layers.contains(type)
            || type.hasPrefix("BatchNorm") && !Set(layers).isDisjoint(with: ["_BatchNorm", "SyncBatchNorm"])
            || type.hasPrefix("InstanceNorm") && layers.contains("_InstanceNorm")
    }
}
