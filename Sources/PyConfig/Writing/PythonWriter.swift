extension Config {
    /// The config as readable Python that loads back to an equal config, here and in MMEngine: one assignment a key, in
    /// order, `dict(...)` calls, lines of at most 100 columns where a value can be broken. Classes are imported under
    /// the names the config has for them; a class without such a name is imported for the file and deleted at its end.
    ///
    /// - Parameter layout: comments and shared names; the values are the same with any layout.
    /// - Throws: `ConfigError.unwritable` for keys that are no Python names and for references without a module.
    public func python(_ layout: PythonLayout = PythonLayout()) throws -> String {
        var writer = PythonWriter(root, layout)
        return try writer.run()
    }
}

/// Writes a resolved config as source text.
struct PythonWriter {
    private let root: ConfigDict
    /// The name under which each class can be used at this point of the file.
    private var classNames: [String: String] = [:]
    /// Names imported for the file only.
    private var helpers: [(name: String, reference: ImportedReference)] = []
    /// Top-level keys that hide a built-in function, such as a config value named `dict`.
    private let hidden: Set<String>
    private let layout: PythonLayout
    /// The shared names that are defined above the line being written, by value.
    private var defined: [ConfigValue: String] = [:]

    static let width = 100

    init(_ root: ConfigDict, _ layout: PythonLayout = PythonLayout()) {
        self.root = root
        self.layout = layout
        hidden = Set(root.names).intersection(["dict", "float", "set"])
    }

    mutating func run() throws -> String {
        let hasClasses = root.values.contains { $0.mentionsClass }
        var body: [String] = []
        for (key, value) in root {
            guard case .string(let name) = key, name.isPythonIdentifier, !Parser.keywords.contains(name),
                !name.hasPrefix("__"), name != "_base_"
            else {
                throw ConfigError.unwritable(
                    path: key.value.python, reason: "not a name for a top-level key")
            }
            if let heading = layout.headings[name] {
                if !body.isEmpty { body.append("") }
                body.append("# " + heading)
            }
            body += comments(layout.comments[name] ?? [], indent: 0)
            if case .reference(let text) = value {
                let reference = try ImportedReference(text, path: name)
                // MMEngine keeps imported functions only in configs that import classes.
                if !reference.isPythonFunction || hasClasses {
                    body.append(reference.statement(binding: name))
                }
                if classNames[text] == nil { classNames[text] = name }
            } else {
                body.append(
                    "\(name) = " + (try write(value, indent: 0, column: name.count + 3, path: name)))
                if layout.shared.contains(name), defined[value] == nil { defined[value] = name }
            }
        }
        let imports = helpers.map { $0.reference.statement(binding: $0.name) }
        let deletion = helpers.isEmpty ? [] : ["del " + helpers.map(\.name).joined(separator: ", ")]
        return (imports + body + deletion).joined(separator: "\n") + "\n"
    }

    // MARK: layout

    /// A value that begins at `column` of a line indented by `indent`.
    private mutating func write(
        _ value: ConfigValue, indent: Int, column: Int, path: String
    ) throws
        -> String
    {
        if !layout.hasComments(inside: path) || defined[value] != nil {
            let line = try oneLine(value, path: path)
            if column + line.count + 1 <= Self.width { return line }
        }
        switch value {
        case .list(let values) where !values.isEmpty: return try wrapped(values, "[", "]", indent, path)
        case .tuple(let values) where !values.isEmpty:
            return try wrapped(values, "(", ")", indent, path)
        case .dict(let dictionary) where !dictionary.isEmpty:
            return try wrapped(dictionary, indent, path)
        default: return try oneLine(value, path: path)
        }
    }

    /// Comment lines at an indentation.
    private func comments(_ texts: [String], indent: Int) -> [String] {
        texts.map { String(repeating: " ", count: indent) + ($0.isEmpty ? "#" : "# " + $0) }
    }

    /// The comments that stand before an entry: its own, and those of what is inside when that has no lines of its own.
    private func comments(before path: String, _ value: ConfigValue, indent: Int) -> [String] {
        let isWhole = defined[value] != nil || (value.arrayValue == nil && value.dictValue == nil)
        return comments(isWhole ? layout.all(within: path) : layout.comments[path] ?? [], indent: indent)
    }

    /// Elements that are containers stand on lines of their own; others fill lines.
    private mutating func wrapped(
        _ values: [ConfigValue], _ open: String, _ close: String, _ indent: Int, _ path: String
    ) throws -> String {
        let inner = indent + 4
        let margin = String(repeating: " ", count: inner)
        var lines: [String] = []
        let isFilling =
            values.allSatisfy { $0.arrayValue == nil && $0.dictValue == nil } && !layout.hasComments(inside: path)
        for (index, value) in values.enumerated() {
            lines += comments(before: "\(path).\(index)", value, indent: inner)
            let text = try write(value, indent: inner, column: inner, path: "\(path).\(index)") + ","
            if isFilling, let last = lines.last, last.count + 1 + text.count <= Self.width {
                lines[lines.count - 1] = last + " " + text
            } else {
                lines.append(margin + text)
            }
        }
        return ([open] + lines + [String(repeating: " ", count: indent) + close]).joined(
            separator: "\n")
    }

