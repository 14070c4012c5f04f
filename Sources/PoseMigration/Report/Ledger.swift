import PyConfig

/// Keeps the books of one migration: every option of the old config is entered once, so that none vanishes silently.
final class Ledger {
    private(set) var options: [MigratedOption] = []
    private(set) var changes: [BehaviourChange] = []
    /// Old paths that are accounted for, with everything below them.
    private var covered: Set<String> = []
    /// Old path → new path, for comments.
    private(set) var places: [String: String] = [:]
    private let root: ConfigDict

    /// - Parameter root: the whole resolved 0.x config.
    init(_ root: ConfigDict) { self.root = root }

    /// Enters what became of an option.
    func enter(
        _ outcome: MigratedOption.Outcome, _ option: String, _ value: ConfigValue, to place: String? = nil,
        _ newValue: ConfigValue? = nil, _ note: String? = nil
    ) {
        covered.insert(option)
        if let place, places[option] == nil { places[option] = place }
        let entry = MigratedOption(
            option: option, value: value.shortPython, outcome: outcome,
            becomes: place == option ? nil : place, newValue: newValue.map(\.shortPython), note: note)
        let isKnown = options.contains {
            $0.option == option && $0.outcome == outcome && $0.newValue == entry.newValue
        }
        if !isKnown { options.append(entry) }
    }

    /// Whether an option has been entered.
    func has(_ option: String) -> Bool { options.contains { $0.option == option } }

    /// Accounts for an option that is only another name of one that is entered elsewhere.
    func cover(_ option: String, sameAs other: String? = nil) {
        covered.insert(option)
        if let other, let place = places[other], places[option] == nil { places[option] = place }
    }

    /// Notes a difference in behaviour, once.
    func change(_ change: BehaviourChange) {
        if !changes.contains(change) { changes.append(change) }
    }

    /// The top-level variable that holds this value, such as `data_cfg` or `train_pipeline`.
    func variable(holding value: ConfigValue) -> String? {
        guard value.dictValue.map({ $0.count > 1 }) ?? value.arrayValue.map({ $0.count > 1 }) ?? false else {
            return nil
        }
        for (key, candidate) in root where candidate == value { return key.stringValue }
        return nil
    }

    /// Enters everything that nothing has accounted for as unknown, or as `dropped` when the file itself uses it as
    /// a variable.
    ///
    /// - Parameter variables: top-level names that other lines of the file use.
    func close(variables: Set<String>) {
        for (key, value) in root {
            guard let name = key.stringValue else { continue }
            let isCopy = variable(holding: value).map { $0 != name } ?? false
            if variables.contains(name) || isCopy, !hasEntries(below: name), !covered.contains(name) {
                enter(
                    .dropped, name, value, to: nil, nil,
                    "a variable of the old file; its value stands where it was used")
                continue
            }
            sweep(name, value)
        }
    }

    private func sweep(_ path: String, _ value: ConfigValue) {
        if covered.contains(path) { return }
        switch value {
        case .dict(let dictionary) where hasEntries(below: path):
            for (key, member) in dictionary { sweep("\(path).\(key.stringValue ?? key.value.shortPython)", member) }
        case .list(let elements) where hasEntries(below: path), .tuple(let elements) where hasEntries(below: path):
            for (index, member) in elements.enumerated() { sweep("\(path).\(index)", member) }
        case .dict(let dictionary) where dictionary.isEmpty: break
        case .list(let elements) where elements.isEmpty: break
        case .none: break
        default:
            enter(.unknown, path, value, to: nil, nil, "carry it over by hand if your own code reads it")
        }
    }

    private func hasEntries(below path: String) -> Bool {
        covered.contains { $0.hasPrefix(path + ".") }
    }

    /// The new place of an old path: its own, or the one its nearest ancestor was moved to with everything in it.
    func place(of path: String) -> String? {
        if let place = places[path] ?? place(ofObjectAt: path) { return place }
        var parent = path
        var rest: [String] = []
        while let dot = parent.lastIndex(of: ".") {
            rest.insert(String(parent[parent.index(after: dot)...]), at: 0)
            parent = String(parent[..<dot])
            if let place = places[parent] { return ([place] + rest).joined(separator: ".") }
        }
        return nil
    }
}

extension Ledger {
    /// The new place of an object, by where its `type` went.
    private func place(ofObjectAt path: String) -> String? {
        guard let place = places[path + ".type"] else { return nil }
        return place.hasSuffix(".type") ? String(place.dropLast(".type".count)) : place
    }
}

extension ConfigValue {
    /// The value as Python on one line, cut after sixty characters.
    var shortPython: String {
        let text: String
        switch self {
        case .dict(let dictionary):
            let items = dictionary.prefix(6).map { key, value in
                "\(key.stringValue ?? key.value.shortPython)=\(value.shortPython)"
            }
            text = "dict(" + items.joined(separator: ", ") + (dictionary.count > 6 ? ", …" : "") + ")"
        case .list(let values): text = "[" + Self.joined(values) + "]"
        case .tuple(let values): text = "(" + Self.joined(values) + (values.count == 1 ? ",)" : ")")
        default: text = python
        }
        return text.count > 60 ? text.prefix(59) + "…" : text
    }

    private static func joined(_ values: [ConfigValue]) -> String {
        values.prefix(20).map(\.shortPython).joined(separator: ", ") + (values.count > 20 ? ", …" : "")
    }
}
