public import PyConfig

/// Finds a dataset's dictionary in a config, as `pose dataset` names it.
public enum DatasetSelection {
    /// Which of a config's datasets.
    public enum Split: String, CaseIterable, Sendable {
        case train, val, test

        /// Where MMEngine's configs have it.
        public var key: String { "\(rawValue)_dataloader.dataset" }
    }

    /// The dictionary at a dotted path.
    ///
    /// - Parameters:
    ///   - key: such as `train_dataloader.dataset`.
    ///   - root: a folder in place of the config's `data_root`, in every dataset inside and in the files whose names begin
    ///     with it; nil to keep it.
    /// - Throws: `ConfigError` when there is no dictionary at the path.
    public static func dataset(in config: Config, key: String, root: String? = nil) throws -> ConfigDict {
        let found = try config.arguments(at: key).all
        guard let root else { return found }
        let folder = root.hasSuffix("/") ? root : root + "/"
        return replacing(found, with: folder, common: config["data_root"]?.stringValue)
    }

    private static func replacing(_ dataset: ConfigDict, with root: String, common: String?) -> ConfigDict {
        var result = dataset
        if let inner = dataset["dataset"]?.dictValue {
            result["dataset"] = .dict(replacing(inner, with: root, common: common))
        }
        if let members = dataset["datasets"]?.arrayValue {
            result["datasets"] = .list(
                members.map { member in
                    member.dictValue.map { .dict(replacing($0, with: root, common: common)) } ?? member
                })
        }
        guard dataset["datasets"] == nil, dataset["dataset"] == nil else { return result }
        let own = dataset["data_root"]?.stringValue
        result["data_root"] = .string(own.flatMap { moved($0, from: common, to: root) } ?? root)
        for name in ["ann_file", "bbox_file", "headbox_file"] {
            guard let path = dataset[name]?.stringValue else { continue }
            if let path = moved(path, from: own, to: result["data_root"]?.stringValue ?? root)
                ?? moved(path, from: common, to: root)
            {
                result[name] = .string(path)
            }
        }
        return result
    }

    /// A path below one folder as the same path below another; nil for a path elsewhere.
    private static func moved(_ path: String, from old: String?, to root: String) -> String? {
        guard let old, !old.isEmpty else { return nil }
        let prefix = old.hasSuffix("/") ? old : old + "/"
        if path == old || path == prefix { return root }
        return path.hasPrefix(prefix) ? PythonPath.join(root, String(path.dropFirst(prefix.count))) : nil
    }
}
