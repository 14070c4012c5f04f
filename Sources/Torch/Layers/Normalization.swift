/// Layer normalisation (Ba et al. 2016) over the last dimensions: `(…, shape)` keeps its shape.
public final class LayerNorm: Layer {
    public let weight, bias: Parameter?
    /// The sizes of the dimensions normalised over.
    public let shape: [Int]
    /// Added to the variance.
    public let eps: Double

    /// - Throws: `ParameterError` for a path that is taken.
    public init(at path: ParameterPath, shape: [Int], eps: Double = 1e-5, affine: Bool = true) throws {
        self.shape = shape
        self.eps = eps
        path.declare(layerType: "LayerNorm")
        weight = affine ? try path.parameter("weight", shape: shape, initializer: .ones) : nil
        bias = affine ? try path.parameter("bias", shape: shape) : nil
    }

    /// Over the last dimension only.
    public convenience init(at path: ParameterPath, channels: Int, eps: Double = 1e-5, affine: Bool = true) throws {
        try self.init(at: path, shape: [channels], eps: eps, affine: affine)
    }

    /// The shape stays.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.layerNorm(shape, weight: weight?.tensor, bias: bias?.tensor, eps: eps)
    }
}

/// Group normalisation (Wu and He 2018) of `(N, C, …)`.
public final class GroupNorm: Layer {
    public let weight, bias: Parameter?
    /// Number of groups the channels are divided into.
    public let groups: Int
    /// Added to the variance.
    public let eps: Double

    /// - Throws: `ParameterError` for a path that is taken.
    public init(at path: ParameterPath, groups: Int, channels: Int, eps: Double = 1e-5, affine: Bool = true) throws {
        self.groups = groups
        self.eps = eps
        path.declare(layerType: "GroupNorm")
        weight = affine ? try path.parameter("weight", shape: [channels], initializer: .ones) : nil
        bias = affine ? try path.parameter("bias", shape: [channels]) : nil
    }

    /// The shape stays.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.groupNorm(groups: groups, weight: weight?.tensor, bias: bias?.tensor, eps: eps)
    }
}

/// Instance normalisation (Ulyanov et al. 2016) of `(N, C, …)`, without parameters unless `affine`.
public final class InstanceNorm: Layer {
    public let weight, bias: Parameter?
    /// Added to the variance.
    public let eps: Double

    /// - Throws: `ParameterError` for a path that is taken.
    public init(at path: ParameterPath, channels: Int, eps: Double = 1e-5, affine: Bool = false) throws {
        self.eps = eps
        path.declare(layerType: "InstanceNorm")
        weight = affine ? try path.parameter("weight", shape: [channels], initializer: .ones) : nil
        bias = affine ? try path.parameter("bias", shape: [channels]) : nil
    }

    /// The shape stays.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.instanceNorm(weight: weight?.tensor, bias: bias?.tensor, eps: eps)
    }
}
