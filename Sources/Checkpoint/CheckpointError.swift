/// Why a checkpoint could not be read or written: which file, and what is wrong with it.
public struct CheckpointError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, without the file's name.
    public enum Reason: Error, Sendable, Hashable {
        /// The file cannot be opened, mapped or written; the text is the system's message.
        case system(String)
        /// The bytes are none of the layouts this library reads.
        case unrecognised(String)
        /// The file ends before what it announces.
        case truncated(String)
        /// The file contradicts itself or its format.
        case malformed(String)
        /// The pickle asks for a class or function outside the allow-list, e.g. `os.system`.
        case refusedGlobal(String)
        /// The pickle uses an allowed name in a way that would need code to run.
        case refusedOperation(String)
        /// Valid, but outside what this library reads: big-endian, compressed, complex numbers.
        case unsupported(String)
        /// Larger, deeper or longer than any real checkpoint: a bomb.
        case limit(String)
        /// The file is sound but does not hold what was asked for.
        case missing(String)
        /// A value that the chosen format cannot hold.
        case unwritable(String)
    }

    /// Path of the file.
    public let file: String
    /// What is wrong.
    public let reason: Reason

    /// An error about `file`.
    public init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    /// One line; text from the file is shown without control characters and cut when long.
    public var description: String { file + ": " + Text.printable(reason.description, limit: 400) }
}

extension CheckpointError.Reason: CustomStringConvertible {
    /// The kind of problem and its details.
    public var description: String {
        switch self {
        case .system(let text): text
        case .unrecognised(let text): "not a checkpoint: \(text)"
        case .truncated(let text): "truncated: \(text)"
        case .malformed(let text): "malformed: \(text)"
        case .refusedGlobal(let name): "refused: the pickle asks for \(name), which is not on the allow-list"
        case .refusedOperation(let text): "refused: \(text)"
        case .unsupported(let text): "unsupported: \(text)"
        case .limit(let text): "refused: \(text)"
        case .missing(let text): text
        case .unwritable(let text): "cannot be written: \(text)"
        }
    }
}
