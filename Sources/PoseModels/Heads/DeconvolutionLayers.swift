import PyConfig
import Torch

/// The layers between the feature map and the last convolution of a heatmap head (Xiao et al. 2018): upsampling by
/// transposed convolutions, then ordinary ones.
struct DeconvolutionLayers {
    let deconvolutions: Sequential?
    let convolutions: Sequential?
    let final: Conv2d?
    /// Channels of the output.
    let outChannels: Int

    /// Keys: `deconv_layers.N`, `conv_layers.N`, `final_layer`.
    init(at path: ParameterPath, inChannels: Int, outChannels: Int, _ configuration: DeconvolutionConfiguration) throws
    {
        var channels = inChannels
        deconvolutions = try Self.stack(configuration.deconvolutions) { index, width, kernel in
            defer { channels = width }
            return try TransposedKernel(kernel, at: configuration.path).layer(
                at: path / "deconv_layers" / index, inChannels: channels, outChannels: width)
        } norm: { index, width in
            try BatchNorm2d(at: path / "deconv_layers" / index, channels: width)
        }
        convolutions = try Self.stack(configuration.convolutions) { index, width, kernel in
            defer { channels = width }
            return try Conv2d(
                at: path / "conv_layers" / index, inChannels: channels, outChannels: width, kernel: kernel,
                padding: (kernel - 1) / 2)
        } norm: { index, width in
            try BatchNorm2d(at: path / "conv_layers" / index, channels: width)
        }
        final = try configuration.final.map {
            try Conv2d(
                at: path / "final_layer", inChannels: channels, outChannels: outChannels, kernel: $0.kernel,
                stride: $0.stride, padding: $0.padding, bias: $0.bias)
        }
        self.outChannels = final == nil ? channels : outChannels
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        var y = x
        if let deconvolutions { y = try deconvolutions(y) }
        if let convolutions { y = try convolutions(y) }
        if let final { y = try final(y) }
        return y
    }

    /// Convolution, normalisation and ReLU for every entry; `nil` if there is none.
    private static func stack(
        _ entries: [DeconvolutionConfiguration.Entry],
        convolution: (_ index: Int, _ width: Int, _ kernel: Int) throws -> any Layer,
        norm: (_ index: Int, _ width: Int) throws -> any Layer
    ) throws -> Sequential? {
        guard !entries.isEmpty else { return nil }
        return Sequential(
            try entries.enumerated().flatMap { index, entry -> [any Layer] in
                [
                    try convolution(3 * index, entry.channels, entry.kernel), try norm(3 * index + 1, entry.channels),
                    ActivationLayer(.relu),
                ]
            })
    }
}

/// The kernel of a stride-2 transposed convolution with the paddings that double the size exactly.
private struct TransposedKernel {
    let kernel, padding, outputPadding: Int

    init(_ kernel: Int, at path: String) throws {
        self.kernel = kernel
        switch kernel {
        case 4: (padding, outputPadding) = (1, 0)
        case 3: (padding, outputPadding) = (1, 1)
        case 2: (padding, outputPadding) = (0, 0)
        default:
            throw ConfigError.invalidArgument(
                path: "\(path).deconv_kernel_sizes", reason: "a kernel of \(kernel) is not supported; use 2, 3 or 4")
        }
    }

    func layer(at path: ParameterPath, inChannels: Int, outChannels: Int) throws -> any Layer {
        try ConvTranspose2d(
            at: path, inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: 2, padding: padding,
            bias: false, outputPadding: outputPadding)
    }
}

/// The arguments that heatmap and SimCC heads share.
struct DeconvolutionConfiguration {
    struct Entry {
        let channels, kernel: Int
    }

    struct Final {
        let kernel, stride, padding: Int
        let bias: Bool
    }

    let path: String
    let deconvolutions: [Entry]
    var convolutions: [Entry]
    let final: Final?

    init(_ arguments: Arguments, defaultDeconvolutions: Int = 3) throws {
        path = arguments.path
        deconvolutions = try Self.entries(
            arguments, "deconv_out_channels", "deconv_kernel_sizes",
            defaults: Array(repeating: Entry(channels: 256, kernel: 4), count: defaultDeconvolutions))
        convolutions = try Self.entries(arguments, "conv_out_channels", "conv_kernel_sizes", defaults: [])
        final = try Self.finalLayer(arguments)
    }

    /// Only the last convolution.
    func withoutConvolutions() -> DeconvolutionConfiguration {
        var copy = self
        copy.convolutions = []
        return copy
    }

    private static func entries(
        _ arguments: Arguments, _ channelsName: String, _ kernelsName: String, defaults: [Entry]
    ) throws -> [Entry] {
        let kernels = try arguments.optionalInts(kernelsName)
        guard let value = arguments.value(channelsName) else {
            guard let kernels else { return defaults }
            return try pair(
                defaults.map(\.channels), kernels, at: arguments.path(of: kernelsName))
        }
        if value.isNone { return [] }
        let channels = try arguments.ints(channelsName)
        if channels.isEmpty { return [] }
        return try pair(
            channels, kernels ?? defaults.map(\.kernel), at: arguments.path(of: channelsName))
    }

    private static func pair(_ channels: [Int], _ kernels: [Int], at path: String) throws -> [Entry] {
        guard channels.count == kernels.count else {
            throw ConfigError.invalidArgument(
                path: path, reason: "\(channels.count) channel counts, but \(kernels.count) kernel sizes")
        }
        return zip(channels, kernels).map(Entry.init)
    }

    /// A 1×1 convolution unless `final_layer` changes it; `None` leaves it out.
    private static func finalLayer(_ arguments: Arguments) throws -> Final? {
        guard let value = arguments.value("final_layer") else {
            return Final(kernel: 1, stride: 1, padding: 0, bias: true)
        }
        if value.isNone { return nil }
        guard let layer = try arguments.child("final_layer") else { return nil }
        let type = try layer.optionalString("type") ?? "Conv2d"
        guard ["Conv2d", "Conv"].contains(type) else {
            throw ModelError.unknownType(type, at: layer.path, known: ["Conv2d", "Conv"])
        }
        let final = Final(
            kernel: try layer.int("kernel_size", default: 1), stride: try layer.int("stride", default: 1),
            padding: try layer.int("padding", default: 0), bias: try layer.bool("bias", default: true))
        try layer.finish()
        return final
    }
}
