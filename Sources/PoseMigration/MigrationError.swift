/// Why a config, checkpoint or project could not be migrated. Nothing has been written when one is thrown.
public enum MigrationError: Error, Sendable, Hashable {
    /// A file that has marks of both eras.
    case mixedEras(file: String, old: [String], new: [String])
    /// A file that is no MMPose config of either era.
    case notPose(file: String, reason: String)
    /// A class that MMPose 0.29 does not have.
    case unknownClass(path: String, name: String, nearest: String?)
    /// A model or part that 1.x does not have.
    case notPortable(path: String, name: String, reason: String, alternative: String)
    /// A value that 0.29 would not accept either.
    case invalid(path: String, reason: String)
    /// A checkpoint that does not belong to the config, or has no weights.
    case checkpoint(file: String, reason: String)
    /// An output that would overwrite what must not be.
    case output(path: String, reason: String)
}

extension MigrationError: CustomStringConvertible {
    /// The message: what, where, and the remedy.
    public var description: String {
        switch self {
        case .mixedEras(let file, let old, let new):
            return "\(file): mixes both eras: \(old.joined(separator: ", ")) are 0.x, \(new.joined(separator: ", ")) "
                + "are 1.x; finish or undo the change by hand first"
        case .notPose(let file, let reason): return "\(file): \(reason)"
        case .unknownClass(let path, let name, let nearest):
            let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
            return "\(path): MMPose 0.29 has no class '\(name)'\(hint) Port the class to 1.x first, then write its "
                + "part of the config by hand"
        case .notPortable(let path, let name, let reason, let alternative):
            return "\(path): '\(name)' cannot be migrated: \(reason). Nearest alternative: \(alternative)"
        case .invalid(let path, let reason): return "\(path): \(reason)"
        case .checkpoint(let file, let reason): return "\(file): \(reason)"
        case .output(let path, let reason): return "\(path): \(reason)"
        }
    }
}
