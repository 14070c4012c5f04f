/// Where something stands in a config file.
public struct SourceLocation: Sendable, Hashable {
    /// Path of the file.
    public var file: String
    /// Line, from 1.
    public var line: Int
    /// Column in characters, from 1.
    public var column: Int
    /// The text of the line, for the message.
    public var text: String
}

/// What can be wrong with a config, a `--cfg-options` entry, or the arguments of an object built from a config.
public enum ConfigError: Error, Sendable, Hashable {
    /// What kind of mistake a line of a config holds; the names follow Python's exceptions.
    public enum Kind: String, Sendable, Hashable {
        case syntax, name, type, value, key, index, attribute, zeroDivision, overflow
        /// Valid Python that configs do not need, or that would run code.
        case unsupported
        /// The step, depth or size budget ran out.
        case budget
        /// `_base_` and merging.
        case inheritance
    }

    /// A mistake in a config file.
    case source(Kind, message: String, at: SourceLocation)
    /// A file that cannot be read, found, or is of an unsupported kind.
    case file(path: String, reason: String)
    /// A mistake in `--cfg-options` or in a dotted path.
    case option(String, reason: String)
    /// An object needs an argument that its config does not have.
    case missingArgument(path: String, name: String)
    /// An argument has the wrong type. `found` shows the value.
    case wrongType(path: String, expected: String, found: String)
    /// An argument has the right type but a value that cannot be used.
    case invalidArgument(path: String, reason: String)
    /// An argument that the object does not know.
    case unknownArgument(path: String, name: String, nearest: String?, valid: [String])
    /// A value that cannot be written in the requested format.
    case unwritable(path: String, reason: String)
}

extension ConfigError: CustomStringConvertible {
    /// The message: for a mistake in a file its place, the line, and a caret under the column.
    public var description: String {
        switch self {
        case .source(_, let message, let location):
            return """
                \(location.file):\(location.line):\(location.column): error: \(message)
                \(location.text)
                \(caret(at: location))
                """
        case .file(let path, let reason): return "\(path): \(reason)"
        case .option(let option, let reason): return "--cfg-options \(option): \(reason)"
        case .missingArgument(let path, let name): return "\(path): '\(name)' is required but missing"
        case .wrongType(let path, let expected, let found):
            return "\(path): expected \(expected), found \(found)"
        case .invalidArgument(let path, let reason): return "\(path): \(reason)"
        case .unknownArgument(let path, let name, let nearest, let valid):
            let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
            let known =
                valid.isEmpty
                ? "it takes no arguments" : "known arguments: \(valid.joined(separator: ", "))"
            return "\(path): unknown argument '\(name)'\(hint) (\(known))"
        case .unwritable(let path, let reason): return "\(path): \(reason)"
        }
    }

    /// A caret under the column, with the line's own tabs so that it lands under the character in a terminal.
    private func caret(at location: SourceLocation) -> String {
        let before = location.text.prefix(max(location.column - 1, 0))
        return String(before.map { $0 == "\t" ? "\t" : " " }) + "^"
    }
}
