/// The path functions of Python's `posixpath` that configs use.
enum Paths {
    static func join(_ parts: [String]) -> String {
        var result = parts.first ?? ""
        for part in parts.dropFirst() {
            if part.hasPrefix("/") {
                result = part
            } else {
                result += (result.isEmpty || result.hasSuffix("/") ? "" : "/") + part
            }
        }
        return result
    }

    /// Folder and last component.
    static func split(_ path: String) -> (head: String, tail: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        let tail = String(path[path.index(after: slash)...])
        let head = path[...slash]
        let isRoot = head.allSatisfy { $0 == "/" }
        return (isRoot ? String(head) : String(head.reversed().drop { $0 == "/" }.reversed()), tail)
    }

    /// Everything before the extension, and the extension with its dot; leading dots of the name belong to the name.
    static func splitExtension(_ path: String) -> (root: String, ending: String) {
        let tail = split(path).tail
        let name = tail.drop { $0 == "." }
        guard let dot = name.lastIndex(of: ".") else { return (path, "") }
        let ending = String(name[dot...])
        return (String(path.dropLast(ending.count)), ending)
    }

    /// Without `.`, doubled slashes and resolvable `..`.
    static func normalize(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." || parts.last == ".." || (parts.isEmpty && !isAbsolute) {
                parts.append(part)
            } else {
                _ = parts.popLast()
            }
        }
        let joined = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
        return joined.isEmpty ? "." : joined
    }
}
