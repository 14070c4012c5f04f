public import Foundation

/// A file of weights that swift-pose uses without being told a path.
public struct ModelFile: Hashable, Sendable {
    /// Name for `pose models get`.
    public let model: String
    /// Path below a folder of models.
    public let path: String

    /// A file of a model.
    public init(model: String, path: String) {
        self.model = model
        self.path = path
    }

    /// Finds people: 224 × 224.
    public static let blazePoseDetector = ModelFile(model: "blazepose", path: "blazepose/pose_detection.tflite")
    /// Finds 33 landmarks of a person: 256 × 256.
    public static let blazePoseLandmarks = ModelFile(model: "blazepose", path: "blazepose/pose_landmark_full.tflite")
}

/// A model file that is in none of the places where it may be.
public struct ModelLocationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file that was wanted.
    public let file: ModelFile
    /// The paths that were tried, in order.
    public let searched: [String]

    /// What is missing, the remedy, and where it was looked for.
    public var description: String {
        """
        \(file.path) was not found; run scripts/bootstrap or `pose models get \(file.model)`. Looked at:
        \(searched.map { "  " + $0 }.joined(separator: "\n"))
        """
    }
}

/// The folders in which model files are looked for, in this order:
///
/// 1. `models` in `$SWIFT_POSE_HOME`;
/// 2. `.deps/models` in the folder of the executable or one above it, then likewise from the current folder: a clone
///    after `scripts/bootstrap`;
/// 3. `swift-pose/models` in `$XDG_DATA_HOME`, by default `~/.local/share`: what `pose models get` fetches.
public struct ModelLocations: Sendable, Hashable {
    /// In the order in which they are searched.
    public let folders: [URL]

    /// These folders and no others.
    public init(folders: [URL]) {
        self.folders = folders
    }

    /// The folders of this process; parameters are for tests and for embedding.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: URL? = Bundle.main.executableURL,
        currentFolder: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
        home: URL = FileManager.default.homeDirectoryForCurrentUser
    ) {
        var folders: [URL] = []
        if let path = environment["SWIFT_POSE_HOME"], !path.isEmpty {
            folders.append(URL(fileURLWithPath: path).appendingPathComponent("models"))
        }
        let starts = [executable?.resolvingSymlinksInPath().deletingLastPathComponent(), currentFolder]
        for start in starts.compactMap({ $0 }) { folders += Self.foldersAbove(start) }
        folders.append(Self.userFolder(environment: environment, home: home))
        var seen: Set<String> = []
        self.folders = folders.filter { seen.insert($0.path).inserted }
    }

    /// Where fetched models go.
    public static func userFolder(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        home: URL = FileManager.default.homeDirectoryForCurrentUser
    ) -> URL {
        // The XDG specification: a path that is not absolute is to be ignored.
        let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
        return (data ?? home.appendingPathComponent(".local/share")).appendingPathComponent("swift-pose/models")
    }

    /// Where a file is.
    ///
    /// - Throws: `ModelLocationError` with the paths looked at and the remedy.
    public func url(of file: ModelFile) throws(ModelLocationError) -> URL {
        let candidates = folders.map { $0.appendingPathComponent(file.path) }
        if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) { return found }
        throw ModelLocationError(file: file, searched: candidates.map(\.path))
    }

    private static func foldersAbove(_ start: URL) -> [URL] {
        var folders: [URL] = []
        var folder = start.standardizedFileURL
        while true {
            let models = folder.appendingPathComponent(".deps/models")
            var isDirectory = ObjCBool(false)
            // Only folders that exist, or an error would list a path for every folder above this one.
            if FileManager.default.fileExists(atPath: models.path, isDirectory: &isDirectory), isDirectory.boolValue {
                folders.append(models)
            }
            let parent = folder.deletingLastPathComponent().standardizedFileURL
            if parent.path == folder.path || folder.path == "/" { return folders }
            folder = parent
        }
    }
}
