public import Foundation

/// A model that `pose models` knows: its config, its weights and what was measured with them.
public struct ModelZooEntry: Sendable, Hashable {
    /// The name to ask for it by.
    public let name: String
    /// Further names; not always of one entry alone (`face` names several).
    public let aliases: [String]
    /// The collection it belongs to, such as `HRNet`.
    public let family: String
    /// Path of the config below the zoo's folder; nil for the built-in model.
    public let config: String?
    /// Where its files are downloaded from. None when the zoo has published no weights.
    public let downloads: [Download]
    public let trainingData: [String]
    public let results: [Result]
    public let license: String
    /// Who published it.
    public let source: String

    /// A file on the network that is weights, or an archive that holds some.
    public struct Download: Sendable, Hashable {
        public let url: URL
        public let checksum: Checksum?
        /// In bytes, when it is known beforehand.
        public let size: Int?
        /// Where the weights go, below a folder of models.
        public let files: [String]
        /// Their names in the zip archive that is downloaded, one for each file; empty when the download is the file.
        public let members: [String]

        /// A download that is itself the file of weights, named as in its address.
        public init(url: URL, checksum: Checksum?, size: Int? = nil) {
            self.init(url: url, checksum: checksum, size: size, files: [url.lastPathComponent], members: [])
        }

        init(url: URL, checksum: Checksum?, size: Int?, files: [String], members: [String]) {
            self.url = url
            self.checksum = checksum
            self.size = size
            self.files = files
            self.members = members
        }
    }

    /// What the publisher measured on one data set.
    public struct Result: Sendable, Hashable {
        public let dataset: String
        public let task: String
        /// In the order of the zoo's own tables.
        public let metrics: [Metric]
    }

    /// A named number.
    public struct Metric: Sendable, Hashable {
        public let name: String
        public let value: Double
    }

    /// The kinds of task it was measured at, each once, such as `Body 2D Keypoint`.
    public var tasks: [String] {
        var seen: Set<String> = []
        return results.map(\.task).filter { seen.insert($0).inserted }
    }

    /// Whether every word of `text` occurs in a name, the family, a task, a data set or the config's path, in any case.
    public func matches(_ text: String) -> Bool {
        let haystack =
            ([name, family, config ?? ""] + aliases + trainingData + results.flatMap { [$0.task, $0.dataset] })
            .joined(separator: "\n").lowercased()
        return text.lowercased().split(separator: " ").allSatisfy { haystack.contains($0) }
    }

    /// The downloaded files in the first of some folders that has all of them; nil when none has, or nothing is known
    /// to download.
    public func installed(in folders: [URL]) -> [URL]? {
        guard !downloads.isEmpty else { return nil }
        for folder in folders {
            let files = downloads.flatMap(\.files).map { folder.appendingPathComponent($0) }
            if files.allSatisfy({ FileManager.default.fileExists(atPath: $0.path) }) { return files }
        }
        return nil
    }
}
