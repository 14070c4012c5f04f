/// A transposed convolution over `(N, Cin, L)`, giving `(N, Cout, L')`.
public final class ConvTranspose1d: Layer {
    private let core: ConvolutionCore

    /// The kernel, `(Cin, Cout / groups, …)`.
    public var weight: Parameter { core.weight }
    /// The learned offset, if there is one.
    public var bias: Parameter? { core.bias }
    /// Channels of the input.
    public var inChannels: Int { core.inChannels }
    /// Channels of the output.
    public var outChannels: Int { core.outChannels }

    /// Sizes are one number or one per dimension.
    ///
    /// - Throws: `TorchError` for impossible sizes, `ParameterError` for a path that is taken.
    public init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: some SpatialSize,
        stride: some SpatialSize = 1, padding: some SpatialSize = 0, dilation: some SpatialSize = 1, groups: Int = 1,
        bias: Bool = true, outputPadding: some SpatialSize = 0, initializer: Initializer = .layerWeight
    ) throws {
        core = try ConvolutionCore(
            at: path, type: "ConvTranspose1d", dimensions: 1, transposed: true, inChannels: inChannels,
            outChannels: outChannels, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            outputPadding: outputPadding, groups: groups, bias: bias, initializer: initializer)
    }

    /// `(N, Cin, L)` → `(N, Cout, L')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.convTranspose1d(
            core.weight.tensor, bias: core.bias?.tensor, stride: core.stride, padding: core.padding,
            outputPadding: core.outputPadding, groups: core.groups, dilation: core.dilation)
    }
}

/// A transposed convolution over `(N, Cin, H, W)`, giving `(N, Cout, H', W')`.
public final class ConvTranspose2d: Layer {
    private let core: ConvolutionCore

    /// The kernel, `(Cin, Cout / groups, …)`.
    public var weight: Parameter { core.weight }
    /// The learned offset, if there is one.
    public var bias: Parameter? { core.bias }
    /// Channels of the input.
    public var inChannels: Int { core.inChannels }
    /// Channels of the output.
    public var outChannels: Int { core.outChannels }

    /// Sizes are one number or one per dimension.
    ///
    /// - Throws: `TorchError` for impossible sizes, `ParameterError` for a path that is taken.
    public init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: some SpatialSize,
        stride: some SpatialSize = 1, padding: some SpatialSize = 0, dilation: some SpatialSize = 1, groups: Int = 1,
        bias: Bool = true, outputPadding: some SpatialSize = 0, initializer: Initializer = .layerWeight
    ) throws {
        core = try ConvolutionCore(
            at: path, type: "ConvTranspose2d", dimensions: 2, transposed: true, inChannels: inChannels,
            outChannels: outChannels, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            outputPadding: outputPadding, groups: groups, bias: bias, initializer: initializer)
    }

    /// `(N, Cin, H, W)` → `(N, Cout, H', W')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.convTranspose2d(
            core.weight.tensor, bias: core.bias?.tensor, stride: core.stride, padding: core.padding,
            outputPadding: core.outputPadding, groups: core.groups, dilation: core.dilation)
    }
}

/// A transposed convolution over `(N, Cin, D, H, W)`, giving `(N, Cout, D', H', W')`.
public final class ConvTranspose3d: Layer {
    private let core: ConvolutionCore

    /// The kernel, `(Cin, Cout / groups, …)`.
    public var weight: Parameter { core.weight }
    /// The learned offset, if there is one.
    public var bias: Parameter? { core.bias }
    /// Channels of the input.
    public var inChannels: Int { core.inChannels }
    /// Channels of the output.
    public var outChannels: Int { core.outChannels }

    /// Sizes are one number or one per dimension.
    ///
    /// - Throws: `TorchError` for impossible sizes, `ParameterError` for a path that is taken.
    public init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, kernel: some SpatialSize,
        stride: some SpatialSize = 1, padding: some SpatialSize = 0, dilation: some SpatialSize = 1, groups: Int = 1,
        bias: Bool = true, outputPadding: some SpatialSize = 0, initializer: Initializer = .layerWeight
    ) throws {
        core = try ConvolutionCore(
            at: path, type: "ConvTranspose3d", dimensions: 3, transposed: true, inChannels: inChannels,
            outChannels: outChannels, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            outputPadding: outputPadding, groups: groups, bias: bias, initializer: initializer)
    }

    /// `(N, Cin, D, H, W)` → `(N, Cout, D', H', W')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.convTranspose3d(
            core.weight.tensor, bias: core.bias?.tensor, stride: core.stride, padding: core.padding,
            outputPadding: core.outputPadding, groups: core.groups, dilation: core.dilation)
    }
}
