/// Searching text by its UTF-8, which Python's code-point semantics allow and Swift's characters do not.
enum Bytes {
    /// The byte offset of the first occurrence at or behind `start`.
    static func find(_ part: [UInt8], in text: [UInt8], from start: Int = 0) -> Int? {
        guard start <= text.count - part.count else { return nil }
        guard let first = part.first else { return start }
        var index = start
        while index <= text.count - part.count {
            if text[index] == first, text[index..<index + part.count].elementsEqual(part) { return index }
            index += 1
        }
        return nil
    }

    static func find(_ part: String, in text: String) -> Int? {
        find(Array(part.utf8), in: Array(text.utf8))
    }

    /// The text cut at every occurrence of the separator, at most `limit` times.
    static func split(_ text: String, by separator: String, limit: Int = .max) -> [String] {
        let bytes = Array(text.utf8)
        let part = Array(separator.utf8)
        var result: [String] = []
        var start = 0
        while result.count < limit, let index = find(part, in: bytes, from: start) {
            result.append(String(decoding: bytes[start..<index], as: UTF8.self))
            start = index + part.count
        }
        result.append(String(decoding: bytes[start...], as: UTF8.self))
        return result
    }

    /// As `split`, from the end.
    static func splitFromEnd(_ text: String, by separator: String, limit: Int) -> [String] {
        let parts = split(text, by: separator)
        guard limit < parts.count - 1 else { return parts }
        let head = parts.dropLast(limit).joined(separator: separator)
        return [head] + parts.suffix(limit)
    }
}
