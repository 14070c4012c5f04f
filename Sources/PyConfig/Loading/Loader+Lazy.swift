import OrderedCollections

/// Configs in MMEngine's pure-Python style: bases come in through `with read_base():`, classes through imports.
extension Loader {
    /// Evaluates such a config.
    func lazy(_ source: SourceText, _ statements: [Statement]) throws -> ConfigDict {
        let names = try lazyNames(source, statements)
        let evaluator = Evaluator(source, runtime: runtime, isLazy: true)
        return try evaluator.located {
            var result = ConfigDict()
            for (name, value) in names {
                evaluator.position = Self.offset(of: name, in: statements)
                result[name] = try runtime.resolved(value)
            }
            return result
        }
    }

    /// The names that a file defines or imports, with ConfigDicts for dictionaries, as a file that imports it sees them.
    private func lazyNames(
        _ source: SourceText, _ statements: [Statement]
    ) throws -> OrderedDictionary<String, PyValue> {
        let evaluator = Evaluator(source, runtime: runtime, isLazy: true)
        for statement in statements {
            if case .assign(let targets, _) = statement.kind, case .name("_base_")? = targets.first?.kind {
                throw source.error(
                    .inheritance, "a config in the style of 'with read_base():' cannot use '_base_'",
                    at: statement.offset)
            }
        }
        // MMEngine brings in all bases before it runs anything.
        var bases: [String: OrderedDictionary<String, PyValue>] = [:]
        for statement in statements {
            guard case .readBase(let imports) = statement.kind else { continue }
            for item in imports {
                guard case .importFrom(let module, let level, let names) = item.kind else { continue }
                let key = String(repeating: ".", count: level) + module
                // Two imports from one file see the same objects.
                let base = try bases[key] ?? lazyBase(module, level, source, at: item.offset)
                bases[key] = base
                for name in names { try bring(name, of: base, into: evaluator, source) }
            }
        }
        evaluator.globals["__file__"] = .string(source.file)
        try evaluator.run(statements)
        return try evaluator.located {
            var result: OrderedDictionary<String, PyValue> = [:]
            for (name, value) in evaluator.globals where !name.hasPrefix("__") {
                if case .module = value { continue }
                evaluator.position = Self.offset(of: name, in: statements)
                result[name] = try separated(value, depth: 0)
            }
            return result
        }
    }

    private func bring(
        _ name: ImportedName, of base: OrderedDictionary<String, PyValue>, into evaluator: Evaluator,
        _ source: SourceText
    ) throws {
        if name.name == "*" {
            for (key, value) in base { evaluator.globals[key] = value }
            return
        }
        guard let value = base[name.name] else {
            let hint =
                nearestName(to: name.name, among: base.keys).map { "; did you mean '\($0)'?" } ?? ""
            throw source.error(
                .inheritance, "the base config has no '\(name.name)'\(hint)", at: name.offset)
        }
        evaluator.globals[name.alias ?? name.name] = value
    }

    private func lazyBase(
        _ module: String, _ level: Int, _ source: SourceText, at offset: Int
    ) throws -> OrderedDictionary<String, PyValue> {
        guard let path = try lazyPath(module, level, source, at: offset) else {
            let dots = String(repeating: ".", count: level)
            throw source.error(
                .inheritance, "the base config '\(dots)\(module)' does not exist", at: offset)
        }
        return try entering(path, from: (source, offset)) {
            let base = SourceText(try read(path), file: path)
            return try lazyNames(base, Parser.parse(base, depthLimit: options.budget.depth))
        }
    }

    /// The file of a module: relative to the importing file, or `package.configs.folder.name` in a package's configs.
    private func lazyPath(
        _ module: String, _ level: Int, _ source: SourceText, at offset: Int
    ) throws
        -> String?
    {
        guard !module.isEmpty else {
            throw source.error(
                .inheritance, "'from . import' cannot name a base config; name its file", at: offset)
        }
        let parts = module.split(separator: ".").map(String.init)
        if level > 0 {
            let up = Array(repeating: "..", count: level - 1)
            let path = Paths.normalize(Paths.join([Paths.split(source.file).head] + up + parts) + ".py")
            return FileProbe.exists(path) ? path : nil
        }
        guard parts.count > 1 else {
            throw source.error(
                .inheritance,
                "'\(module)' is a package; name a file in it, as in mmpose.configs._base_.default_runtime",
                at: offset)
        }
        let inside = Array(parts.dropFirst(parts[1] == "configs" ? 2 : 1))
        guard !inside.isEmpty else { return nil }
        return packageFile(parts[0], inside.joined(separator: "/") + ".py", usedBy: source.file)
    }

    /// A copy of a value with ConfigDicts for all dictionaries, sharing nothing.
    private func separated(_ value: PyValue, depth: Int) throws -> PyValue {
        try runtime.step()
        try runtime.checkDepth(depth)
        switch value {
        case .dict(let dictionary):
            let items = try dictionary.items.mapValues { try separated($0, depth: depth + 1) }
            return .dict(try runtime.dict(items, isConfig: true))
        case .list(let list):
            return try runtime.list(list.items.map { try separated($0, depth: depth + 1) })
        case .tuple(let tuple):
            return try runtime.tuple(tuple.items.map { try separated($0, depth: depth + 1) })
        default: return value
        }
    }
}
