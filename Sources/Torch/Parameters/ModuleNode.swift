import OrderedCollections

/// One module of a model: what `torch.nn.Module` is to the state dict.
final class ModuleNode: @unchecked Sendable {
    // Sendable: built by one thread while the model is constructed, afterwards only read, except for the switches,
    // which change between forward passes.
    let path: String
    let settings: StoreSettings
    var parameters: OrderedDictionary<String, Parameter> = [:]
    var buffers: OrderedDictionary<String, Parameter> = [:]
    var children: OrderedDictionary<String, ModuleNode> = [:]
    var layerType: String?

    /// Kept in evaluation mode whatever the store does; holds for everything below, too.
    private(set) var staysInEvaluation: Bool
    /// Normalisation layers here and below use and keep their running statistics.
    private(set) var keepsStatistics: Bool
    /// Batch normalisation here and below takes its statistics over all processes.
    private(set) var sharesStatistics = false

    init(path: String, settings: StoreSettings, staysInEvaluation: Bool = false, keepsStatistics: Bool = false) {
        self.path = path
        self.settings = settings
        self.staysInEvaluation = staysInEvaluation
        self.keepsStatistics = keepsStatistics
    }

    var isTraining: Bool { settings.isTraining && !staysInEvaluation }
    var drops: Bool { isTraining && settings.drops }
    var updatesStatistics: Bool { isTraining && !keepsStatistics }

    func setStaysInEvaluation(_ value: Bool) {
        forEachModule { $0.staysInEvaluation = value }
    }

    func setKeepsStatistics(_ value: Bool) {
        forEachModule { $0.keepsStatistics = value }
    }

    func setSharesStatistics(_ value: Bool) {
        forEachModule { $0.sharesStatistics = value }
    }

    func child(_ name: String) -> ModuleNode {
        if let child = children[name] { return child }
        let child = ModuleNode(
            path: qualified(name), settings: settings, staysInEvaluation: staysInEvaluation,
            keepsStatistics: keepsStatistics)
        child.sharesStatistics = sharesStatistics
        children[name] = child
        return child
    }

    func register(_ parameter: Parameter, as name: String) throws {
        guard !name.isEmpty, !name.contains(".") else { throw ParameterError.invalidName(name) }
        guard parameters[name] == nil, buffers[name] == nil, children[name] == nil else {
            throw ParameterError.duplicate(qualified(name))
        }
        if parameter.kind == .parameter { parameters[name] = parameter } else { buffers[name] = parameter }
    }

    func qualified(_ name: String) -> String { path.isEmpty ? name : path + "." + name }

    /// This module, then those below in state-dict order.
    func forEachModule(_ body: (ModuleNode) throws -> Void) rethrows {
        try body(self)
        for child in children.values { try child.forEachModule(body) }
    }
}
