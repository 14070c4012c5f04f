public import Foundation
public import PyConfig

/// Where MMPose's zoo of configs is, and configs read with it in reach.
public struct ConfigLocations: Sendable {
    /// `configs` folders of MMPose, the first that has a file wins.
    public let zooFolders: [URL]

    public init(zooFolders: [URL]) {
        self.zooFolders = zooFolders
    }

    /// The folders of this process: `mmpose/configs` in `$SWIFT_POSE_HOME`, and `.deps/mmpose/configs` in the folder of
    /// the executable, the current folder, or one above: a clone after `scripts/bootstrap`.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: URL? = Bundle.main.executableURL,
        currentFolder: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    ) {
        var candidates: [URL] = []
        if let home = environment["SWIFT_POSE_HOME"], !home.isEmpty {
            candidates.append(URL(fileURLWithPath: home).appendingPathComponent("mmpose/configs"))
        }
        for start in [executable?.resolvingSymlinksInPath(), currentFolder].compactMap({ $0 }) {
            var folder = start.standardizedFileURL
            while folder.path != "/" {
                candidates.append(folder.appendingPathComponent(".deps/mmpose/configs"))
                folder = folder.deletingLastPathComponent().standardizedFileURL
            }
        }
        zooFolders = candidates.filter { FileManager.default.fileExists(atPath: $0.path) }
    }

    /// The file a user means: a path, or one below the zoo's `configs` folder.
    public func url(of path: String) -> URL {
        let candidates = [URL(fileURLWithPath: path)] + zooFolders.map { $0.appendingPathComponent(path) }
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) } ?? candidates[0]
    }

    /// Reads a config.
    ///
    /// - Parameter overrides: `--cfg-options` entries.
    /// - Throws: `ConfigError` with file, line and column.
    public func load(_ url: URL, overrides: [String] = []) throws -> Config {
        var options = ConfigOptions(overrides: overrides)
        if let zoo = zooFolders.first { options.packageRoots["mmpose"] = zoo }
        return try Config.load(contentsOf: url, options: options)
    }
}
