public import Foundation

/// What a config is loaded with, besides its file.
public struct ConfigOptions: Sendable {
    /// `--cfg-options` entries in MMEngine's grammar, `model.backbone.depth=101`, applied in order after loading.
    public var overrides: [String]
    /// Folders of installed packages' configs: `mmpose::_base_/default_runtime.py` and `mmpose.configs._base_…` are
    /// looked up in `packageRoots["mmpose"]`. A package that is not listed is searched for by walking up from the
    /// config to a folder named `configs`.
    public var packageRoots: [String: URL]
    /// The variables that `{{$NAME:default}}` sees.
    public var environment: [String: String]
    /// How much work one load may do.
    public var budget: ConfigBudget

    /// - Parameters:
    ///   - overrides: see `overrides`.
    ///   - packageRoots: see `packageRoots`.
    ///   - environment: see `environment`; the process's own by default.
    ///   - budget: see `ConfigBudget`.
    public init(
        overrides: [String] = [], packageRoots: [String: URL] = [:],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        budget: ConfigBudget = ConfigBudget()
    ) {
        self.overrides = overrides
        self.packageRoots = packageRoots
        self.environment = environment
        self.budget = budget
    }
}

/// Bounds on what loading one config may cost, so that a hostile file is refused quickly instead of taking the machine.
public struct ConfigBudget: Sendable {
    /// Evaluated expressions and statements, plus elements produced by loops and built-ins.
    public var steps = 1_000_000
    /// Elements and characters held by values that expressions create, in total.
    public var size = 10_000_000
    /// Nesting of expressions, values and `_base_` chains.
    public var depth = 100
    /// Files read through `_base_` or `read_base()`, counting a file each time it is read.
    public var files = 500
    /// Bytes of one file.
    public var fileSize = 8_000_000

    /// The bounds above.
    public init() {}
}
