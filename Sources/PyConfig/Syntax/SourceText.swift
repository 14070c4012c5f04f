/// The text of one config file, and the translation of byte offsets to lines and columns.
struct SourceText: Sendable {
    let file: String
    let bytes: [UInt8]

    /// The text with line ends made uniform, as Python reads it. A byte-order mark is dropped.
    init(_ text: String, file: String) {
        self.file = file
        var bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if bytes.contains(0x0D) {
            var uniform: [UInt8] = []
            uniform.reserveCapacity(bytes.count)
            for (index, byte) in bytes.enumerated() {
                if byte != 0x0D {
                    uniform.append(byte)
                } else if index + 1 >= bytes.count || bytes[index + 1] != 0x0A {
                    uniform.append(0x0A)
                }
            }
            bytes = uniform
        }
        self.bytes = bytes
    }

    /// The text of a byte range.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Line, column and text of the line at a byte offset.
    func location(of offset: Int) -> SourceLocation {
        let offset = min(max(offset, 0), bytes.count)
        var start = 0
        var line = 1
        for index in 0..<offset where bytes[index] == 0x0A {
            line += 1
            start = index + 1
        }
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        let column = text(start..<offset).count + 1
        return SourceLocation(file: file, line: line, column: column, text: text(start..<end))
    }

    /// An error at a byte offset.
    func error(_ kind: ConfigError.Kind, _ message: String, at offset: Int) -> ConfigError {
        .source(kind, message: message, at: location(of: offset))
    }
}
