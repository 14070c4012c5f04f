public import PoseCore
public import PyConfig

/// Runs one of several pipelines.
public struct RandomChoice: Transform {
    public let pipelines: [[any Transform]]
    /// Of each pipeline; they sum to one.
    public let probabilities: [Double]

    /// Arguments: `transforms` (a list of lists of steps, or of single steps), `prob=None` (all alike).
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        guard let list = arguments.value("transforms")?.arrayValue, !list.isEmpty else {
            throw arguments.invalid("transforms", "expected a list of pipelines")
        }
        let path = arguments.path(of: "transforms")
        pipelines = try list.enumerated().map { index, entry in
            try (entry.arrayValue ?? [entry]).enumerated().map { step, value in
                guard let dictionary = value.dictValue else {
                    throw arguments.invalid("transforms.\(index).\(step)", "expected a dict")
                }
                return try Transforms.make(Arguments(dictionary, at: "\(path).\(index).\(step)"))
            }
        }
        let count = pipelines.count
        probabilities =
            try arguments.optionalDoubles("prob") ?? Array(repeating: 1 / Double(count), count: count)
        guard probabilities.count == count, probabilities.allSatisfy({ $0 >= 0 }),
            abs(probabilities.reduce(0, +) - 1) < 1e-6
        else {
            throw arguments.invalid("prob", "expected \(count) probabilities that sum to one, found \(probabilities)")
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        try pipelines[draw(using: &generator)].run(&sample, using: &generator)
    }

    /// Which pipeline.
    public func draw(using generator: inout some RandomNumberGenerator) -> Int {
        var rest = generator.uniform()
        for (index, probability) in probabilities.enumerated() {
            if rest < probability { return index }
            rest -= probability
        }
        return probabilities.lastIndex { $0 > 0 } ?? 0
    }
}

/// Runs a pipeline now and then.
public struct RandomApply: Transform {
    public let pipeline: [any Transform]
    public let probability: Double

    /// Arguments: `transforms`, `prob=0.5`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        pipeline = try Transforms.pipeline(arguments.children("transforms"))
        probability = try arguments.probability("prob", default: 0.5)
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        if generator.chance(probability) { try pipeline.run(&sample, using: &generator) }
    }
}

extension Array where Element == any Transform {
    /// Runs the steps in order, until one rejects the sample.
    ///
    /// - Throws: what a step throws.
    public func run(_ sample: inout PoseSample, using generator: inout some RandomNumberGenerator) throws {
        for transform in self {
            try transform(&sample, using: &generator)
            if sample.rejection != nil { return }
        }
    }
}
