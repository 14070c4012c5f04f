package import Foundation

/// A JSON file, mapped into memory and read where and when it is asked for.
package final class JSONDocument: Sendable {
    package let url: URL
    package let path: String
    package let bytes: MappedBytes

    /// - Throws: `DatasetError.file`.
    package init(_ url: URL) throws {
        self.url = url
        path = url.path
        bytes = try MappedBytes(url)
    }

    /// A scanner at a byte of the file.
    package func scanner(at offset: Int = 0) -> JSONScanner {
        // Windows programs begin files with a mark of the encoding.
        let hasMark = offset == 0 && bytes.count >= 3 && bytes.start[0] == 0xEF && bytes.start[1] == 0xBB
        return JSONScanner(bytes.start, count: bytes.count, at: hasMark ? 3 : offset)
    }

    /// Runs a walk over the text and turns what is not JSON into an error that names file, line and column.
    package func reading<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as JSONSyntaxError {
            let place = bytes.place(of: error.offset)
            throw DatasetError.syntax(path: path, line: place.line, column: place.column, reason: error.reason)
        }
    }

    /// The text of a string's bytes, escapes resolved.
    package func text(_ range: Range<Int>) -> String {
        let raw = UnsafeBufferPointer(start: bytes.start + range.lowerBound, count: range.count)
        guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
        return JSONText.unescaped(raw)
    }

    /// What kind of value stands at a byte, in words for messages.
    package func kind(at offset: Int) -> String {
        var scanner = scanner(at: offset)
        switch scanner.peek() {
        case UInt8(ascii: "{"): return "an object"
        case UInt8(ascii: "["): return "a list"
        case UInt8(ascii: "\""):
            guard let range = try? scanner.string() else { return "a string" }
            return "the string '\(text(range).prefix(40))'"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return "true or false"
        case UInt8(ascii: "n"): return "null"
        default: return "a number"
        }
    }
}

/// Strings with escapes.
package enum JSONText {
    /// Resolves `\n`, `\u00e9`, surrogate pairs and the like; an escape that means nothing becomes U+FFFD.
    package static func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> String {
        var units: [UInt16] = []
        var result = ""
        var plain: [UInt8] = []
        func flushUnits() {
            result += String(decoding: units, as: UTF16.self)
            units = []
        }
        func flushPlain() {
            result += String(decoding: plain, as: UTF8.self)
            plain = []
        }
        var index = 0
        while index < raw.count {
            guard raw[index] == UInt8(ascii: "\\"), index + 1 < raw.count else {
                flushUnits()
                plain.append(raw[index])
                index += 1
                continue
            }
            flushPlain()
            let code = raw[index + 1]
            index += 2
            if code == UInt8(ascii: "u") {
                let digits = String(decoding: raw[index..<min(index + 4, raw.count)], as: UTF8.self)
                units.append(UInt16(digits, radix: 16) ?? 0xFFFD)
                index = min(index + 4, raw.count)
            } else {
                flushUnits()
                result += escapes[code] ?? "\u{FFFD}"
            }
        }
        flushUnits()
        flushPlain()
        return result
    }

    private static let escapes: [UInt8: String] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
}
