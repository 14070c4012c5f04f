/// A convolution over `(N, Cin, L)`, giving `(N, Cout, L')`.
public final class Conv1d: Layer {
    private let core: ConvolutionCore

    /// The kernel, `(Cout, Cin / groups, …)`.
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
        bias: Bool = true, initializer: Initializer = .layerWeight
    ) throws {
        core = try ConvolutionCore(
            at: path, type: "Conv1d", dimensions: 1, transposed: false, inChannels: inChannels,
            outChannels: outChannels, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            outputPadding: 0, groups: groups, bias: bias, initializer: initializer)
    }

    /// `(N, Cin, L)` → `(N, Cout, L')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.conv1d(
            core.weight.tensor, bias: core.bias?.tensor, stride: core.stride, padding: core.padding,
            dilation: core.dilation, groups: core.groups)
    }
}

/// A convolution over `(N, Cin, H, W)`, giving `(N, Cout, H', W')`.
public final class Conv2d: Layer {
    private let core: ConvolutionCore

    /// The kernel, `(Cout, Cin / groups, …)`.
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
        bias: Bool = true, initializer: Initializer = .layerWeight
    ) throws {
        core = try ConvolutionCore(
            at: path, type: "Conv2d", dimensions: 2, transposed: false, inChannels: inChannels,
            outChannels: outChannels, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            outputPadding: 0, groups: groups, bias: bias, initializer: initializer)
    }

    /// `(N, Cin, H, W)` → `(N, Cout, H', W')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.conv2d(
            core.weight.tensor, bias: core.bias?.tensor, stride: core.stride, padding: core.padding,
            dilation: core.dilation, groups: core.groups)
    }
}

/// A convolution over `(N, Cin, D, H, W)`, giving `(N, Cout, D', H', W')`.
public final class Conv3d: Layer {
    private let core: ConvolutionCore

    /// The kernel, `(Cout, Cin / groups, …)`.
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
        bias: Bool = true, initializer: Initializer = .layerWeight
    ) throws {
        core = try ConvolutionCore(
            at: path, type: "Conv3d", dimensions: 3, transposed: false, inChannels: inChannels,
            outChannels: outChannels, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
            outputPadding: 0, groups: groups, bias: bias, initializer: initializer)
    }

    /// `(N, Cin, D, H, W)` → `(N, Cout, D', H', W')`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.conv3d(
            core.weight.tensor, bias: core.bias?.tensor, stride: core.stride, padding: core.padding,
            dilation: core.dilation, groups: core.groups)
    }
}
