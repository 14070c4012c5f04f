/// Why the list of models cannot be read or does not lead to one model.
public enum ModelZooError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The zoo's folder is in none of these places.
    case notFound(searched: [String])
    /// A file of the index is unreadable or not of the form it should have.
    case malformed(file: String, reason: String)
    /// No entry has this name; `nearest` are names that look like it.
    case unknownModel(name: String, nearest: [String])
    /// Several entries go by this name.
    case ambiguous(name: String, candidates: [String])
    /// The zoo lists the model without weights to download.
    case nothingToDownload(name: String)

    public var description: String {
        switch self {
        case .notFound(let searched):
            let places = searched.map { "\n  " + $0 }.joined()
            return "the zoo's configs were not found; run scripts/bootstrap. Looked at:\(places)"
        case .malformed(let file, let reason):
            return "\(file): \(reason); run scripts/bootstrap again after deleting .deps/stamps/mmpose"
        case .unknownModel(let name, let nearest):
            let hint = nearest.isEmpty ? "" : " Similar: \(nearest.joined(separator: ", "))."
            return "no model is called '\(name)'.\(hint) `pose models list` shows them all"
        case .ambiguous(let name, let candidates):
            return "'\(name)' names several models; ask for one of: \(candidates.joined(separator: ", "))"
        case .nothingToDownload(let name):
            return "the zoo has published no weights for '\(name)'"
        }
    }
}
