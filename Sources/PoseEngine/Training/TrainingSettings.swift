import PoseModels
public import PyConfig

/// What a config says about a training run, beside its data and its optimizer: length, evaluation, checkpoints, logs.
public struct TrainingSettings: Sendable {
    /// How long a run is.
    public enum Length: Sendable, Hashable {
        case epochs(Int)
        case iterations(Int)
    }

    public let length: Length
    /// Epochs or iterations, as `length` counts, between two evaluations.
    public let evaluationInterval: Int
    /// The first epoch or iteration at whose end may be evaluated.
    public let evaluationBegin: Int
    /// Other intervals from some epoch or iteration on (`dynamic_intervals`), in order.
    let laterIntervals: [(begin: Int, interval: Int)]
    let checkpoints: CheckpointSettings
    /// Iterations between two lines of the log.
    let logInterval: Int
    /// Over how many iterations a line of the log averages.
    let logWindow: Int
    let average: AverageSettings?
    /// `randomness.seed`; nil when the config leaves it open.
    public let seed: UInt64?
    let isDeterministic: Bool
    /// The batch size that the learning rate is meant for, when it shall be scaled to the one used.
    let referenceBatch: Int?
    /// A checkpoint to begin with, which need not fill the model.
    public let initialWeights: String?
    /// Where the run writes.
    public let workDirectory: String?

    /// - Throws: `ConfigError` naming the place.
    public init(_ config: Config) throws {
        let root = Arguments(config.root, at: "")
        let loop = try root.requiredChild("train_cfg")
        laterIntervals = try Self.laterIntervals(loop)
        (length, evaluationInterval, evaluationBegin) = try Self.loop(loop)
        let hooks = try root.child("default_hooks")
        let isByEpoch = if case .epochs = length { true } else { false }
        checkpoints = try CheckpointSettings(hooks?.child("checkpoint"), isByEpoch: isByEpoch)
        logInterval = try Self.positive(hooks?.child("logger"), "interval", 10)
        logWindow = try Self.positive(root.child("log_processor"), "window_size", 10)
        average = try Self.average(root)
        let randomness = try root.child("randomness")
        let number = try randomness?.optionalInt("seed")
        seed = number.map { UInt64(bitPattern: Int64($0)) }
        isDeterministic = try randomness?.bool("deterministic", default: false) ?? false
        let scaling = try root.child("auto_scale_lr")
        referenceBatch =
            try scaling?.bool("enable", default: false) ?? false
            ? Self.positive(scaling, "base_batch_size", 0) : nil
        initialWeights = try root.optionalString("load_from")
        workDirectory = try root.optionalString("work_dir")
    }

    private static func loop(_ arguments: Arguments) throws -> (Length, interval: Int, begin: Int) {
        let type = try arguments.optionalString("type").map(Registry.unscoped)
        let isByEpoch = try arguments.optionalBool("by_epoch") ?? (type != "IterBasedTrainLoop")
        if let type, !["EpochBasedTrainLoop", "IterBasedTrainLoop"].contains(type) {
            throw ModelError.unknownType(
                type, at: arguments.path(of: "type"), known: ["EpochBasedTrainLoop", "IterBasedTrainLoop"])
        }
        let count = try positive(arguments, isByEpoch ? "max_epochs" : "max_iters", 0)
        let interval = try positive(arguments, "val_interval", isByEpoch ? 1 : 1000)
        let begin = try arguments.int("val_begin", default: 1)
        arguments.ignore("max_epochs", "max_iters")
        try arguments.finish()
        return (isByEpoch ? .epochs(count) : .iterations(count), interval, begin)
    }

    private static func laterIntervals(_ arguments: Arguments) throws -> [(begin: Int, interval: Int)] {
        guard let value = arguments.value("dynamic_intervals"), !value.isNone else { return [] }
        let wrong = arguments.invalid(
            "dynamic_intervals", "needs pairs of a beginning and a positive interval, in order")
        guard let pairs = value.arrayValue else { throw wrong }
        let result = try pairs.map { pair in
            guard let numbers = pair.arrayValue?.map(\.intValue), numbers.count == 2, let begin = numbers[0],
                let interval = numbers[1], interval > 0
            else { throw wrong }
            return (begin: begin, interval: interval)
        }
        guard zip(result, result.dropFirst()).allSatisfy({ $0.begin <= $1.begin }) else { throw wrong }
        return result
    }

    /// Whether the model is evaluated after so many epochs or iterations.
    func isEvaluationTime(_ count: Int) -> Bool {
        // As MMEngine: an interval holds from the epoch before its own.
        let interval = laterIntervals.last { $0.begin <= count + 1 }?.interval ?? evaluationInterval
        return count >= evaluationBegin && count.isMultiple(of: interval)
    }

    /// The settings of `EMAHook`, if there is one.
    private static func average(_ root: Arguments) throws -> AverageSettings? {
        for hook in try root.has("custom_hooks") ? root.children("custom_hooks") : [] {
            if try Registry.unscoped(hook.type()) == "EMAHook" { return try AverageSettings(hook) }
        }
        return nil
    }

    /// - Parameter value: what it is when the config does not say; 0 when it must.
    fileprivate static func positive(_ arguments: Arguments?, _ name: String, _ value: Int) throws -> Int {
        guard let arguments else { return value }
        let number = try value == 0 ? arguments.int(name) : arguments.int(name, default: value)
        guard number > 0 else { throw arguments.invalid(name, "must be positive, not \(number)") }
        return number
    }
}

/// `CheckpointHook` of a config.
struct CheckpointSettings: Sendable {
    /// Epochs or iterations between two checkpoints; nil for none but the last.
    let interval: Int?
    let isByEpoch: Bool
    /// How many are kept, the newest; nil for all.
    let maximalCount: Int?
    let savesLast: Bool
    /// The metrics whose best model is kept: names as metrics report them, or `auto` for the first.
    let best: [String]
    /// For each of `best` whether more is better.
    let moreIsBetter: [Bool?]

    init(_ arguments: Arguments?, isByEpoch: Bool) throws {
        guard let arguments else {
            (interval, maximalCount, savesLast, best, moreIsBetter) = (1, nil, true, [], [])
            self.isByEpoch = isByEpoch
            return
        }
        let number = try arguments.int("interval", default: -1)
        interval = number > 0 ? number : nil
        self.isByEpoch = try arguments.bool("by_epoch", default: true) && isByEpoch
        let count = try arguments.int("max_keep_ckpts", default: -1)
        maximalCount = count > 0 ? count : nil
        savesLast = try arguments.bool("save_last", default: true)
        best =
            arguments.has("save_best") ? try arguments.strings("save_best", orScalar: true) : []
        let rules = arguments.has("rule") ? try arguments.strings("rule", orScalar: true) : []
        guard rules.count <= 1 || rules.count == best.count else {
            throw arguments.invalid("rule", "has \(rules.count) rules for \(best.count) metrics of save_best")
        }
        moreIsBetter = try best.indices.map { index in
            guard let rule = rules.count > 1 ? rules[index] : rules.first else { return nil }
            guard ["greater", "less"].contains(rule) else {
                throw arguments.invalid("rule", "'\(rule)' is neither greater nor less")
            }
            return rule == "greater"
        }
    }

    /// Whether more of a metric is better, by its rule or else by its name.
    static func moreIsBetter(_ metric: String, rule: Bool?) -> Bool {
        if let rule { return rule }
        let name = metric.split(separator: "/").last.map { $0.lowercased() } ?? metric
        return !["loss", "epe", "nme", "mpjpe", "error"].contains { name.contains($0) }
    }
}
