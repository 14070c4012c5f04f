import OrderedCollections

/// Configs that inherit through `_base_`.
extension Loader {
    /// A base file named by a config, and where it names it.
    private struct Base {
        let name: String
        let offset: Int
    }

    /// Evaluates a config and merges it into its bases.
    func plain(
        _ source: SourceText, _ statements: [Statement], _ templates: Templates
    ) throws
        -> ConfigDict
    {
        let bases = try baseNames(source, statements)
        let inherited = try loadBases(bases, source)
        let evaluator = Evaluator(source, runtime: runtime, isLazy: false)
        return try evaluator.located {
            let baseObject = try runtime.dictionary(inherited, isConfig: true)
            evaluator.globals["_base_"] = .dict(baseObject)
            try evaluator.run(statements.filter { !Self.assignsBase($0) })
            // The config may have changed values of its bases through `_base_`.
            let changed = try runtime.resolved(baseObject)
            var own = ConfigDict()
            for (name, value) in evaluator.globals where name != "_base_" && !name.hasPrefix("__") {
                switch value {
                case .module: continue
                case .builtin(let builtin) where builtin.isPlainFunction: continue
                default: break
                }
                evaluator.position = Self.offset(of: name, in: statements)
                own[name] = try templates.substituteBase(runtime.resolved(value), from: changed)
            }
            return try merged(own, into: changed) {
                evaluator.position = Self.offset(of: $0, in: statements)
            }
        }
    }

    /// As `plain`, for a JSON file.
    func plainJSON(_ text: String, _ path: String) throws -> ConfigDict {
        let templates = try Templates.substitute(text, file: path, environment: options.environment)
        let source = SourceText(templates.text, file: path)
        guard case .dict(var own) = try JSONReader.read(source, depthLimit: options.budget.depth) else {
            throw source.error(.type, "a JSON config is an object", at: 0)
        }
        let names = own.removeValue("_base_").map { $0.arrayValue ?? [$0] } ?? []
        let bases = try names.map { name in
            guard let text = name.stringValue else {
                throw source.error(.inheritance, "_base_ holds file names", at: 0)
            }
            return Base(name: text, offset: 0)
        }
        let inherited = try loadBases(bases, source)
        do {
            guard case .dict(let substituted) = try templates.substituteBase(.dict(own), from: inherited)
            else {
                return inherited
            }
            return try merged(substituted, into: inherited) { _ in }
        } catch let fault as Fault { throw source.error(fault.kind, fault.message, at: 0) }
    }

    private func merged(
        _ own: ConfigDict, into inherited: ConfigDict, _ locate: (String?) -> Void
    ) throws -> ConfigDict {
        var result = inherited
        for (key, value) in own.storage where key != .string("_deprecation_") {
            locate(key.stringValue)
            let one = try Merge.merge(ConfigDict(pairs: [(key, value)]), into: result)
            result = one
        }
        for name in result.names where name.hasPrefix("__") { result.removeValue(name) }
        return result
    }

    // MARK: bases

    private static func assignsBase(_ statement: Statement) -> Bool {
        guard case .assign(let targets, _) = statement.kind, case .name("_base_")? = targets.first?.kind
        else {
            return false
        }
        return true
    }

    private func baseNames(_ source: SourceText, _ statements: [Statement]) throws -> [Base] {
        guard let statement = statements.first(where: Self.assignsBase),
            case .assign(_, let value) = statement.kind
        else { return [] }
        let evaluator = Evaluator(source, runtime: runtime, isLazy: false)
        return try evaluator.located {
            let resolved = try runtime.resolved(evaluator.evaluate(value))
            evaluator.position = value.offset
            let names = resolved.arrayValue ?? [resolved]
            var offsets = [Int](repeating: value.offset, count: names.count)
            switch value.kind {
            case .list(let elements), .tuple(let elements):
                if elements.count == names.count { offsets = elements.map(\.offset) }
            default: break
            }
            return try zip(names, offsets).map { name, offset in
                evaluator.position = offset
                guard case .string(let text) = name else {
                    throw Fault(.inheritance, "_base_ is a file name or a list of them, not \(name.summary)")
                }
                return Base(name: text, offset: offset)
            }
        }
    }

    private func loadBases(_ bases: [Base], _ source: SourceText) throws -> ConfigDict {
        var result = ConfigDict()
        for base in bases {
            let (path, scope) = try locate(base, source)
            var loaded = try entering(path, from: (source, base.offset)) {
                try loadBase(path, base, source)
            }
            let duplicates = loaded.names.filter { result[$0] != nil }
            guard duplicates.isEmpty else {
                throw source.error(
                    .inheritance,
                    "two base files define the same keys: \(duplicates.joined(separator: ", ")); "
                        + "keep them in one of the files", at: base.offset)
            }
            if let scope { loaded = Self.scoped(loaded, scope, isOutermost: true) }
            for (key, value) in loaded.storage { result.storage[key] = value }
        }
        return result
    }

    private func loadBase(_ path: String, _ base: Base, _ source: SourceText) throws -> ConfigDict {
        let text = try read(path)
        if Paths.splitExtension(path).ending == ".json" { return try plainJSON(text, path) }
        let templates = try Templates.substitute(text, file: path, environment: options.environment)
        let replaced = SourceText(templates.text, file: path)
        let statements = try Parser.parse(replaced, depthLimit: options.budget.depth)
        guard !Self.isLazy(statements) else {
            throw source.error(
                .inheritance,
                "\(base.name) is in the style of 'with read_base():', which '_base_' cannot inherit from",
                at: base.offset)
        }
        return try plain(replaced, statements, templates)
    }

    /// The file a base names, and the package it belongs to when that is another one.
    private func locate(_ base: Base, _ source: SourceText) throws -> (path: String, scope: String?) {
        let parts = Bytes.split(base.name, by: "::")
        if parts.count == 2 {
            guard let path = packageFile(parts[0], parts[1], usedBy: source.file) else {
                throw source.error(
                    .inheritance, "no file '\(parts[1])' in the configs of package '\(parts[0])'",
                    at: base.offset)
            }
            return (path, parts[0])
        }
        guard parts.count == 1 else {
            throw source.error(
                .inheritance, "'::' stands once, between package and file", at: base.offset)
        }
        let path = Paths.normalize(Paths.join([Paths.split(source.file).head, base.name]))
        guard FileProbe.exists(path) else {
            throw source.error(
                .inheritance, "the base config '\(base.name)' does not exist (\(path))", at: base.offset)
        }
        return (path, nil)
    }

    /// Marks the outermost dictionaries with a `type` as belonging to the package they were inherited from.
    private static func scoped(
        _ dictionary: ConfigDict, _ scope: String, isOutermost: Bool
    )
        -> ConfigDict
    {
        var result = dictionary
        let isTyped = isOutermost && dictionary["type"] != nil
        result.storage = dictionary.storage.mapValues {
            scoped($0, scope, isOutermost: isOutermost && !isTyped)
        }
        if isTyped, dictionary["_scope_"]?.isNone ?? true { result["_scope_"] = .string(scope) }
        return result
    }

    private static func scoped(
        _ value: ConfigValue, _ scope: String, isOutermost: Bool
    )
        -> ConfigValue
    {
        switch value {
        case .dict(let dictionary): .dict(scoped(dictionary, scope, isOutermost: isOutermost))
        case .list(let values): .list(values.map { scoped($0, scope, isOutermost: isOutermost) })
        case .tuple(let values): .tuple(values.map { scoped($0, scope, isOutermost: isOutermost) })
        default: value
        }
    }
}
