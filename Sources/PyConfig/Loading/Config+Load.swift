public import Foundation

extension Config {
    /// Loads a config file with all the files it inherits from, as MMEngine's `Config.fromfile` resolves it, and
    /// applies `options.overrides`. Python is never run; classes that a config imports become references.
    ///
    /// - Throws: `ConfigError`, for a mistake in a file with file, line, column and the line itself.
    public static func load(
        contentsOf url: URL, options: ConfigOptions = ConfigOptions()
    ) throws
        -> Config
    {
        let path = url.standardizedFileURL.path
        return try located(path) {
            try finished(Loader(options).load(path: path), url, options)
        }
    }

    /// Resolves a config given as text, as if it stood in a file named `path`.
    ///
    /// - Throws: `ConfigError`, as `load`.
    public static func parse(
        _ text: String, path: String = "config.py", options: ConfigOptions = ConfigOptions()
    ) throws -> Config {
        let whole = URL(fileURLWithPath: path).standardizedFileURL.path
        guard text.utf8.count <= options.budget.fileSize else {
            throw ConfigError.file(path: whole, reason: "larger than \(options.budget.fileSize) bytes")
        }
        return try located(whole) {
            try finished(Loader(options).load(text: text, path: whole), nil, options)
        }
    }

    /// Applies `--cfg-options` entries, `model.backbone.depth=101`, in MMEngine's grammar. Positions of lists count
    /// from 0 in a path: `train_pipeline.0.type=LoadImage`.
    ///
    /// - Throws: `ConfigError.option`.
    public mutating func apply(_ overrides: [String]) throws {
        guard !overrides.isEmpty else { return }
        let changes = try Overrides.parse(overrides)
        do {
            root = try Merge.merge(changes, into: root, allowsListKeys: true)
        } catch let fault as Fault {
            throw ConfigError.option(overrides.joined(separator: " "), reason: fault.message)
        }
    }

    /// Names that MMEngine's Config keeps for itself.
    private static let reserved = ["filename", "text", "pretty_text", "env_variables"]

    private static func finished(
        _ root: ConfigDict, _ url: URL?, _ options: ConfigOptions
    ) throws
        -> Config
    {
        if let name = reserved.first(where: { root[$0] != nil }) {
            throw ConfigError.file(
                path: url?.path ?? "config", reason: "'\(name)' is reserved and cannot be a key")
        }
        var config = Config(root, file: url)
        try config.apply(options.overrides)
        return config
    }

    /// Gives a fault that carries no place yet the file's name.
    private static func located(
        _ path: String, _ body: @escaping @Sendable () throws -> Config
    ) throws -> Config {
        do { return try LargeStack.run(body) } catch let fault as Fault {
            throw ConfigError.file(path: path, reason: fault.message)
        }
    }
}
