extension Evaluator {
    /// `import module`, `import module as name`.
    func importModule(_ imported: ImportedName) throws {
        position = imported.offset
        let root = String(imported.name.split(separator: ".").first ?? "")
        if StandardModules.contains(imported.name) {
            guard Builtin.modules.contains(imported.name) || imported.name == "mmengine" else {
                throw unavailable(imported.name)
            }
            bind(imported.alias ?? root, .module(imported.alias == nil ? root : imported.name))
        } else {
            guard isLazy else { throw notLazy(imported.name) }
            if let alias = imported.alias {
                bind(alias, .reference(LazyReference(module: imported.name)))
            } else {
                bind(root, .reference(LazyReference(module: root)))
            }
        }
    }

    /// `from module import name as alias`.
    func importFrom(_ module: String, _ level: Int, _ names: [ImportedName]) throws {
        let fullName = String(repeating: ".", count: level) + module
        for imported in names {
            position = imported.offset
            if imported.name == "*" {
                throw Fault(
                    .unsupported, "'from \(fullName) import *' works only inside 'with read_base():'")
            }
            let name = imported.alias ?? imported.name
            if StandardModules.contains(fullName) {
                guard let member = Builtin.member(imported.name, of: fullName) else {
                    throw unavailable("\(fullName).\(imported.name)")
                }
                bind(name, member)
            } else {
                guard isLazy else { throw notLazy(fullName) }
                bind(name, .reference(LazyReference("\(fullName).\(imported.name)")))
            }
        }
    }

    private func unavailable(_ name: String) -> Fault {
        Fault(
            .unsupported,
            "'\(name)' cannot be imported: configs are read without running Python; available are "
                + Builtin.modules.sorted().joined(separator: ", "))
    }

    private func notLazy(_ name: String) -> Fault {
        Fault(
            .unsupported,
            "'\(name)' cannot be imported in a config that uses '_base_'; name the class as a string, "
                + "or use 'with read_base():' for the whole chain of configs")
    }
}

/// Modules that MMEngine really imports: Python's own, and `mmengine.config`. All others only name classes.
enum StandardModules {
    static func contains(_ module: String) -> Bool {
        if module.hasPrefix("mmengine.config") { return true }
        return roots.contains(
            String(module.split(separator: ".", omittingEmptySubsequences: false).first ?? ""))
    }

    private static let roots: Set = [
        "__future__", "abc", "argparse", "array", "ast", "asyncio", "base64", "bisect", "builtins",
        "calendar", "cmath",
        "codecs", "collections", "contextlib", "copy", "csv", "ctypes", "dataclasses", "datetime",
        "decimal", "difflib",
        "enum", "errno", "fnmatch", "fractions", "functools", "gc", "getpass", "glob", "gzip",
        "hashlib", "heapq",
        "html", "http", "importlib", "inspect", "io", "itertools", "json", "keyword", "linecache",
        "locale", "logging",
        "lzma", "marshal", "math", "mimetypes", "multiprocessing", "numbers", "operator", "os",
        "pathlib", "pickle",
        "pkgutil", "platform", "pprint", "queue", "random", "re", "runpy", "secrets", "select", "shlex",
        "shutil",
        "signal", "site", "socket", "sqlite3", "ssl", "stat", "statistics", "string", "struct",
        "subprocess", "sys",
        "tarfile", "tempfile", "textwrap", "threading", "time", "timeit", "token", "traceback", "types",
        "typing",
        "unicodedata", "unittest", "urllib", "uuid", "warnings", "weakref", "xml", "zipfile", "zlib",
    ]
}
