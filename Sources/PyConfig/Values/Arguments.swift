/// Reads the arguments of one object out of its config dictionary and remembers which were asked for, so that
/// `finish()` can name a misspelt one.
///
/// An object asks for everything it understands, then calls `finish()`:
///
///     let depth = try arguments.int("depth", default: 50)
///     let norm = try arguments.child("norm_cfg")
///     arguments.ignore("with_cp")
///     try arguments.finish()
public final class Arguments {
    /// Where the dictionary stands in the config: `model.backbone`.
    public let path: String
    private let dictionary: ConfigDict
    private var known: [String] = []

    /// A reader of `value`, which stands at `path` of the config.
    public init(_ value: ConfigDict, at path: String) {
        dictionary = value
        self.path = path
    }

    /// The whole dictionary, without marking anything as read.
    public var all: ConfigDict { dictionary }

    /// The path of a member: `model.backbone.depth`.
    public func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The value of an argument; nil when absent. Marks it as read.
    public func value(_ name: String) -> ConfigValue? {
        if !known.contains(name) { known.append(name) }
        return dictionary[name]
    }

    /// Whether the argument is there and not `None`. Marks it as read.
    public func has(_ name: String) -> Bool { present(name) != nil }

    /// The `type` of the object as written: `ResNet`, `mmdet.CSPNeXt`, or `mmpose.models.ResNet` for a class.
    ///
    /// - Throws: `ConfigError.missingArgument` or `.wrongType`.
    public func type() throws -> String {
        switch try required("type") {
        case .string(let name), .reference(let name): return name
        case let other: throw wrongType("type", "a type name", other)
        }
    }

    /// Marks arguments as read that are understood to have no effect here, such as `with_cp`.
    public func ignore(_ names: String...) {
        for name in names { _ = value(name) }
    }

    /// Ends the reading: any argument that nothing asked for is an error. `type` and MMEngine's `_scope_` are always
    /// allowed.
    ///
    /// - Throws: `ConfigError.unknownArgument` with the nearest known name.
    public func finish() throws {
        let always: Set = ["type", "_scope_"]
        for key in dictionary.keys {
            guard case .string(let name) = key else {
                throw ConfigError.unknownArgument(
                    path: path, name: key.value.python, nearest: nil, valid: known)
            }
            if always.contains(name) || known.contains(name) { continue }
            let valid = known.filter { !always.contains($0) }
            throw ConfigError.unknownArgument(
                path: path, name: name, nearest: nearestName(to: name, among: valid), valid: valid)
        }
    }

    /// The error for an argument whose value cannot be used, for callers that check more than the type.
    public func invalid(_ name: String, _ reason: String) -> ConfigError {
        .invalidArgument(path: path(of: name), reason: reason)
    }

    // MARK: nested dictionaries

    /// A nested dictionary; nil when absent or `None`.
    public func child(_ name: String) throws -> Arguments? {
        guard let value = present(name) else { return nil }
        guard case .dict(let inner) = value else { throw wrongType(name, "a dict", value) }
        return Arguments(inner, at: path(of: name))
    }

    /// A nested dictionary that must be there.
    public func requiredChild(_ name: String) throws -> Arguments {
        guard let child = try child(name) else { throw missing(name) }
        return child
    }

    /// A list of dictionaries; empty when absent or `None`. A single dictionary counts as a list of one.
    public func children(_ name: String) throws -> [Arguments] {
        guard let value = present(name) else { return [] }
        if case .dict(let inner) = value { return [Arguments(inner, at: path(of: name))] }
        guard let elements = value.arrayValue else { throw wrongType(name, "a list of dicts", value) }
        return try elements.enumerated().map { index, element in
            guard case .dict(let inner) = element else {
                throw wrongType("\(name).\(index)", "a dict", element)
            }
            return Arguments(inner, at: path(of: "\(name).\(index)"))
        }
    }

    // MARK: reading, shared by the typed accessors

    /// The value unless it is absent or `None`. Marks it as read.
    func present(_ name: String) -> ConfigValue? {
        guard let value = value(name), !value.isNone else { return nil }
        return value
    }

    func required(_ name: String) throws -> ConfigValue {
        guard let value = value(name) else { throw missing(name) }
        return value
    }

    func missing(_ name: String) -> ConfigError { .missingArgument(path: path, name: name) }

    func wrongType(_ name: String, _ expected: String, _ found: ConfigValue) -> ConfigError {
        .wrongType(path: path(of: name), expected: expected, found: found.summary)
    }
}
