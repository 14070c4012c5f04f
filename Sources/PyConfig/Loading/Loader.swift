import Foundation

/// Loads one config with everything it inherits from; the files share one budget.
final class Loader {
    let options: ConfigOptions
    let runtime: Runtime
    /// Files being loaded, outermost first.
    private var chain: [String] = []
    private var filesRead = 0

    init(_ options: ConfigOptions) {
        self.options = options
        runtime = Runtime(budget: options.budget)
    }

    /// The resolved top level of a file, `--cfg-options` not yet applied.
    func load(path: String) throws -> ConfigDict {
        try load(text: read(path), path: path)
    }

    /// As `load(path:)`, for text that stands for the file.
    func load(text: String, path: String) throws -> ConfigDict {
        try entering(path, from: nil) {
            if Paths.splitExtension(path).ending == ".json" { return try plainJSON(text, path) }
            let source = SourceText(text, file: path)
            // Placeholders can make text that is no Python (`num={{$N:3}}`), so look at the replaced text.
            let templates = try Templates.substitute(text, file: path, environment: options.environment)
            let replaced = SourceText(templates.text, file: path)
            let statements = try Parser.parse(replaced, depthLimit: options.budget.depth)
            guard Self.isLazy(statements) else { return try plain(replaced, statements, templates) }
            let lazyStatements =
                replaced.bytes == source.bytes
                ? statements : try Parser.parse(source, depthLimit: options.budget.depth)
            return try lazy(source, lazyStatements)
        }
    }

    // MARK: files

    /// Reads a config file as text.
    func read(_ path: String) throws -> String {
        let ending = Paths.splitExtension(path).ending
        if ending == ".yml" || ending == ".yaml" {
            throw ConfigError.file(
                path: path, reason: "YAML configs are not supported; write it as .py or .json")
        }
        guard ending == ".py" || ending == ".json" else {
            throw ConfigError.file(path: path, reason: "a config is a .py or .json file")
        }
        filesRead += 1
        guard filesRead <= options.budget.files else {
            throw ConfigError.file(
                path: path, reason: "the config reads more than \(options.budget.files) files")
        }
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        } catch { throw ConfigError.file(path: path, reason: "no such file, or it cannot be read") }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw ConfigError.file(path: path, reason: "not a file")
        }
        guard (attributes[.size] as? NSNumber)?.intValue ?? 0 <= options.budget.fileSize else {
            throw ConfigError.file(path: path, reason: "larger than \(options.budget.fileSize) bytes")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigError.file(path: path, reason: "cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigError.file(path: path, reason: "not UTF-8 text")
        }
        return text
    }

    /// Runs `body` with `path` on the chain of files; a file that inherits from itself is an error at `origin`.
    func entering<Result>(
        _ path: String, from origin: (source: SourceText, offset: Int)?, _ body: () throws -> Result
    ) throws -> Result {
        if chain.contains(path), let origin {
            let circle = (chain.drop { $0 != path } + [path]).map { Paths.split($0).tail }
            throw origin.source.error(
                .inheritance, "the config inherits from itself: \(circle.joined(separator: " → "))",
                at: origin.offset)
        }
        guard chain.count < options.budget.depth else {
            throw ConfigError.file(
                path: path, reason: "inherits through more than \(options.budget.depth) files")
        }
        chain.append(path)
        defer { chain.removeLast() }
        return try body()
    }

    /// The folder of an installed package's configs that holds `file`.
    func packageFile(_ package: String, _ file: String, usedBy path: String) -> String? {
        func found(_ root: String) -> String? {
            for candidate in [file, file + ".py"] {
                let whole = Paths.normalize(Paths.join([root, candidate]))
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder),
                    !isFolder.boolValue
                {
                    return whole
                }
            }
            return nil
        }
        if let root = options.packageRoots[package] { return found(root.path) }
        var folder = Paths.split(path).head
        while folder.count > 1 {
            let (parent, name) = Paths.split(folder)
            if name == "configs", let whole = found(folder) { return whole }
            folder = parent
        }
        return nil
    }

    // MARK: style

    /// Whether a config is in MMEngine's pure-Python style: it uses `read_base()`, relative imports, or imports
    /// anything but Python's own modules. `_base_` decides against it.
    static func isLazy(_ statements: [Statement]) -> Bool {
        var level = statements
        while !level.isEmpty {
            var nested: [Statement] = []
            for statement in level {
                switch statement.kind {
                case .assign(let targets, _):
                    if case .name("_base_")? = targets.first?.kind { return false }
                case .readBase: return true
                case .importFrom(let module, let dots, let names):
                    if dots > 0 { return true }
                    if module == "mmengine", names.count == 1, names[0].name == "Config" { continue }
                    if !StandardModules.contains(module) { return true }
                case .importModule(let names):
                    if names.contains(where: { !StandardModules.contains($0.name) }) { return true }
                case .conditional(_, let then, let otherwise): nested += then + otherwise
                case .forLoop(_, _, let body, let otherwise): nested += body + otherwise
                case .whileLoop(_, let body, let otherwise): nested += body + otherwise
                default: break
                }
            }
            level = nested
        }
        return false
    }

    /// Where the top-level name of a value is assigned, for messages about it.
    static func offset(of name: String?, in statements: [Statement]) -> Int {
        for statement in statements.reversed() {
            guard case .assign(let targets, _) = statement.kind else { continue }
            for target in targets {
                if case .name(let assigned) = target.kind, assigned == name { return target.offset }
            }
        }
        return statements.first?.offset ?? 0
    }
}
