/// Why an `.npy` or `.npz` file could not be read or written.
public struct ArrayFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Reason: Hashable, Sendable {
        case missing
        case directory
        case notPermitted
        /// Neither `.npy` nor a zip archive.
        case notAnArrayFile
        /// The file ends before its data do.
        case truncated
        /// The bytes contradict themselves.
        case corrupt(String)
        /// A well-formed file of a kind that is not read here (object arrays, records, encrypted archives).
        case unsupported(String)
        /// An archive without an entry of this name.
        case noSuchArray(String)
        case system(String)
    }

    /// The file; nil for data in memory.
    public var path: String?
    /// The array inside an archive.
    public var entry: String?
    public var reason: Reason

    public init(path: String? = nil, entry: String? = nil, _ reason: Reason) {
        self.path = path
        self.entry = entry
        self.reason = reason
    }

    public var description: String {
        let text =
            switch reason {
            case .missing: "no such file"
            case .directory: "is a folder, not a file of arrays"
            case .notPermitted: "permission denied"
            case .notAnArrayFile: "not an .npy or .npz file"
            case .truncated: "the file is truncated"
            case .corrupt(let what): "the file is corrupt: \(what)"
            case .unsupported(let what): "not supported: \(what)"
            case .noSuchArray(let name): "no array named '\(name)'"
            case .system(let message): message
            }
        return [path, entry.map { "array '\($0)'" }, text].compactMap(\.self).joined(separator: ": ")
    }
}
