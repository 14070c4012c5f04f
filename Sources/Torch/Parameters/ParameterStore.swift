import OrderedCollections

/// All parameters of one model, ordered and named as in the state dict of the same PyTorch module.
///
/// `isTraining` and the switches of `ParameterPath` may change between forward passes, not during one.
public final class ParameterStore: Sendable {
    private let settings: StoreSettings
    private let rootNode: ModuleNode

    /// - Parameter seed: Initial values are drawn for (seed, name), so that they depend on nothing else.
    public init(seed: UInt64 = 0, device: Device = .cpu) {
        settings = StoreSettings(seed: seed, device: device)
        rootNode = ModuleNode(path: "", settings: settings)
    }

    /// Where the outermost module is built.
    public var root: ParameterPath { ParameterPath(store: self, node: rootNode) }

    /// Whether layers behave as in training; false at first.
    public var isTraining: Bool {
        get { settings.isTraining }
        set { settings.isTraining = newValue }
    }

    /// Whether dropout and stochastic depth drop anything in training; to turn them off makes a step repeatable elsewhere.
    public var drops: Bool {
        get { settings.drops }
        set { settings.drops = newValue }
    }

    /// The processes that train together, whose batches count as one for layers that share statistics
    /// (`ParameterPath.shareStatistics`); nil for one process alone.
    public var group: ProcessGroup? {
        get { settings.group }
        set { settings.group = newValue }
    }

    /// What initial values are drawn for; a new one counts for parameters that are not in use yet.
    public var seed: UInt64 {
        get { settings.seed }
        set { settings.seed = newValue }
    }

    /// Where parameters are.
    public var device: Device { settings.device }

    /// Moves all parameters.
    public func move(to device: Device) throws {
        settings.device = device
        for entry in allEntries { try entry.parameter.move() }
    }

    /// A key and what it stands for.
    public struct Entry: Sendable {
        /// The key, "backbone.conv1.weight".
        public let name: String
        /// The parameter or buffer under that key; several keys may share one.
        public let parameter: Parameter
    }

    /// The state dict in PyTorch's order: of each module its parameters, then its persistent buffers, then its
    /// children.
    public var entries: [Entry] {
        allEntries.filter { $0.parameter.kind != .buffer(persistent: false) }
    }

    /// What is learned, in PyTorch's order; a shared parameter appears once.
    public var parameters: [Parameter] { root.parameters }

    /// Number of learned values; `Int.max` when there are more.
    public var parameterCount: Int {
        parameters.reduce(0) { total, parameter in
            let count = parameter.shape.reduce(1) { product, size in
                let (result, overflow) = product.multipliedReportingOverflow(by: size)
                return overflow ? .max : result
            }
            let (sum, overflow) = total.addingReportingOverflow(count)
            return overflow ? .max : sum
        }
    }

    /// The parameter or buffer of a full name, "backbone.conv1.weight".
    public subscript(name: String) -> Parameter? {
        var components = name.split(separator: ".").map(String.init)
        guard let last = components.popLast() else { return nil }
        var node = rootNode
        for component in components {
            guard let child = node.children[component] else { return nil }
            node = child
        }
        return node.parameters[last] ?? node.buffers[last]
    }

    /// The state dict with buffers that are not persistent.
    private var allEntries: [Entry] {
        var result: [Entry] = []
        rootNode.forEachModule { module in
            for (name, parameter) in module.parameters {
                result.append(Entry(name: module.qualified(name), parameter: parameter))
            }
            for (name, parameter) in module.buffers {
                result.append(Entry(name: module.qualified(name), parameter: parameter))
            }
        }
        return result
    }
}
