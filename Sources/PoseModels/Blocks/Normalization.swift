public import PyConfig
public import Torch

/// Which normalisation layer a block uses, as `norm_cfg` in a config names it.
///
/// `SyncBN` shares the state-dict keys of `BN`; in training of several processes it takes statistics over all of them.
public struct Normalization: Sendable, Hashable {
    /// The family of the layer.
    public enum Kind: Sendable, Hashable {
        case batch
        /// Batch normalisation whose numbers never change.
        case frozenBatch
        case group(count: Int)
        case layer
        case instance
    }

    public var kind: Kind
    /// Added to the variance; PyTorch's default is 1e-5.
    public var epsilon: Double
    /// Weight of the newest batch in the running statistics; PyTorch's default is 0.1.
    public var momentum: Double
    /// Whether scale and shift learn.
    public var isTrainable: Bool
    /// Whether statistics are taken over all processes that train together.
    public var isShared = false

    public init(_ kind: Kind = .batch, epsilon: Double = 1e-5, momentum: Double = 0.1, isTrainable: Bool = true) {
        self.kind = kind
        self.epsilon = epsilon
        self.momentum = momentum
        self.isTrainable = isTrainable
    }

    /// Batch normalisation of the YOLO families: momentum 0.03, epsilon 1e-3.
    public static let yolo = Normalization(epsilon: 1e-3, momentum: 0.03)

    /// The name mmcv gives the layer inside its block (`bn`, `gn`, `ln`, `in`), which the state-dict keys carry.
    public var keyName: String {
        switch kind {
        case .batch, .frozenBatch: "bn"
        case .group: "gn"
        case .layer: "ln"
        case .instance: "in"
        }
    }

    /// Builds the layer for `channels` channels with its parameters at `path`.
    public func layer(at path: ParameterPath, channels: Int) throws -> any Layer {
        let layer = try make(at: path, channels: channels)
        if isShared { path.shareStatistics() }
        if !isTrainable { try path.setTrainable(false) }
        return layer
    }

    private func make(at path: ParameterPath, channels: Int) throws -> any Layer {
        switch kind {
        case .batch:
            try BatchNorm2d(at: path, channels: channels, eps: epsilon, momentum: momentum)
        case .frozenBatch:
            try FrozenBatchNorm2d(at: path, channels: channels, epsilon: epsilon)
        case .group(let count):
            try GroupNorm(at: path, groups: count, channels: channels, eps: epsilon)
        case .layer:
            try LayerNorm(at: path, shape: [channels], eps: epsilon)
        case .instance:
            try InstanceNorm(at: path, channels: channels, eps: epsilon)
        }
    }
}

extension Normalization {
    /// Reads a `norm_cfg` dictionary.
    ///
    /// - Throws: `ConfigError` when the type is unknown or an argument does not fit.
    public init(_ arguments: Arguments) throws {
        let type = try arguments.type()
        // Configs in Python's own syntax name classes with their modules.
        switch type.split(separator: ".").last.map(String.init) ?? type {
        case "BN", "BN1d", "BN2d", "BN3d", "BatchNorm2d": kind = .batch
        case "SyncBN", "MMSyncBN", "naiveSyncBN", "SyncBatchNorm":
            kind = .batch
            isShared = true
        case "FrozenBatchNorm2d": kind = .frozenBatch
        case "GN", "GroupNorm": kind = .group(count: try arguments.int("num_groups"))
        case "LN", "LayerNorm": kind = .layer
        case "IN", "IN1d", "IN2d", "IN3d": kind = .instance
        default:
            throw ModelError.unknownType(
                type, at: arguments.path,
                known: ["BN", "BN1d", "BN2d", "BN3d", "SyncBN", "GN", "LN", "IN", "FrozenBatchNorm2d"])
        }
        epsilon = try arguments.double("eps", default: 1e-5)
        momentum = try arguments.double("momentum", default: 0.1)
        isTrainable = try arguments.bool("requires_grad", default: true)
        try arguments.finish()
    }
}

extension Arguments {
    /// The `norm_cfg` argument, or `fallback` when it is absent; an explicit `None` means no normalisation.
    func normalization(_ name: String = "norm_cfg", default fallback: Normalization?) throws -> Normalization? {
        guard let value = value(name) else { return fallback }
        if value.isNone { return nil }
        return try child(name).map(Normalization.init) ?? fallback
    }

    /// The `act_cfg` argument, or `fallback` when it is absent; an explicit `None` means no activation.
    func activation(_ name: String = "act_cfg", default fallback: Activation?) throws -> Activation? {
        guard let value = value(name) else { return fallback }
        if value.isNone { return nil }
        return try child(name).map { configuration in
            let activation = try Activation(
                named: configuration.type(), negativeSlope: configuration.double("negative_slope", default: 0.01),
                alpha: configuration.double("alpha", default: 1))
            configuration.ignore("inplace")
            try configuration.finish()
            return activation
        } ?? fallback
    }

    /// Accepts `conv_cfg` as long as it means an ordinary convolution.
    func requirePlainConvolution(_ name: String = "conv_cfg") throws {
        guard let configuration = try child(name) else { return }
        let type = try configuration.type()
        guard ["Conv1d", "Conv2d", "Conv3d", "Conv"].contains(type) else {
            throw ModelError.unknownType(type, at: configuration.path, known: ["Conv", "Conv1d", "Conv2d", "Conv3d"])
        }
        try configuration.finish()
    }
}
