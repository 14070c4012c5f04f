import Foundation

/// The methods of `str`, by the groups that implement them.
enum StringMethods {
    static let names: Set = [
        "format", "join", "replace", "split", "rsplit", "splitlines", "partition", "rpartition",
        "startswith",
        "endswith", "lower", "upper", "title", "capitalize", "swapcase", "casefold", "strip", "lstrip",
        "rstrip",
        "find", "rfind", "index", "rindex", "count", "zfill", "center", "ljust", "rjust",
        "removeprefix",
        "removesuffix", "isdigit", "isalpha", "isalnum", "isupper", "islower", "isspace", "isnumeric",
        "isdecimal",
        "isidentifier",
    ]
}

extension Evaluator {
    func stringMethod(_ text: String, _ call: Call) throws -> PyValue {
        try runtime.step(1 + text.utf8.count / 8)
        switch call.name {
        case "format": return try runtime.string(runtime.format(text, call))
        case "join":
            try call.arity(1...1)
            let parts = try runtime.elements(call.positional[0]).map { part in
                guard case .string(let piece) = part else {
                    throw Fault(.type, "join() needs strings, found '\(part.typeName)'")
                }
                return piece
            }
            try runtime.allocate(text.utf8.count * max(parts.count - 1, 0))
            return try runtime.string(parts.joined(separator: text))
        case "replace", "split", "rsplit", "splitlines", "partition", "rpartition":
            return try splitting(text, call)
        case "startswith", "endswith", "find", "rfind", "index", "rindex", "count", "removeprefix",
            "removesuffix":
            return try searching(text, call)
        case "strip", "lstrip", "rstrip", "zfill", "center", "ljust", "rjust":
            return try padding(text, call)
        default:
            try call.arity(0...0)
            return call.name.hasPrefix("is")
                ? .bool(isOfKind(text, call.name)) : try runtime.string(changeCase(text, call.name))
        }
    }

