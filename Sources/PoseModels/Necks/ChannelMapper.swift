import PyConfig
public import Torch

/// Brings every map to the same number of channels, and adds coarser ones.
///
/// Shapes: inputs `(B, in_channels[i], Hᵢ, Wᵢ)`; outputs the same sizes with `out_channels`, then as many further maps as
/// `num_outs` asks for, each half as large as the one before.
public final class ChannelMapper: Neck {
    private let convolutions, extras: [ConvModule]

    init(_ arguments: Arguments, at path: ParameterPath) throws {
        let channels = try arguments.ints("in_channels")
        let width = try arguments.int("out_channels")
        let kernel = try arguments.int("kernel_size", default: 3, in: 1...255)
        let normalization = try arguments.normalization(default: nil)
        let activation = try arguments.activation(default: .relu)
        let bias = try arguments.convolutionBias("bias")
        let outputs = try arguments.optionalInt("num_outs") ?? channels.count
        guard outputs <= 64, !channels.isEmpty else {
            throw arguments.invalid("num_outs", "\(outputs) maps of \(channels.count)")
        }
        convolutions = try channels.enumerated().map { index, inChannels in
            try ConvModule(
                at: path / "convs" / index, inChannels: inChannels, outChannels: width, kernel: kernel,
                padding: (kernel - 1) / 2, bias: bias, normalization: normalization, activation: activation)
        }
        extras = try (0..<max(0, outputs - channels.count)).map { index in
            try ConvModule(
                at: path / "extra_convs" / index, inChannels: index == 0 ? channels[channels.count - 1] : width,
                outChannels: width, kernel: 3, stride: 2, padding: 1, bias: bias, normalization: normalization,
                activation: activation)
        }
        try arguments.requirePlainConvolution()
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> [Tensor] {
        guard features.count == convolutions.count else {
            throw ModelError.invalidInput("the neck reads \(convolutions.count) maps, not \(features.count)")
        }
        var maps = try zip(convolutions, features).map { try $0($1) }
        for (index, extra) in extras.enumerated() {
            maps.append(try extra(index == 0 ? features[features.count - 1] : maps[maps.count - 1]))
        }
        return maps
    }
}

extension Arguments {
    /// Whether convolutions have a bias: `True`, `False`, or with `'auto'` (nil) those without normalisation.
    func convolutionBias(_ name: String) throws -> Bool? {
        guard let text = value(name)?.stringValue else { return try optionalBool(name) }
        guard text == "auto" else { throw invalid(name, "must be True, False or 'auto', not '\(text)'") }
        return nil
    }
}
