public import Foundation

/// What the text of a config holds beside its values: comments and where they belong, the base files it names, and
/// which of its own names other lines use.
public struct SourceNotes: Sendable, Hashable {
    /// A comment and the entry it belongs to: the one that follows it, or the one before it on the same line.
    public struct Comment: Sendable, Hashable {
        /// Dotted path of the entry: `lr_config.step`, `train_pipeline.3.type`; empty at the end of a file.
        public let path: String
        /// The text without `#`.
        public let text: String
        /// Line, from 1.
        public let line: Int
    }

    /// The comments, in order.
    public var comments: [Comment] = []
    /// Top-level names that an expression of the file uses, `_base_` placeholders included.
    public var usedNames: Set<String> = []
    /// The base files, as written.
    public var bases: [String] = []

    /// Reads the notes of a file in the style of `_base_`. Files it inherits from are not read.
    ///
    /// - Throws: `ConfigError` as loading does.
    public init(contentsOf url: URL, options: ConfigOptions = ConfigOptions()) throws {
        let path = url.standardizedFileURL.path
        self = try LargeStack.run {
            let text = try Loader(options).read(path)
            guard url.pathExtension == "py" else { return SourceNotes() }
            return try SourceNotes(text: text, file: path, options: options)
        }
    }

    /// Nothing noted.
    public init() {}

    private init(text: String, file: String, options: ConfigOptions) throws {
        let templates = try Templates.substitute(text, file: file, environment: options.environment)
        let source = SourceText(templates.text, file: file)
        let statements = try Parser.parse(source, depthLimit: options.budget.depth)
        var anchors = SourceAnchors()
        for statement in statements { anchors.visit(statement) }
        usedNames = anchors.names.union(
            templates.baseVariables.values.compactMap { $0.split(separator: ".").first.map(String.init) })
        bases = anchors.bases
        try readComments(source, anchors.anchors.sorted { $0.offset < $1.offset }, options)
    }

    private mutating func readComments(
        _ source: SourceText, _ anchors: [SourceAnchors.Anchor], _ options: ConfigOptions
    ) throws {
        let tokens = try Lexer.tokens(of: source, depthLimit: options.budget.depth)
        let isCode = { (kind: Token.Kind) in
            switch kind {
            case .newline, .indent, .dedent, .end: false
            default: true
            }
        }
        let code = tokens.filter { isCode($0.kind) }
        var next = 0
        for range in Self.commentRanges(source, code) {
            while next < code.count, code[next].start < range.lowerBound { next += 1 }
            let line = source.location(of: range.lowerBound).line
            let isTrailing = next > 0 && source.location(of: code[next - 1].start).line == line
            var closes = false
            if next < code.count, case .symbol(let text) = code[next].kind, [")", "]", "}"].contains(text) {
                closes = true
            }
            let before = anchors.last { $0.offset < range.lowerBound }
            let after = anchors.first { $0.offset > range.lowerBound }
            let text = source.text(range).drop { $0 == "#" }.trimmingCharacters(in: .whitespaces)
            let anchor = isTrailing || closes ? before : after
            comments.append(Comment(path: anchor?.path ?? "", text: text, line: line))
        }
    }

    /// The bytes of each comment: `#` outside every token up to the end of the line.
    private static func commentRanges(_ source: SourceText, _ code: [Token]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        var token = 0
        while position < source.bytes.count {
            if token < code.count, code[token].start == position {
                position = max(code[token].end, position + 1)
                token += 1
            } else if source.bytes[position] == UInt8(ascii: "#") {
                let end = source.bytes[position...].firstIndex(of: 0x0A) ?? source.bytes.count
                ranges.append(position..<end)
                position = end
            } else {
                position += 1
            }
        }
        return ranges
    }
}

/// Where each entry of a config begins in the text.
struct SourceAnchors {
    struct Anchor {
        let path: String
        let offset: Int
    }

    private(set) var anchors: [Anchor] = []
    private(set) var names: Set<String> = []
    private(set) var bases: [String] = []

    mutating func visit(_ statement: Statement) {
        switch statement.kind {
        case .assign(let targets, let value):
            guard let target = targets.first, case .name(let name) = target.kind else { return visitNames(value) }
            anchors.append(Anchor(path: name, offset: target.offset))
            if name == "_base_" { collectBases(value) }
            visit(value, at: name)
        case .augment(_, _, let value), .expression(let value): visitNames(value)
        case .conditional(let test, let then, let otherwise):
            visitNames(test)
            for nested in then + otherwise { visit(nested) }
        case .forLoop(_, let iterable, let body, let otherwise):
            visitNames(iterable)
            for nested in body + otherwise { visit(nested) }
        default: break
        }
    }

    private mutating func collectBases(_ value: Expression) {
        switch value.kind {
        case .constant(.string(let text)): bases.append(text)
        case .list(let elements), .tuple(let elements):
            for element in elements { if case .constant(.string(let text)) = element.kind { bases.append(text) } }
        default: break
        }
    }

    private mutating func visit(_ value: Expression, at path: String) {
        switch value.kind {
        case .call(_, let arguments):
            for argument in arguments {
                if case .keyword(let name) = argument.form {
                    let place = "\(path).\(name)"
                    anchors.append(Anchor(path: place, offset: argument.value.offset))
                    visit(argument.value, at: place)
                } else {
                    visitNames(argument.value)
                }
            }
        case .dict(let items):
            for item in items {
                guard let key = item.key, case .constant(let constant) = key.kind else {
                    visitNames(item.value)
                    continue
                }
                let place = "\(path).\(constant.stringValue ?? constant.intValue.map(String.init) ?? "")"
                anchors.append(Anchor(path: place, offset: key.offset))
                visit(item.value, at: place)
            }
        case .list(let elements), .tuple(let elements):
            for (index, element) in elements.enumerated() {
                let place = "\(path).\(index)"
                anchors.append(Anchor(path: place, offset: element.offset))
                visit(element, at: place)
            }
        default: visitNames(value)
        }
    }

    /// Collects the names an expression uses.
    private mutating func visitNames(_ value: Expression) {
        switch value.kind {
        case .name(let name): names.insert(name)
        case .attribute(let owner, let member):
            if case .name("_base_") = owner.kind { names.insert(member) }
            visitNames(owner)
        case .index(let a, let b), .binary(_, let a, let b), .and(let a, let b), .or(let a, let b):
            visitNames(a)
            visitNames(b)
        case .formatted(let parts):
            for case .field(let field, _, _) in parts { visitNames(field) }
        case .unary(_, let part), .not(let part), .starred(let part), .assignment(_, let part): visitNames(part)
        case .compare(let first, let others):
            visitNames(first)
            for other in others { visitNames(other.other) }
        case .conditional(let test, let then, let otherwise):
            for part in [test, then, otherwise] { visitNames(part) }
        case .slice(let a, let b, let c): for part in [a, b, c] { if let part { visitNames(part) } }
        case .call(let function, let arguments):
            visitNames(function)
            for argument in arguments { visitNames(argument.value) }
        case .list(let elements), .tuple(let elements), .set(let elements):
            for element in elements { visitNames(element) }
        case .dict(let items):
            for item in items {
                if let key = item.key { visitNames(key) }
                visitNames(item.value)
            }
        case .comprehension(_, let element, let value, let clauses):
            visitNames(element)
            if let value { visitNames(value) }
            for clause in clauses {
                visitNames(clause.iterable)
                for condition in clause.conditions { visitNames(condition) }
            }
        case .constant, .ellipsis: break
        }
    }
}
