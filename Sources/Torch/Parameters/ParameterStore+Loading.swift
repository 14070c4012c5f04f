/// Rewrites a source's keys or tensors before they are matched with a model, such as the renamings between versions.
public protocol LoadingRule: Sendable {
    /// How the report calls the rule.
    var name: String { get }

    /// Changes `entries` so that they suit the model in `store`.
    ///
    /// - Returns: The keys, as they are afterwards, that the rule changed.
    func apply(to entries: inout [(name: String, tensor: Tensor)], of store: ParameterStore) throws -> [String]
}

extension ParameterStore {
    /// Loads every key that fits and reports the others.
    ///
    /// A parameter that was not used before adopts the tensor without copying if it is contiguous and of the same type,
    /// so the source's memory must not change afterwards. A parameter in use is overwritten in place.
    ///
    /// - Parameter rules: Applied to the source in this order.
    /// - Throws: `ParameterError.duplicateSource`, what a rule throws, or `TorchError` when copying fails. Missing,
    ///   unexpected and misshapen keys do not throw; see `LoadingReport.requireComplete`.
    @discardableResult
    public func load(
        _ source: [(name: String, tensor: Tensor)], rules: [any LoadingRule] = []
    ) throws -> LoadingReport {
        var report = LoadingReport()
        var source = source
        for rule in rules {
            let keys = try rule.apply(to: &source, of: self)
            if !keys.isEmpty { report.converted.append(.init(rule: rule.name, keys: keys)) }
        }
        var tensors: [String: Tensor] = [:]
        for (name, tensor) in source {
            guard tensors.updateValue(tensor, forKey: name) == nil else { throw ParameterError.duplicateSource(name) }
        }

        let entries = entries
        for entry in entries {
            guard let tensor = tensors[entry.name] else {
                if !entry.parameter.mayBeAbsent { report.missing.append(entry.name) }
                continue
            }
            try load(entry, tensor, &report)
        }
        let known = Set(entries.map(\.name))
        report.unexpected = source.map(\.name).filter { !known.contains($0) }
        return report
    }

    private func load(_ entry: Entry, _ tensor: Tensor, _ report: inout LoadingReport) throws {
        var tensor = tensor
        // Before PyTorch 0.4 there were no tensors without dimensions.
        if entry.parameter.shape.isEmpty, tensor.shape == [1] { tensor = try tensor.reshape([]) }
        guard tensor.shape == entry.parameter.shape else {
            report.shapeMismatches.append(
                .init(name: entry.name, declared: entry.parameter.shape, found: tensor.shape))
            return
        }
        if tensor.dtype != entry.parameter.dtype {
            report.typeConversions.append(.init(name: entry.name, from: tensor.dtype, to: entry.parameter.dtype))
        }
        try entry.parameter.load(tensor)
        report.loaded.append(entry.name)
    }
}
