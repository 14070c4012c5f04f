public import Foundation
public import PoseRuntime

/// The models that can be asked for by name: the built-in one and those of MMPose's zoo.
public struct ModelZoo: Sendable {
    /// Holds the zoo's configs and its model index; nil when only the built-in model is known.
    public let folder: URL?
    public let entries: [ModelZooEntry]

    /// The zoo in a folder with `model-index.yml` and `configs`, as `scripts/bootstrap` lays it out.
    ///
    /// - Throws: `ModelZooError.malformed` naming the file.
    public init(folder: URL) throws(ModelZooError) {
        self.folder = folder
        entries = [.blazePose] + (try ModelIndex(folder: folder).entries())
    }

    /// The built-in model alone.
    public static let builtIn = ModelZoo(folder: nil, entries: [.blazePose])

    private init(folder: URL?, entries: [ModelZooEntry]) {
        self.folder = folder
        self.entries = entries
    }

    /// The zoo beside one of the folders that models are looked for in.
    ///
    /// - Throws: `ModelZooError.notFound` with the places looked at, `.malformed`.
    public static func find(_ locations: ModelLocations = ModelLocations()) throws(ModelZooError) -> ModelZoo {
        let places = locations.folders.map { $0.deletingLastPathComponent().appendingPathComponent("mmpose") }
        for place in places
        where FileManager.default.fileExists(atPath: place.appendingPathComponent("model-index.yml").path) {
            return try ModelZoo(folder: place)
        }
        throw .notFound(searched: places.map(\.path))
    }

    /// The entries whose names, family, task, data sets or config hold every word of `text`; all for an empty text.
    public func entries(matching text: String) -> [ModelZooEntry] { entries.filter { $0.matches(text) } }

    /// The entry called `name`: by its name, an alias, its config (path or file name) or its file of weights.
    ///
    /// - Throws: `ModelZooError.unknownModel` with similar names, `.ambiguous` with the candidates.
    public func entry(named name: String) throws(ModelZooError) -> ModelZooEntry {
        let wanted = name.lowercased()
        // A name of its own comes before an alias, and that before file names, which may be shared.
        let readings: [(ModelZooEntry) -> [String]] = [
            { [$0.name] }, { $0.aliases }, { Self.configNames($0) }, { $0.downloads.map(\.url.lastPathComponent) },
        ]
        for names in readings {
            let found = entries.filter { entry in names(entry).contains { $0.lowercased() == wanted } }
            if found.count == 1 { return found[0] }
            if found.count > 1 { throw .ambiguous(name: name, candidates: found.map(\.name)) }
        }
        throw .unknownModel(name: name, nearest: nearest(to: wanted))
    }

    /// Where the config of an entry is on this machine.
    public func configURL(of entry: ModelZooEntry) -> URL? {
        guard let folder, let config = entry.config else { return nil }
        return folder.appendingPathComponent(config)
    }

    private static func configNames(_ entry: ModelZooEntry) -> [String] {
        guard let config = entry.config else { return [] }
        let url = URL(fileURLWithPath: config)
        return [config, url.lastPathComponent, url.deletingPathExtension().lastPathComponent]
    }

    /// Up to three names that share most of their runs of three characters with `name`.
    private func nearest(to name: String) -> [String] {
        let wanted = Self.trigrams(name)
        guard !wanted.isEmpty else { return [] }
        let likeness = entries.flatMap { [$0.name] + $0.aliases }.map { candidate in
            let own = Self.trigrams(candidate.lowercased())
            return (
                name: candidate, share: 2 * Double(own.intersection(wanted).count) / Double(own.count + wanted.count)
            )
        }
        return likeness.filter { $0.share > 0.4 }.sorted { $0.share > $1.share }.prefix(3).map(\.name)
    }

    private static func trigrams(_ text: String) -> Set<String> {
        let characters = Array("  \(text) ")
        return Set(characters.indices.dropLast(2).map { String(characters[$0...$0 + 2]) })
    }
}
