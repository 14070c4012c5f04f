/// What became of every key when a store was loaded.
public struct LoadingReport: Sendable {
    /// A key whose tensor does not fit; it was not loaded.
    public struct ShapeMismatch: Hashable, Sendable {
        /// The key.
        public let name: String
        /// The shape in the model.
        public let declared: [Int]
        /// The shape in the source.
        public let found: [Int]
    }

    /// A key whose values were converted to the parameter's type.
    public struct TypeConversion: Hashable, Sendable {
        /// The key.
        public let name: String
        /// The type the source has.
        public let from: ScalarType
        /// The type the parameter has.
        public let to: ScalarType
    }

    /// The keys that a rule changed.
    public struct RuleUse: Hashable, Sendable {
        /// The name of the rule.
        public let rule: String
        /// The keys after the rule was applied.
        public let keys: [String]
    }

    /// Keys of the model that have the source's values now, in state-dict order.
    public internal(set) var loaded: [String] = []
    /// Keys of the model that the source lacks, in state-dict order.
    public internal(set) var missing: [String] = []
    /// Keys of the source that the model lacks, in the source's order.
    public internal(set) var unexpected: [String] = []
    /// Keys that both sides have, in different shapes.
    public internal(set) var shapeMismatches: [ShapeMismatch] = []
    /// Loaded keys whose type was converted.
    public internal(set) var typeConversions: [TypeConversion] = []
    /// Which rules changed the source, in the order they were applied.
    public internal(set) var converted: [RuleUse] = []

    /// Whether the whole model was loaded. The source may have had more.
    public var isComplete: Bool { missing.isEmpty && shapeMismatches.isEmpty }

    /// Throws unless the whole model was loaded.
    ///
    /// - Throws: `ParameterError.incompleteLoading` naming the first keys of each problem.
    public func requireComplete() throws {
        guard !isComplete else { return }
        var problems: [String] = []
        if !missing.isEmpty { problems.append("missing \(Self.list(missing))") }
        if !shapeMismatches.isEmpty {
            let texts = shapeMismatches.map { "\($0.name) is \($0.found) instead of \($0.declared)" }
            problems.append("wrong shapes: \(Self.list(texts))")
        }
        if !unexpected.isEmpty { problems.append("not used: \(Self.list(unexpected))") }
        throw ParameterError.incompleteLoading(problems.joined(separator: "; "))
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }
}
