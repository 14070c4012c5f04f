import PyConfig

/// A dictionary of the 0.x config and where it stands. Looking at an entry leaves no trace; the methods that say what
/// becomes of one enter it in the ledger.
struct OldDict {
    let values: ConfigDict
    let path: String
    let ledger: Ledger

    /// The value of an entry; nil when absent.
    subscript(_ name: String) -> ConfigValue? { values[name] }

    /// The value of an entry; nil when absent or `None`.
    func given(_ name: String) -> ConfigValue? {
        guard let value = values[name], !value.isNone else { return nil }
        return value
    }

    func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func bool(_ name: String, default value: Bool) -> Bool { values[name]?.boolValue ?? value }
    func int(_ name: String) -> Int? { values[name]?.intValue }
    func number(_ name: String) -> Double? { values[name]?.doubleValue }
    func string(_ name: String) -> String? { values[name]?.stringValue }

    /// The `type`.
    var type: String? { string("type") }

    /// A dictionary inside; nil when absent, `None` or of another kind. When a top-level variable of the file holds the
    /// same dictionary, the entries count as that variable's.
    func dict(_ name: String) -> OldDict? {
        guard let value = given(name), let dictionary = value.dictValue else { return nil }
        return OldDict(values: dictionary, path: home(of: name, value), ledger: ledger)
    }

    /// The dictionaries of a list inside.
    func dicts(_ name: String) -> [OldDict] {
        guard let value = given(name), let elements = value.arrayValue else { return [] }
        let place = home(of: name, value)
        return elements.enumerated().compactMap { index, element in
            element.dictValue.map { OldDict(values: $0, path: "\(place).\(index)", ledger: ledger) }
        }
    }

    private func home(of name: String, _ value: ConfigValue) -> String {
        let own = path(of: name)
        guard own.contains("."), let variable = ledger.variable(holding: value) else { return own }
        ledger.cover(own)
        return variable
    }
}

extension OldDict {
    /// Carries an entry over unchanged.
    ///
    /// - Returns: its value; nil when absent.
    @discardableResult
    func keep(_ name: String, at place: String) -> ConfigValue? {
        guard let value = values[name] else { return nil }
        let sameName = place.split(separator: ".").last.map(String.init) == name
        ledger.enter(sameName ? .kept : .renamed, path(of: name), value, to: place)
        return value
    }

    /// Replaces an entry by a value that follows from it.
    func compute(_ name: String, at place: String, _ newValue: ConfigValue?, _ formula: String) {
        guard let value = values[name] else { return }
        ledger.enter(.computed, path(of: name), value, to: place, newValue, formula)
    }

    /// Carries an entry over to something that behaves differently.
    func change(_ name: String, at place: String, _ newValue: ConfigValue?, _ expectation: String) {
        guard let value = values[name] else { return }
        ledger.enter(.changed, path(of: name), value, to: place, newValue, expectation)
    }

    /// Leaves an entry out, unless something has been entered for it.
    func drop(_ name: String, _ reason: String) {
        guard let value = values[name], !ledger.has(path(of: name)) else { return }
        ledger.enter(.dropped, path(of: name), value, to: nil, nil, reason)
    }

    /// Leaves out an entry whose value 1.x has fixed; another value would be a change.
    func fixed(_ name: String, _ fixed: ConfigValue, _ where: String) {
        guard let value = values[name] else { return }
        if value.isSame(as: fixed) {
            ledger.enter(.dropped, path(of: name), value, to: nil, nil, "1.x always does this (\(`where`))")
        } else {
            ledger.enter(
                .changed, path(of: name), value, to: nil, fixed, "1.x always uses \(fixed.shortPython) (\(`where`))")
        }
    }

    /// Enters the whole dictionary, as far as nothing else has, as moved to a place.
    func moved(to place: String, _ note: String? = nil) {
        ledger.enter(path == place ? .kept : .renamed, path, .dict(values), to: place, nil, note)
    }

    /// Applies a table to all entries that are there, in their order; an entry that the table lacks stays unentered and
    /// is reported as unknown in the end.
    func apply(_ rules: [String: OptionRule], at place: String, to result: inout ConfigDict) {
        for name in values.names {
            guard let rule = rules[name], let value = values[name] else { continue }
            switch rule {
            case .keep: result[name] = keep(name, at: "\(place).\(name)")
            case .rename(let newName): result[newName] = keep(name, at: "\(place).\(newName)")
            case .drop(let reason): drop(name, reason)
            case .fixed(let value, let reason): fixed(name, value, reason)
            case .omit(let usual):
                if value.isSame(as: usual) {
                    ledger.enter(.kept, path(of: name), value, to: "\(place).\(name)", nil, "1.x's default")
                } else {
                    result[name] = keep(name, at: "\(place).\(name)")
                }
            }
        }
    }
}

/// What a table says of one option.
enum OptionRule {
    case keep
    case rename(String)
    case drop(String)
    /// 1.x has it fixed to this value.
    case fixed(ConfigValue, String)
    /// Same name; need not be written when it has this value, 1.x's default.
    case omit(ConfigValue)
}

extension ConfigValue {
    /// Whether the two mean the same to the code that reads them: lists and tuples are one, and so are `1` and `1.0`.
    func isSame(as other: ConfigValue) -> Bool {
        if let a = doubleValue, let b = other.doubleValue { return a == b }
        if let a = arrayValue, let b = other.arrayValue {
            return a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
        }
        if let a = dictValue, let b = other.dictValue {
            return a.count == b.count
                && a.allSatisfy { key, value in b[key: key].map { value.isSame(as: $0) } ?? false }
        }
        return self == other
    }

    /// A pair `(w, h)` of a size given as one number or as a list of two.
    var sizePair: ConfigValue? {
        if intValue != nil { return .tuple([self, self]) }
        guard let values = arrayValue, values.count == 2, values.allSatisfy({ $0.intValue != nil }) else { return nil }
        return .tuple(values)
    }

    /// The value with lists as tuples, as 1.x configs write sizes and counts.
    var asTuple: ConfigValue { arrayValue.map { .tuple($0) } ?? self }
}
