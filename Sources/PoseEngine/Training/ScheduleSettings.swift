import PoseModels
public import PyConfig
public import Torch

/// One entry of `param_scheduler` of a config.
public struct ScheduleSettings: Sendable {
    let curve: ParameterSchedule.Curve
    let setting: ParameterGroup.Setting
    let begin, end: Int
    let isByEpoch: Bool

    /// All entries of a config's `param_scheduler`, which may be one dictionary or a list of them.
    ///
    /// - Parameter epochLength: iterations of an epoch, for entries that `convert_to_iter_based`.
    /// - Throws: `ModelError.unknownType`, or `ConfigError` when an argument is missing, unknown or impossible.
    public static func read(_ config: Arguments, epochLength: Int) throws -> [ScheduleSettings] {
        guard config.has("param_scheduler") else { return [] }
        if config.all["param_scheduler"]?.dictValue != nil {
            return [try ScheduleSettings(config.requiredChild("param_scheduler"), epochLength: epochLength)]
        }
        return try config.children("param_scheduler").map { try ScheduleSettings($0, epochLength: epochLength) }
    }

    /// - Throws: as `read`.
    public init(_ arguments: Arguments, epochLength: Int) throws {
        let type = try arguments.type()
        guard let (setting, shape) = Self.split(type) else {
            let known = Self.shapes.flatMap { shape in Self.suffixes.map { shape + $0.0 } }
            throw ModelError.unknownType(type, at: arguments.path, known: known)
        }
        self.setting = setting
        let converts = try arguments.bool("convert_to_iter_based", default: false)
        isByEpoch = try arguments.bool("by_epoch", default: true) && !converts
        let unit = converts ? epochLength : 1
        func steps(_ count: Int, _ name: String) throws -> Int {
            guard (0...ParameterSchedule.never).contains(count) else {
                throw arguments.invalid(name, "must be 0 to \(ParameterSchedule.never), not \(count)")
            }
            return count == ParameterSchedule.never ? count : min(count * unit, ParameterSchedule.never)
        }
        begin = try steps(arguments.int("begin", default: 0), "begin")
        end = try steps(arguments.int("end", default: ParameterSchedule.never), "end")
        guard end > begin else { throw arguments.invalid("end", "must be after begin, which is \(begin / unit)") }
        curve = try Self.curve(shape, arguments, steps: steps)
        arguments.ignore("verbose", "last_step")
        try arguments.finish()
    }

    /// The schedule on an optimizer; it takes its first step at once.
    public func schedule(on optimizer: Optimizer) throws -> ParameterSchedule {
        try ParameterSchedule(curve, of: setting, begin: begin, end: end, isByEpoch: isByEpoch, on: optimizer)
    }

    private static let shapes = [
        "Constant", "CosineAnnealing", "Exponential", "Linear", "MultiStep", "Poly", "QuadraticWarmup", "Step",
    ]
    private static let suffixes: [(String, ParameterGroup.Setting)] = [("LR", .learningRate), ("Momentum", .momentum)]

    private static func split(_ type: String) -> (ParameterGroup.Setting, String)? {
        let name = type.hasPrefix("mmpose.") ? String(type.dropFirst("mmpose.".count)) : type
        for (suffix, setting) in suffixes where name.hasSuffix(suffix) {
            let shape = String(name.dropLast(suffix.count))
            if shapes.contains(shape) { return (setting, shape) }
        }
        return nil
    }

    private static func curve(
        _ shape: String, _ arguments: Arguments, steps: (Int, String) throws -> Int
    ) throws -> ParameterSchedule.Curve {
        switch shape {
        case "Constant": return .constant(factor: try arguments.double("factor", default: 1.0 / 3))
        case "Exponential": return .exponential(gamma: try arguments.double("gamma"))
        case "Linear":
            return .linear(
                start: try arguments.double("start_factor", default: 1.0 / 3),
                end: try arguments.double("end_factor", default: 1))
        case "Step":
            return .step(
                size: try steps(arguments.int("step_size"), "step_size"),
                gamma: try arguments.double("gamma", default: 0.1))
        case "MultiStep":
            return .multiStep(
                milestones: try arguments.ints("milestones").map { try steps($0, "milestones") },
                gamma: try arguments.double("gamma", default: 0.1))
        case "Poly":
            return .polynomial(
                power: try arguments.double("power", default: 1), floor: try arguments.double("eta_min", default: 0))
        case "QuadraticWarmup": return .quadraticWarmup
        default:
            let ratio = try arguments.optionalDouble("eta_min_ratio")
            if ratio != nil, arguments.has("eta_min") {
                throw arguments.invalid("eta_min_ratio", "says the same as eta_min; one of them is enough")
            }
            let least = try arguments.optionalDouble("eta_min") ?? 0
            return .cosine(
                period: try arguments.optionalInt("T_max").map { try steps($0, "T_max") },
                floor: ratio.map(ParameterSchedule.Floor.ratio) ?? .value(least))
        }
    }
}
