import OrderedCollections

/// How MMEngine merges a child config, or `--cfg-options`, into what it inherits.
enum Merge {
    static let deleteKey = ConfigKey.string("_delete_")

    /// Members of `child` replace those of `base`; two dictionaries merge unless the child's has `_delete_=True`.
    ///
    /// With `allowsListKeys` a dictionary with the keys `'0'`, `'1'`, … changes elements of a list, as
    /// `--cfg-options a.0.b=c` does.
    ///
    /// - Throws: `Fault` when a dictionary meets something that it cannot merge into.
    static func merge(
        _ child: ConfigDict, into base: ConfigDict, allowsListKeys: Bool = false, path: String = ""
    ) throws -> ConfigDict {
        var result = base
        for (key, value) in child.storage {
            guard case .dict(var inner) = value, let existing = base.storage[key] else {
                result.storage[key] = value
                continue
            }
            if inner.storage.removeValue(forKey: deleteKey)?.isTrue == true {
                result.storage[key] = .dict(inner)
                continue
            }
            let keyPath = path + (path.isEmpty ? "" : ".") + (key.stringValue ?? key.value.python)
            result.storage[key] = try merge(inner, into: existing, allowsListKeys, keyPath)
        }
        return result
    }

    private static func merge(
        _ child: ConfigDict, into base: ConfigValue, _ allowsListKeys: Bool, _ path: String
    ) throws -> ConfigValue {
        switch base {
        case .dict(let dictionary):
            return .dict(try merge(child, into: dictionary, allowsListKeys: allowsListKeys, path: path))
        case .list(let elements) where allowsListKeys:
            return .list(try mergeElements(child, into: elements, path))
        case .tuple(let elements) where allowsListKeys:
            return .tuple(try mergeElements(child, into: elements, path))
        default:
            throw Fault(
                .inheritance,
                "\(path) is a dict here but \(base.summary) in what it inherits; "
                    + "set _delete_=True in it to replace the inherited value")
        }
    }

    private static func mergeElements(
        _ child: ConfigDict, into base: [ConfigValue], _ path: String
    ) throws -> [ConfigValue] {
        var result = base
        for (key, value) in child.storage {
            guard let text = key.stringValue, let index = Int(text), text.utf8.allSatisfy(isDigit) else {
                throw Fault(.key, "\(path) is a list; '\(key.stringValue ?? "")' is not a position in it")
            }
            guard index < result.count else {
                throw Fault(
                    .index, "\(path) has \(result.count) elements; there is none at position \(index)")
            }
            // As in MMEngine, `_delete_` means nothing for an element of a list.
            if case .dict(let inner) = value {
                result[index] = try merge(inner, into: result[index], true, "\(path).\(index)")
            } else {
                result[index] = value
            }
        }
        return result
    }

    /// `ConfigDict.merge`, which a config can call: as `merge`, but a dictionary simply replaces what is none.
    static func configDictMerge(_ child: ConfigDict, into base: ConfigDict) -> ConfigDict {
        var changes = child
        let isReplacing = changes.storage.removeValue(forKey: deleteKey)?.isTrue == true
        var result = isReplacing ? ConfigDict() : base
        for (key, value) in changes.storage {
            if case .dict(var inner) = value {
                if case .dict(let existing)? = result.storage[key] {
                    result.storage[key] = .dict(configDictMerge(inner, into: existing))
                } else {
                    inner.storage.removeValue(forKey: deleteKey)
                    result.storage[key] = .dict(inner)
                }
            } else {
                result.storage[key] = value
            }
        }
        return result
    }
}

extension ConfigValue {
    /// Python's truth of the value.
    var isTrue: Bool {
        switch self {
        case .none: false
        case .bool(let flag): flag
        case .int(let number): number != 0
        case .float(let number): number != 0
        case .string(let text): !text.isEmpty
        case .bytes(let bytes): !bytes.isEmpty
        case .list(let values), .tuple(let values), .set(let values): !values.isEmpty
        case .dict(let dictionary): !dictionary.isEmpty
        case .reference: true
        }
    }
}
