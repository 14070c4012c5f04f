public import Foundation

extension Config {
    /// Loads a config file with all the files it inherits from.
    ///
    /// - Throws: `ConfigError`, naming file, line and column.
    public static func load(contentsOf url: URL, options: ConfigOptions = ConfigOptions()) throws -> Config {
        throw ConfigError.file(path: url.path, reason: "this kind of config is not supported")
    }
}
