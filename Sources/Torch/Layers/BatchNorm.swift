/// Batch normalisation (Ioffe and Szegedy 2015) of `(N, C)` or `(N, C, L)`.
public final class BatchNorm1d: Layer {
    private let core: BatchNormCore

    /// The learned scale.
    public var weight: Parameter? { core.weight }
    /// The learned offset, if there is one.
    public var bias: Parameter? { core.bias }
    /// The mean for evaluation; nil when statistics are not tracked.
    public var runningMean: Parameter? { core.runningMean }
    /// The variance for evaluation; nil when statistics are not tracked.
    public var runningVar: Parameter? { core.runningVar }
    /// Added to the variance.
    public var eps: Double { core.eps }

    /// - Parameter momentum: Weight of a batch in the running statistics; nil averages all batches equally.
    /// - Throws: `ParameterError` for a path that is taken.
    public init(
        at path: ParameterPath, channels: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStatistics: Bool = true
    ) throws {
        core = try BatchNormCore(
            at: path, type: "BatchNorm1d", channels: channels, eps: eps, momentum: momentum, affine: affine,
            trackRunningStatistics: trackRunningStatistics)
    }

    /// The shape stays; throws when it is not one named above.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try core.apply(x, ranks: 2...3) }
}

/// Batch normalisation (Ioffe and Szegedy 2015) of `(N, C, H, W)`.
public final class BatchNorm2d: Layer {
    private let core: BatchNormCore

    /// The learned scale.
    public var weight: Parameter? { core.weight }
    /// The learned offset, if there is one.
    public var bias: Parameter? { core.bias }
    /// The mean for evaluation; nil when statistics are not tracked.
    public var runningMean: Parameter? { core.runningMean }
    /// The variance for evaluation; nil when statistics are not tracked.
    public var runningVar: Parameter? { core.runningVar }
    /// Added to the variance.
    public var eps: Double { core.eps }

    /// - Parameter momentum: Weight of a batch in the running statistics; nil averages all batches equally.
    /// - Throws: `ParameterError` for a path that is taken.
    public init(
        at path: ParameterPath, channels: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStatistics: Bool = true
    ) throws {
        core = try BatchNormCore(
            at: path, type: "BatchNorm2d", channels: channels, eps: eps, momentum: momentum, affine: affine,
            trackRunningStatistics: trackRunningStatistics)
    }

    /// The shape stays; throws when it is not one named above.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try core.apply(x, ranks: 4...4) }
}

/// Batch normalisation (Ioffe and Szegedy 2015) of `(N, C, D, H, W)`.
public final class BatchNorm3d: Layer {
    private let core: BatchNormCore

    /// The learned scale.
    public var weight: Parameter? { core.weight }
    /// The learned offset, if there is one.
    public var bias: Parameter? { core.bias }
    /// The mean for evaluation; nil when statistics are not tracked.
    public var runningMean: Parameter? { core.runningMean }
    /// The variance for evaluation; nil when statistics are not tracked.
    public var runningVar: Parameter? { core.runningVar }
    /// Added to the variance.
    public var eps: Double { core.eps }

    /// - Parameter momentum: Weight of a batch in the running statistics; nil averages all batches equally.
    /// - Throws: `ParameterError` for a path that is taken.
    public init(
        at path: ParameterPath, channels: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
        trackRunningStatistics: Bool = true
    ) throws {
        core = try BatchNormCore(
            at: path, type: "BatchNorm3d", channels: channels, eps: eps, momentum: momentum, affine: affine,
            trackRunningStatistics: trackRunningStatistics)
    }

    /// The shape stays; throws when it is not one named above.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try core.apply(x, ranks: 5...5) }
}
