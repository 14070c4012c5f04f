import PyConfig

/// What can go wrong when a model is built from a config or filled from a checkpoint.
public enum ModelError: Error, Sendable, CustomStringConvertible {
    /// A `type` that no table knows.
    case unknownType(String, at: String, known: [String])
    /// Inputs that do not fit the model.
    case invalidInput(String)

    public var description: String {
        switch self {
        case .unknownType(let type, let path, let known):
            let nearest = nearestName(to: type, among: known.sorted()).map { "; did you mean '\($0)'?" } ?? "."
            return "\(path).type: no '\(type)' here\(nearest) Known: \(known.sorted().joined(separator: ", "))"
        case .invalidInput(let reason):
            return reason
        }
    }
}