    private mutating func wrapped(
        _ dictionary: ConfigDict, _ indent: Int, _ path: String
    ) throws
        -> String
    {
        let inner = indent + 4
        let isCall = usesCall(dictionary)
        var lines = [isCall ? "dict(" : "{"]
        for (key, value) in dictionary {
            let prefix = isCall ? "\(key.stringValue ?? "")=" : try oneLine(key.value, path: path) + ": "
            let place = "\(path).\(key.stringValue ?? key.value.python)"
            lines += comments(before: place, value, indent: inner)
            let text = try write(value, indent: inner, column: inner + prefix.count, path: place)
            lines.append(String(repeating: " ", count: inner) + prefix + text + ",")
        }
        return (lines + [String(repeating: " ", count: indent) + (isCall ? ")" : "}")]).joined(
            separator: "\n")
    }

    /// Whether all keys can be keyword arguments of `dict(...)`.
    private func usesCall(_ dictionary: ConfigDict) -> Bool {
        !hidden.contains("dict")
            && dictionary.allSatisfy { key, _ in
                guard let name = key.stringValue else { return false }
                return name.isPythonIdentifier && !Parser.keywords.contains(name)
            }
    }

    private mutating func oneLine(_ value: ConfigValue, path: String) throws -> String {
        if let name = defined[value] { return name }
        switch value {
        case .float(let number) where !number.isFinite: return nonFinite(number)
        case .string(let text):
            // Doubled braces would be read as a placeholder.
            let source = PythonText.string(text)
            guard !layout.keepsPlaceholders, Bytes.find("{{", in: source) != nil else { return source }
            return source.replacing("{{", with: "{\\x7b").replacing("{{", with: "{\\x7b")
        case .list(let values): return "[" + (try joined(values, path)) + "]"
        case .tuple(let values):
            return "(" + (try joined(values, path)) + (values.count == 1 ? ",)" : ")")
        case .set(let values):
            if values.isEmpty { return hidden.contains("set") ? "{*()}" : "set()" }
            return "{" + (try joined(values, path)) + "}"
        case .dict(let dictionary):
            let isCall = usesCall(dictionary)
            var items: [String] = []
            for (key, value) in dictionary {
                let name = key.stringValue ?? key.value.python
                let text = try oneLine(value, path: "\(path).\(name)")
                items.append(isCall ? "\(name)=\(text)" : "\(try oneLine(key.value, path: path)): \(text)")
            }
            return (isCall ? "dict(" : "{") + items.joined(separator: ", ") + (isCall ? ")" : "}")
        case .reference(let text): return try name(of: text, path: path)
        default: return value.python
        }
    }

    private mutating func joined(_ values: [ConfigValue], _ path: String) throws -> String {
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            texts.append(try oneLine(value, path: "\(path).\(index)"))
        }
        return texts.joined(separator: ", ")
    }

    private func nonFinite(_ number: Double) -> String {
        if hidden.contains("float") {
            return number.isNaN ? "(1e999 - 1e999)" : number < 0 ? "-1e999" : "1e999"
        }
        return "float('\(PythonText.float(number))')"
    }

    /// The name of a class at this point; one that has none yet is imported at the top of the file.
    private mutating func name(of reference: String, path: String) throws -> String {
        if let name = classNames[reference] { return name }
        let imported = try ImportedReference(reference, path: path)
        if let builtin = imported.builtinName, root[builtin] == nil { return builtin }
        var name = imported.member
        let taken = Set(root.names).union(helpers.map(\.name)).union(Parser.keywords).union([
            "dict", "float", "set",
        ])
        while taken.contains(name) { name = "_" + name }
        classNames[reference] = name
        helpers.append((name, imported))
        return name
    }
}

/// A class or function named in a resolved config, and the import that gives it.
struct ImportedReference {
    let module: String
    let member: String
    let isPython: Bool
    /// Whether the reference is a module itself, which MMEngine shows with its name doubled.
    let isModule: Bool

    init(_ text: String, path: String) throws {
        isPython = text.hasPrefix("<") && text.hasSuffix(">")
        let name = isPython ? String(text.dropFirst().dropLast()) : text
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let half = parts.count / 2
        isModule =
            !isPython && parts.count % 2 == 0 && half > 0 && parts[..<half].elementsEqual(parts[half...])
        guard parts.count > 1, let last = parts.last, String(last).isPythonIdentifier else {
            throw ConfigError.unwritable(path: path, reason: "'\(text)' names no importable class")
        }
        let modules = ["posixpath": "os.path", "mmengine.config.config": "mmengine.config"]
        let owner =
            isModule ? parts[..<half].joined(separator: ".") : parts.dropLast().joined(separator: ".")
        module = modules[owner] ?? owner
        member = String(last)
    }

    /// The function's name when it needs no import.
    var builtinName: String? { isPython && module == "builtins" ? member : nil }

    /// Whether MMEngine drops it from the top level of configs that import no classes.
    var isPythonFunction: Bool {
        isPython && module != "builtins" && module != "math" && module != "collections"
    }

    func statement(binding name: String) -> String {
        if let builtinName { return "\(name) = \(builtinName)" }
        if isModule { return "import \(module) as \(name)" }
        return "from \(module) import \(member)" + (name == member ? "" : " as \(name)")
    }
}

extension ConfigValue {
    /// Whether a class, as opposed to a function of Python's own, occurs in the value.
    fileprivate var mentionsClass: Bool {
        switch self {
        case .reference(let name): !name.hasPrefix("<")
        case .list(let values), .tuple(let values), .set(let values):
            values.contains(where: \.mentionsClass)
        case .dict(let dictionary): dictionary.values.contains(where: \.mentionsClass)
        default: false
        }
    }
}
