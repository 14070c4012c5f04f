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
        deconvolutions = try configuration.deconvolutionStack(at: path / "deconv_layers", inChannels: inChannels)
        var channels = configuration.deconvolutions.last?.channels ?? inChannels
        convolutions = try Self.stack(configuration.convolutions, at: path / "conv_layers") { path, entry in
            defer { channels = entry.channels }
            return try Conv2d(
                at: path, inChannels: channels, outChannels: entry.channels, kernel: entry.kernel,
                padding: (entry.kernel - 1) / 2)
        }
        final = try configuration.finalLayer(at: path / "final_layer", inChannels: channels, outChannels: outChannels)
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
    fileprivate static func stack(
        _ entries: [DeconvolutionConfiguration.Entry], at path: ParameterPath,
        convolution: (ParameterPath, DeconvolutionConfiguration.Entry) throws -> any Layer
    ) throws -> Sequential? {
        guard !entries.isEmpty else { return nil }
        return Sequential(
            try entries.enumerated().flatMap { index, entry -> [any Layer] in
                [
                    try convolution(path / (3 * index), entry),
                    try BatchNorm2d(at: path / (3 * index + 1), channels: entry.channels), ActivationLayer(.relu),
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

    func layer(at path: ParameterPath, inChannels: Int, outChannels: Int, groups: Int) throws -> any Layer {
        try ConvTranspose2d(
            at: path, inChannels: inChannels, outChannels: outChannels, kernel: kernel, stride: 2, padding: padding,
            groups: groups, bias: false, outputPadding: outputPadding)
    }
}

/// The arguments that heatmap and SimCC heads share.
struct DeconvolutionConfiguration {
    struct Entry {
        let channels, kernel: Int
        var groups = 1
    }

    /// The transposed convolutions of a head whose config does not name any.
    struct Defaults {
        let deconvolutions: [Entry]
        /// Whether the head reads `deconv_num_groups`.
        let readsGroups: Bool

        /// Xiao et al. 2018.
        static let simpleBaseline = Defaults(
            deconvolutions: Array(repeating: Entry(channels: 256, kernel: 4), count: 3), readsGroups: false)
        /// Xu et al. 2021: in groups.
        static let viPNAS = Defaults(
            deconvolutions: Array(repeating: Entry(channels: 144, kernel: 4, groups: 16), count: 3), readsGroups: true)
        static let none = Defaults(deconvolutions: [], readsGroups: false)
    }

    struct Final {
        let kernel, stride, padding: Int
        let bias: Bool
    }

    let path: String
    let deconvolutions: [Entry]
    var convolutions: [Entry]
    let final: Final?

    init(_ arguments: Arguments, defaults: Defaults = .simpleBaseline) throws {
        path = arguments.path
        let entries = try Self.entries(
            arguments, "deconv_out_channels", "deconv_kernel_sizes", defaults: defaults.deconvolutions)
        deconvolutions = try defaults.readsGroups ? Self.grouped(entries, arguments, defaults) : entries
        convolutions = try Self.entries(arguments, "conv_out_channels", "conv_kernel_sizes", defaults: [])
        final = try Self.readFinal(arguments)
    }

    /// Only the last convolution.
    func withoutConvolutions() -> DeconvolutionConfiguration {
        var copy = self
        copy.convolutions = []
        return copy
    }

    /// The transposed convolutions alone; `nil` if there are none.
    func deconvolutionStack(at path: ParameterPath, inChannels: Int) throws -> Sequential? {
        var channels = inChannels
        return try DeconvolutionLayers.stack(deconvolutions, at: path) { path, entry in
            defer { channels = entry.channels }
            return try TransposedKernel(entry.kernel, at: self.path).layer(
                at: path, inChannels: channels, outChannels: entry.channels, groups: entry.groups)
        }
    }

    /// The last convolution alone; `nil` if the config has none.
    func finalLayer(at path: ParameterPath, inChannels: Int, outChannels: Int) throws -> Conv2d? {
        try final.map {
            try Conv2d(
                at: path, inChannels: inChannels, outChannels: outChannels, kernel: $0.kernel, stride: $0.stride,
                padding: $0.padding, bias: $0.bias)
        }
    }

    private static func grouped(
        _ entries: [Entry], _ arguments: Arguments, _ defaults: Defaults
    ) throws -> [Entry] {
        let groups = try arguments.ints("deconv_num_groups", default: defaults.deconvolutions.map(\.groups))
        guard groups.count == entries.count || entries.isEmpty else {
            throw arguments.invalid(
                "deconv_num_groups", "\(entries.count) transposed convolutions, but \(groups.count) group counts")
        }
        return zip(entries, groups).map { Entry(channels: $0.channels, kernel: $0.kernel, groups: $1) }
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
        return zip(channels, kernels).map { Entry(channels: $0, kernel: $1) }
    }

    /// A 1×1 convolution unless `final_layer` changes it; `None` leaves it out.
    private static func readFinal(_ arguments: Arguments) throws -> Final? {
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
