import OrderedCollections

/// A place in a model, `backbone.layer1.0`: layers are built at one and register their parameters there.
public struct ParameterPath: Sendable {
    /// The store that all places of the model belong to.
    public let store: ParameterStore
    let node: ModuleNode

    /// The prefix of the keys, without a dot at the end; empty at the root.
    public var name: String { node.path }

    /// The module `name` below this one. Modules are ordered by when they are first mentioned, as attributes of a
    /// PyTorch module are by when they are assigned. A name with dots descends several levels.
    public static func / (path: ParameterPath, name: String) -> ParameterPath {
        let node = name.split(separator: ".").reduce(path.node) { $0.child(String($1)) }
        return ParameterPath(store: path.store, node: node)
    }

    /// An element of a list or sequence of modules.
    public static func / (path: ParameterPath, index: Int) -> ParameterPath { path / String(index) }

    /// Declares something that is learned.
    ///
    /// - Throws: `ParameterError` when the name is taken.
    public func parameter(
        _ name: String, shape: [Int], initializer: Initializer = .zeros, dtype: ScalarType = .float32,
        trainable: Bool = true
    ) throws -> Parameter {
        try register(name, shape, dtype, .parameter, mayBeAbsent: false, trainable: trainable, initializer)
    }

    /// Declares a tensor that is not learned.
    ///
    /// - Parameters:
    ///   - persistent: Whether the state dict has it.
    ///   - mayBeAbsent: A checkpoint without it is still complete.
    /// - Throws: `ParameterError` when the name is taken.
    public func buffer(
        _ name: String, shape: [Int], initializer: Initializer = .zeros, dtype: ScalarType = .float32,
        persistent: Bool = true, mayBeAbsent: Bool = false
    ) throws -> Parameter {
        try register(
            name, shape, dtype, .buffer(persistent: persistent), mayBeAbsent: mayBeAbsent, trainable: false,
            initializer)
    }

    /// Declares a constant, such as a table of indices: a checkpoint need not have it.
    ///
    /// - Throws: `ParameterError` when the name is taken.
    public func buffer(_ name: String, constant: Tensor, persistent: Bool = true) throws -> Parameter {
        try register(
            name, constant.shape, constant.dtype, .buffer(persistent: persistent), mayBeAbsent: true,
            trainable: false, .values(constant))
    }

    /// Gives a parameter declared elsewhere a second key here; both stand for the same tensor.
    ///
    /// - Throws: `ParameterError` when the name is taken.
    public func share(_ parameter: Parameter, as name: String) throws { try node.register(parameter, as: name) }

    private func register(
        _ name: String, _ shape: [Int], _ dtype: ScalarType, _ kind: Parameter.Kind, mayBeAbsent: Bool,
        trainable: Bool, _ initializer: Initializer
    ) throws -> Parameter {
        let parameter = Parameter(
            name: node.qualified(name), shape: shape, dtype: dtype, kind: kind, mayBeAbsent: mayBeAbsent,
            isTrainable: trainable, initializer: initializer, settings: node.settings)
        try node.register(parameter, as: name)
        return parameter
    }
}

extension ParameterPath {
    /// The kind of layer built here ("Conv2d"), set by the layer; rules such as initialisation by layer type use it.
    public var layerType: String? { node.layerType }

    /// Notes which kind of layer is built here.
    public func declare(layerType: String) { node.layerType = layerType }

    /// A parameter or buffer declared directly here.
    public subscript(name: String) -> Parameter? { node.parameters[name] ?? node.buffers[name] }

    /// The modules directly below, in state-dict order.
    public var children: [ParameterPath] {
        node.children.values.map { ParameterPath(store: store, node: $0) }
    }

    /// This module and all below, in state-dict order.
    public var modules: [ParameterPath] {
        var result: [ParameterPath] = []
        node.forEachModule { result.append(ParameterPath(store: store, node: $0)) }
        return result
    }

    /// What is learned by this module itself, in state-dict order, under its names here.
    public var ownParameters: [(name: String, parameter: Parameter)] {
        node.parameters.map { ($0.key, $0.value) }
    }

    /// What is learned here and below; a shared parameter appears once.
    public var parameters: [Parameter] {
        var seen = Set<ObjectIdentifier>()
        var result: [Parameter] = []
        node.forEachModule { module in
            for parameter in module.parameters.values where seen.insert(ObjectIdentifier(parameter)).inserted {
                result.append(parameter)
            }
        }
        return result
    }

    /// Whether layers here behave as in training: the store trains and nothing above keeps this part in evaluation.
    public var isTraining: Bool { node.isTraining }

    /// Whether dropout here drops anything.
    public var drops: Bool { node.drops }

    /// Whether normalisation layers here use the batch's statistics and update the running ones.
    public var updatesStatistics: Bool { node.updatesStatistics }

    /// Keeps this module and all below in evaluation mode while the store trains (frozen stages), or no longer.
    public func keepInEvaluation(_ keep: Bool = true) { node.setStaysInEvaluation(keep) }

    /// Keeps the running statistics of normalisation layers here and below (`norm_eval`), or no longer.
    public func keepStatistics(_ keep: Bool = true) { node.setKeepsStatistics(keep) }

    /// Lets batch normalisation here and below take its statistics over all processes of the store's group (SyncBN), or no
    /// longer.
    public func shareStatistics(_ share: Bool = true) { node.setSharesStatistics(share) }

    /// The processes over which statistics here are taken; nil for this process alone.
    var sharedGroup: ProcessGroup? { node.sharesStatistics ? node.settings.group : nil }

    /// Whether batch normalisation here takes its statistics over all processes of the store's group.
    public var sharesStatistics: Bool { node.sharesStatistics }

    /// Freezes what is learned here and below, or lets it be learned again.
    public func setTrainable(_ trainable: Bool) throws {
        for parameter in parameters { try parameter.setTrainable(trainable) }
    }
}
