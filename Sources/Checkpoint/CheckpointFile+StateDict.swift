import Foundation
import OrderedCollections

extension CheckpointFile {
    /// Keys under which training code keeps weights, in order of preference.
    private static let plainKeys = ["state_dict", "model", "model_state_dict", "module"]
    /// Keys under which training code keeps averaged weights. MMEngine's `ema_state_dict` is not among them; see below.
    private static let averagedKeys = ["state_dict_ema", "model_ema", "ema_state_dict", "ema"]

    /// The model's weights: those under `state_dict` or `model`, or the file itself when it is a plain dictionary of
    /// tensors. A leading `module.` (left by `DataParallel`) is removed from the keys.
    ///
    /// MMEngine's `EMAHook` swaps before it saves: in a file with `ema_state_dict`, the averaged weights are under
    /// `state_dict`, and `ema_state_dict` holds the weights of the last step. So `preferEMA` changes nothing there; it
    /// matters for files that keep averages under `state_dict_ema`, `model_ema` or `ema`.
    ///
    /// - Parameter preferEMA: take averaged weights when the file has them under a key of their own.
    /// - Throws: `CheckpointError` when there are no tensors to be found, or stripping `module.` makes two keys equal.
    public func stateDict(preferEMA: Bool = false) throws -> StateDict {
        guard let top = root.dictValue else {
            throw CheckpointError(file: url.path, reason: .missing("the file does not hold a dictionary"))
        }
        let key = stateDictKey(preferEMA: preferEMA)
        guard let key else { return try makeStateDict(top, named: nil) }
        return try stateDict(under: key)
    }

    /// The weights under one top-level key, e.g. `ema_state_dict` to resume MMEngine's `EMAHook`.
    ///
    /// - Throws: `CheckpointError` when there is no dictionary of tensors under `key`.
    public func stateDict(under key: String) throws -> StateDict {
        guard let dict = root.dictValue?[key]?.dictValue else {
            throw CheckpointError(file: url.path, reason: .missing("there is no dictionary under '\(key)'"))
        }
        return try makeStateDict(dict, named: key)
    }

    /// The top-level key `stateDict(preferEMA:)` reads; `nil` when the file itself is the state dict.
    public func stateDictKey(preferEMA: Bool = false) -> String? {
        guard let top = root.dictValue else { return nil }
        let holdsTensors = { (key: String) in
            top[key]?.dictValue?.entries.values.contains { $0.tensorValue != nil } ?? false
        }
        // MMEngine's layout: the averages are already under `state_dict`.
        let isSwapped = top["ema_state_dict"] != nil && holdsTensors("state_dict")
        let candidates =
            preferEMA && !isSwapped ? Self.averagedKeys + Self.plainKeys : Self.plainKeys + Self.averagedKeys
        return candidates.first(where: holdsTensors)
    }

    private func makeStateDict(_ dict: PickleDict, named source: String?) throws -> StateDict {
        var result = StateDict(versions: Self.versions(dict))
        for (key, value) in dict.entries {
            guard case .string(let stored) = key, case .tensor(let tensor) = value else {
                result.ignoredKeys.append(key.description)
                continue
            }
            let name = stored.hasPrefix("module.") ? String(stored.dropFirst("module.".count)) : stored
            guard result[name] == nil else {
                throw CheckpointError(
                    file: url.path, reason: .malformed("both '\(name)' and 'module.\(name)' are in the state dict"))
            }
            result[name] = tensor
        }
        guard !result.isEmpty else {
            let place =
                source.map { "under '\($0)'" } ?? "at the top level or under \(Self.plainKeys.joined(separator: ", "))"
            throw CheckpointError(file: url.path, reason: .missing("no tensors \(place)"))
        }
        return result
    }

    /// `_metadata`: `{module path: {"version": n}}`. A module without a version has none here.
    private static func versions(_ dict: PickleDict) -> OrderedDictionary<String, Int> {
        var versions: OrderedDictionary<String, Int> = [:]
        for (key, value) in dict.attributes["_metadata"]?.dictValue?.entries ?? [:] {
            if case .string(let path) = key { versions[path] = value.dictValue?["version"]?.intValue }
        }
        return versions
    }
}

extension PickleKey: CustomStringConvertible {
    /// The key as text: strings as they are, other values as Python prints them.
    public var description: String {
        switch self {
        case .none: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .float(let value): String(value)
        case .string(let value): value
        case .bytes(let value): "bytes(\(value.count))"
        case .tuple(let values): "(" + values.map(\.description).joined(separator: ", ") + ")"
        case .name(let value): value
        }
    }
}
