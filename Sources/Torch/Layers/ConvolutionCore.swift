/// What the convolutions of all dimensions share: checked sizes and the two parameters.
struct ConvolutionCore: Sendable {
    let weight: Parameter
    let bias: Parameter?
    let inChannels, outChannels, groups: Int
    let kernel, stride, padding, dilation, outputPadding: [Int]

    /// - Throws: `TorchError` for sizes no convolution has, `ParameterError` for a path that is taken.
    init(
        at path: ParameterPath, type: String, dimensions: Int, transposed: Bool, inChannels: Int, outChannels: Int,
        kernel: some SpatialSize, stride: some SpatialSize, padding: some SpatialSize, dilation: some SpatialSize,
        outputPadding: some SpatialSize, groups: Int, bias: Bool, initializer: Initializer
    ) throws {
        self.inChannels = inChannels
        self.outChannels = outChannels
        self.groups = groups
        self.kernel = kernel.sizes(dimensions)
        self.stride = stride.sizes(dimensions)
        self.padding = padding.sizes(dimensions)
        self.dilation = dilation.sizes(dimensions)
        self.outputPadding = outputPadding.sizes(dimensions)

        func check(_ condition: Bool, _ message: @autoclosure () -> String) throws {
            if !condition { throw TorchError(operator: "\(type) at \(path.name)", message: message()) }
        }
        try check(inChannels > 0 && outChannels > 0, "\(inChannels) to \(outChannels) channels")
        try check(
            groups > 0 && inChannels % max(groups, 1) == 0 && outChannels % max(groups, 1) == 0,
            "\(groups) groups do not divide \(inChannels) and \(outChannels) channels")
        let lists = [
            ("kernel", self.kernel, 1), ("stride", self.stride, 1), ("padding", self.padding, 0),
            ("dilation", self.dilation, 1), ("output padding", self.outputPadding, 0),
        ]
        for (name, sizes, least) in lists {
            try check(
                sizes.count == dimensions && sizes.allSatisfy { $0 >= least }, "\(name) \(sizes) in \(dimensions)D")
        }

        let channels = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups]
        let shape = channels + self.kernel
        path.declare(layerType: type)
        weight = try path.parameter("weight", shape: shape, initializer: initializer)
        self.bias =
            bias
            ? try path.parameter("bias", shape: [outChannels], initializer: .layerBias(weightShape: shape)) : nil
    }
}
