/// How a written config looks, beyond its values.
public struct PythonLayout: Sendable {
    /// Top-level keys whose name later lines show instead of repeating an equal value: `decoder=codec`.
    public var shared: [String]
    /// A line of comment, without `#`, set off by an empty line, before a top-level key.
    public var headings: [String: String]
    /// Lines of comment, without `#`, before the entry at a dotted path. An entry that does not stand on a line of its
    /// own has them before the nearest one around it that does.
    public var comments: [String: [String]]
    /// Whether `{{fileDirname}}` and the like in strings stay placeholders, to be replaced when the file is loaded.
    public var keepsPlaceholders: Bool

    /// A layout; without arguments, every value in full and no comments.
    public init(
        shared: [String] = [], headings: [String: String] = [:], comments: [String: [String]] = [:],
        keepsPlaceholders: Bool = false
    ) {
        self.keepsPlaceholders = keepsPlaceholders
        self.shared = shared
        self.headings = headings
        self.comments = comments
    }

    /// The comments of an entry and of everything inside it.
    func all(within path: String) -> [String] {
        comments.filter { $0.key == path || $0.key.hasPrefix(path + ".") }
            .sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// Whether something inside the entry, itself excluded, has comments.
    func hasComments(inside path: String) -> Bool {
        comments.contains { $0.key.hasPrefix(path + ".") && !$0.value.isEmpty }
    }
}
