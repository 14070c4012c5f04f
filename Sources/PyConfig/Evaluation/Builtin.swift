/// A function that configs can call. None touches files, the network or the environment.
enum Builtin: String {
    case dict, list, tuple, set, frozenset, range, slice, bool, int, float, str
    case len, min, max, sum, abs, round, pow, divmod
    case sorted, zip, enumerate, reversed, any, all, map, filter, iter, next, repr
    case dictFromKeys = "dict.fromkeys"
    case orderedDict = "collections.OrderedDict"
    case copy = "copy.copy"
    case deepCopy = "copy.deepcopy"
    case join = "posixpath.join"
    case basename = "posixpath.basename"
    case dirname = "posixpath.dirname"
    case splitExtension = "posixpath.splitext"
    case normalize = "posixpath.normpath"
    case sqrt = "math.sqrt"
    case ceil = "math.ceil"
    case floor = "math.floor"
    case log = "math.log"
    case log2 = "math.log2"
    case log10 = "math.log10"
    case exp = "math.exp"
    case sin = "math.sin"
    case cos = "math.cos"
    case tan = "math.tan"
    case radians = "math.radians"
    case degrees = "math.degrees"
    case mathPower = "math.pow"
    case productOf = "math.prod"
    case greatestDivisor = "math.gcd"
    case readBase = "mmengine.config.config.read_base"

    /// The names that need no import.
    static func named(_ name: String) -> Builtin? {
        name.contains(".") ? nil : Builtin(rawValue: name)
    }

    /// How a resolved config shows the function itself.
    var display: String { "<\(rawValue.contains(".") ? rawValue : "builtins.\(rawValue)")>" }

    /// Whether Python implements it as a plain function, which MMEngine drops from the top level of a config.
    var isPlainFunction: Bool {
        switch self {
        case .copy, .deepCopy, .join, .basename, .dirname, .splitExtension, .normalize, .readBase: true
        default: false
        }
    }

    /// The name in messages.
    var name: String { String(rawValue.split(separator: ".").last ?? "") }

    /// Names of Python's that a config might try; the message then says that they are not there on purpose.
    static let refused: Set<String> = [
        "open", "eval", "exec", "compile", "__import__", "getattr", "setattr", "hasattr", "delattr",
        "isinstance",
        "issubclass", "type", "print", "input", "vars", "locals", "globals", "dir", "id", "hash",
        "object", "super",
        "callable", "chr", "ord", "hex", "oct", "bin", "bytes", "bytearray", "complex", "format",
        "memoryview",
        "property", "staticmethod", "classmethod", "exit", "quit", "help", "breakpoint", "ascii",
    ]

    /// What `module.name` is, for the modules that configs may import; nil when the module has no such member here.
    static func member(_ name: String, of module: String) -> PyValue? {
        switch (module, name) {
        case ("os", "path"): .module("os.path")
        case ("os", "sep"), ("os.path", "sep"): .string("/")
        case ("os.path", _): Builtin(rawValue: "posixpath.\(name)").map(PyValue.builtin)
        case ("math", "pi"): .float(.pi)
        case ("math", "e"): .float(2.718281828459045)
        case ("math", "inf"): .float(.infinity)
        case ("math", "nan"): .float(.nan)
        case ("mmengine", "read_base"), ("mmengine.config", "read_base"): .builtin(.readBase)
        case ("copy", _), ("math", _), ("collections", _):
            Builtin(rawValue: "\(module).\(name)").map(PyValue.builtin)
        default: nil
        }
    }

    /// Modules that can be imported and asked for members.
    static let modules: Set = ["os", "os.path", "copy", "math", "collections", "mmengine.config"]
}
