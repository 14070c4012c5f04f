import OrderedCollections

/// The placeholders that MMEngine replaces in a config's text before reading it: `{{ fileDirname }}` and its relatives,
/// `{{$VARIABLE:default}}`, and `{{_base_.name}}`.
struct Templates {
    let file: String
    let environment: [String: String]
    private(set) var bytes: [UInt8]
    /// Dotted paths into the base config, by the string literal that stands for each.
    private(set) var baseVariables: [String: String] = [:]

    /// A character that no config uses, around the names of base variables.
    static let mark: Unicode.Scalar = "\u{10FFFD}"

    init(_ text: String, file: String, environment: [String: String]) {
        self.file = file
        self.environment = environment
        bytes = Array(text.utf8)
    }

    /// The text with all placeholders replaced.
    ///
    /// - Throws: `ConfigError` for an environment variable without value and default.
    static func substitute(
        _ text: String, file: String, environment: [String: String]
    ) throws
        -> Templates
    {
        var templates = Templates(text, file: file, environment: environment)
        guard Bytes.find([0x7B, 0x7B], in: templates.bytes) != nil else { return templates }
        templates.replace { $0.fileVariable($1) }
        try templates.replace { try $0.environmentVariable($1) }
        templates.replace { $0.baseVariable($1) }
        return templates
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Replaces each `{{` that the reader recognises; the reader gives the replacement and the end of the placeholder.
    private mutating func replace(
        _ read: (inout Templates, Int) throws -> (replacement: String, end: Int)?
    ) rethrows {
        var result: [UInt8] = []
        var copied = 0
        var index = 0
        while let start = Bytes.find([0x7B, 0x7B], in: bytes, from: index) {
            if let (replacement, end) = try read(&self, start) {
                result += bytes[copied..<start]
                result += Array(replacement.utf8)
                copied = end
                index = end
            } else {
                index = start + 1
            }
        }
        bytes = result + bytes[copied...]
    }

    // MARK: readers; each stands on `{{`

    private func fileVariable(_ start: Int) -> (String, Int)? {
        let nameStart = skipSpace(start + 2)
        let nameEnd = skipWord(nameStart)
        guard let end = closing(skipSpace(nameEnd)) else { return nil }
        let (folder, name) = Paths.split(file)
        let (stem, ending) = Paths.splitExtension(name)
        let value: String
        switch String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self) {
        case "fileDirname": value = folder
        case "fileBasename": value = name
        case "fileBasenameNoExtension": value = stem
        case "fileExtname": value = ending
        default: return nil
        }
        return (value.replacing("\\", with: "/"), end)
    }

    private func environmentVariable(_ start: Int) throws -> (String, Int)? {
        let nameStart = skipSpace(skipQuote(start + 2)) + 1
        guard nameStart <= bytes.count, bytes[nameStart - 1] == UInt8(ascii: "$") else { return nil }
        let nameEnd = skipWord(nameStart)
        let colon = skipSpace(nameEnd)
        guard nameEnd > nameStart, colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else {
            return nil
        }
        let valueStart = skipSpace(colon + 1)
        var valueEnd = valueStart
        while true {
            if let end = closing(skipQuote(skipSpace(valueEnd))) {
                let name = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
                let value =
                    environment[name] ?? String(decoding: bytes[valueStart..<valueEnd], as: UTF8.self)
                guard !value.isEmpty else {
                    throw SourceText(text, file: file).error(
                        .name, "the environment variable '\(name)' is not set and has no default here",
                        at: start)
                }
                return (value, end)
            }
            guard valueEnd < bytes.count, !isSpace(bytes[valueEnd]) else { return nil }
            valueEnd += 1
        }
    }

    private mutating func baseVariable(_ start: Int) -> (String, Int)? {
        let prefix = Array("_base_.".utf8)
        let nameStart = skipSpace(start + 2)
        guard bytes[nameStart...].starts(with: prefix) else { return nil }
        var nameEnd = nameStart + prefix.count
        while nameEnd < bytes.count, isWord(bytes[nameEnd]) || bytes[nameEnd] == UInt8(ascii: ".") {
            nameEnd += 1
        }
        guard nameEnd > nameStart + prefix.count, let end = closing(skipSpace(nameEnd)) else {
            return nil
        }
        let path = String(decoding: bytes[(nameStart + prefix.count)..<nameEnd], as: UTF8.self)
        let marker = "\(Self.mark)\(path)\(Self.mark)"
        baseVariables[marker] = path
        return ("\"\(marker)\"", end)
    }

    private func closing(_ index: Int) -> Int? {
        bytes[min(index, bytes.count)...].starts(with: [0x7D, 0x7D]) ? index + 2 : nil
    }

    private func skipSpace(_ index: Int) -> Int {
        bytes[min(index, bytes.count)...].firstIndex { !isSpace($0) } ?? bytes.count
    }

    private func skipWord(_ index: Int) -> Int {
        bytes[min(index, bytes.count)...].firstIndex { !isWord($0) } ?? bytes.count
    }

    private func skipQuote(_ index: Int) -> Int {
        index < bytes.count && (bytes[index] == UInt8(ascii: "'") || bytes[index] == UInt8(ascii: "\""))
            ? index + 1 : index
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private func isWord(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
}

extension Templates {
    /// Puts the base config's values in the place of the literals that stand for them.
    ///
    /// - Throws: `Fault` when the base has no such value, or when a placeholder is only part of a string.
    func substituteBase(_ value: ConfigValue, from base: ConfigDict) throws -> ConfigValue {
        switch value {
        case .string(let text):
            guard text.unicodeScalars.contains(Self.mark) else { return value }
            guard let path = baseVariables[text] else {
                throw Fault(
                    .syntax, "{{_base_.name}} must be a whole value; write _base_.name inside an expression")
            }
            return try lookUp(path, in: base)
        case .list(let values): return .list(try values.map { try substituteBase($0, from: base) })
        case .tuple(let values): return .tuple(try values.map { try substituteBase($0, from: base) })
        case .dict(let dictionary):
            var result = dictionary
            result.storage = try dictionary.storage.mapValues { try substituteBase($0, from: base) }
            return .dict(result)
        default: return value
        }
    }

    private func lookUp(_ path: String, in base: ConfigDict) throws -> ConfigValue {
        var value = ConfigValue.dict(base)
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            guard let next = value[String(part)] else {
                throw Fault(.key, "the base config has no '\(path)' for {{_base_.\(path)}}")
            }
            value = next
        }
        return value
    }
}