    private func splitting(_ text: String, _ call: Call) throws -> PyValue {
        var call = call
        switch call.name {
        case "replace":
            try call.arity(2...3)
            let limit = call.positional.count > 2 ? try call.integer(2) : -1
            let (old, new) = try (call.string(0), call.string(1))
            guard !old.isEmpty else { throw Fault(.unsupported, "replace() of an empty string") }
            let parts = Bytes.split(text, by: old, limit: limit < 0 ? .max : limit)
            let (growth, overflow) = new.utf8.count.multipliedReportingOverflow(by: parts.count - 1)
            try runtime.allocate(overflow ? .max : growth)
            return try runtime.string(parts.joined(separator: new))
        case "splitlines":
            try call.arity(0...0)
            var lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }.map {
                String($0)
            }
            if lines.last?.isEmpty == true { lines.removeLast() }
            return try runtime.list(lines.map(PyValue.string))
        case "partition", "rpartition":
            try call.arity(1...1)
            let separator = try separator(call)
            let isFirst = call.name == "partition"
            let parts =
                isFirst
                ? Bytes.split(text, by: separator, limit: 1)
                : Bytes.splitFromEnd(text, by: separator, limit: 1)
            guard parts.count == 2 else {
                return try runtime.tuple(isFirst ? [.string(text), "", ""] : ["", "", .string(text)])
            }
            return try runtime.tuple([.string(parts[0]), .string(separator), .string(parts[1])])
        default:
            call.fold("sep", "maxsplit")
            try call.arity(0...2)
            let given = call.positional.count > 1 ? try call.integer(1) : -1
            let limit = given < 0 ? Int.max : given
            if call.optional(0) == nil {
                return try runtime.list(words(text, limit, call.name).map(PyValue.string))
            }
            let separator = try separator(call)
            let parts =
                call.name == "split"
                ? Bytes.split(text, by: separator, limit: limit)
                : Bytes.splitFromEnd(text, by: separator, limit: limit)
            return try runtime.list(parts.map(PyValue.string))
        }
    }

    private func separator(_ call: Call) throws -> String {
        let separator = try call.string(0)
        guard !separator.isEmpty else { throw Fault(.value, "empty separator") }
        return separator
    }

    /// Splits at runs of white space, at most `limit` times from the start or the end.
    private func words(_ text: String, _ limit: Int, _ name: String) -> [String] {
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        let isForward = name == "split"
        var rest = Array(isForward ? Array(text.unicodeScalars) : text.unicodeScalars.reversed())[...]
        var result: [String] = []
        func string(_ scalars: some Collection<Unicode.Scalar>) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: isForward ? Array(scalars) : scalars.reversed())
            return String(view)
        }
        while true {
            rest = rest.drop(while: isSpace)
            if rest.isEmpty { break }
            if result.count >= limit {
                while let last = rest.last, isSpace(last) { rest.removeLast() }
                result.append(string(rest))
                break
            }
            let word = rest.prefix { !isSpace($0) }
            result.append(string(word))
            rest = rest.dropFirst(word.count)
        }
        return isForward ? result : result.reversed()
    }

    private func searching(_ text: String, _ call: Call) throws -> PyValue {
        if call.name.hasPrefix("remove") {
            try call.arity(1...1)
            let part = try call.string(0)
            if call.name == "removeprefix" {
                return .string(
                    text.utf8.starts(with: part.utf8) ? scalars(text, part.unicodeScalars.count, nil) : text)
            }
            let isSuffix = !part.isEmpty && text.utf8.reversed().starts(with: part.utf8.reversed())
            return .string(
                isSuffix ? scalars(text, 0, text.unicodeScalars.count - part.unicodeScalars.count) : text)
        }
        try call.arity(1...3)
        let total = text.unicodeScalars.count
        let bound = { (index: Int, fallback: Int) throws -> Int in
            guard call.optional(index) != nil else { return fallback }
            let value = try call.integer(index)
            return min(max(value < 0 ? value + total : value, 0), total)
        }
        let (start, end) = try (bound(1, 0), bound(2, total))
        let part = scalars(text, start, max(start, end))
        switch call.name {
        case "startswith", "endswith":
            let candidates: [PyValue]
            if case .tuple(let tuple) = call.positional[0] {
                candidates = tuple.items
            } else {
                candidates = [.string(try call.string(0))]
            }
            for candidate in candidates {
                guard case .string(let affix) = candidate else {
                    throw Fault(.type, "\(call.name)() needs strings")
                }
                let matches =
                    call.name == "startswith"
                    ? part.utf8.starts(with: affix.utf8)
                    : part.utf8.reversed().starts(with: affix.utf8.reversed())
                if matches { return .bool(true) }
            }
            return .bool(false)
        case "count":
            let wanted = try call.string(0)
            return .int(
                wanted.isEmpty ? part.unicodeScalars.count + 1 : Bytes.split(part, by: wanted).count - 1)
        default:
            let wanted = try call.string(0)
            let head: String?
            if wanted.isEmpty {
                head = call.name.hasPrefix("r") ? part : ""
            } else {
                let parts =
                    call.name.hasPrefix("r")
                    ? Bytes.splitFromEnd(part, by: wanted, limit: 1) : Bytes.split(part, by: wanted, limit: 1)
                head = parts.count == 2 ? parts[0] : nil
            }
            if let head { return .int(start + head.unicodeScalars.count) }
            if call.name.hasSuffix("index") { throw Fault(.value, "substring not found") }
            return .int(-1)
        }
    }

    /// The characters from `start` to `end`, counted as Python counts them.
    func scalars(_ text: String, _ start: Int, _ end: Int?) -> String {
        let view = text.unicodeScalars
        return String(view.dropFirst(start).prefix(end.map { max($0 - start, 0) } ?? .max))
    }

    private func padding(_ text: String, _ call: Call) throws -> PyValue {
        if call.name.hasSuffix("strip") {
            try call.arity(0...1)
            let wanted = call.optional(0) == nil ? nil : Set(try call.string(0).unicodeScalars)
            let isStripped: (Unicode.Scalar) -> Bool = {
                wanted?.contains($0) ?? $0.properties.isWhitespace
            }
            var view = Substring(text).unicodeScalars
            if call.name != "rstrip" { view = view.drop(while: isStripped) }
            if call.name != "lstrip" {
                while let last = view.last, isStripped(last) { view.removeLast() }
            }
            return .string(String(view))
        }
        try call.arity(1...(call.name == "zfill" ? 1 : 2))
        let missing = max(max(try call.integer(0), 0) - text.unicodeScalars.count, 0)
        try runtime.allocate(missing)
        if call.name == "zfill" {
            let hasSign = text.hasPrefix("-") || text.hasPrefix("+")
            return .string(
                (hasSign ? String(text.prefix(1)) : "") + String(repeating: "0", count: missing)
                    + (hasSign ? String(text.dropFirst()) : text))
        }
        let fill = call.positional.count > 1 ? try call.string(1) : " "
        guard fill.unicodeScalars.count == 1 else {
            throw Fault(.type, "the fill character is one character")
        }
        let width = try call.integer(0)
        let left =
            switch call.name {
            case "ljust": 0
            case "rjust": missing
            default: missing / 2 + (missing & width & 1)
            }
        return .string(
            String(repeating: fill, count: left) + text + String(repeating: fill, count: missing - left))
    }

    private func changeCase(_ text: String, _ name: String) -> String {
        switch name {
        case "lower", "casefold": return text.lowercased()
        case "upper": return text.uppercased()
        case "capitalize":
            return text.prefix(1).uppercased() + text.dropFirst().lowercased()
        case "swapcase":
            return text.map { $0.isUppercase ? $0.lowercased() : $0.uppercased() }.joined()
        default:
            var isStart = true
            return text.map { character in
                defer { isStart = !character.isLetter }
                return isStart ? character.uppercased() : character.lowercased()
            }.joined()
        }
    }

    private func isOfKind(_ text: String, _ name: String) -> Bool {
        guard !text.isEmpty else { return false }
        switch name {
        case "isdigit", "isdecimal", "isnumeric": return text.allSatisfy(\.isWholeNumber)
        case "isalpha": return text.allSatisfy(\.isLetter)
        case "isalnum": return text.allSatisfy { $0.isLetter || $0.isNumber }
        case "isspace": return text.allSatisfy(\.isWhitespace)
        case "isupper":
            return text.contains(where: \.isUppercase) && !text.contains(where: \.isLowercase)
        case "islower":
            return text.contains(where: \.isLowercase) && !text.contains(where: \.isUppercase)
        default: return text.isPythonIdentifier
        }
    }
}

extension PyValue: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { self = .string(value) }
}

extension String {
    /// Whether Python accepts the text as a name; keywords count as names here.
    var isPythonIdentifier: Bool {
        guard let first = utf8.first, isNameStart(first) else { return false }
        return utf8.allSatisfy { isNameStart($0) || isDigit($0) }
    }
}
