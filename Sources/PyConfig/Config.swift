public import Foundation

/// A resolved config: every `_base_` merged, every expression evaluated, Python never run.
///
///     let config = try Config.load(contentsOf: url)
///     let depth = config["model.backbone.depth"]?.intValue
public struct Config: Sendable, Hashable {
    /// The top-level keys, in the order in which MMEngine holds them.
    public var root: ConfigDict
    /// The file the config was loaded from.
    public var file: URL?

    /// A config of these values, from no file.
    public init(_ root: ConfigDict = ConfigDict(), file: URL? = nil) {
        self.root = root
        self.file = file
    }

    /// The value at a dotted path, list positions counting from 0: `train_pipeline.0.type`. Nil when there is none.
    public subscript(_ path: String) -> ConfigValue? {
        var value = ConfigValue.dict(root)
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            switch value {
            case .dict(let dictionary):
                guard
                    let member = dictionary[String(part)] ?? Int(part).flatMap({ dictionary[key: .int($0)] })
                else { return nil }
                value = member
            case .list(let elements), .tuple(let elements):
                guard let index = Int(part), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// A reader of the dictionary at a dotted path.
    ///
    /// - Throws: `ConfigError.missingArgument` when nothing is there, `.wrongType` when it is not a dictionary.
    public func arguments(at path: String) throws -> Arguments {
        guard let value = self[path] else {
            throw ConfigError.missingArgument(path: "config", name: path)
        }
        guard case .dict(let dictionary) = value else {
            throw ConfigError.wrongType(path: path, expected: "a dict", found: value.summary)
        }
        return Arguments(dictionary, at: path)
    }
}
