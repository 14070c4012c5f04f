public import PyConfig

/// The metrics of a config's `val_evaluator` or `test_evaluator`.
public struct Evaluator: Sendable {
    private let metrics: [any Metric]

    /// - Parameters:
    ///   - value: a dictionary with a `type`, a list of such, or a `MultiDatasetEvaluator`.
    ///   - path: where it is in the config.
    ///   - dataset: what the samples come from.
    ///   - member: finds what a dataset dictionary of a `MultiDatasetEvaluator` means.
    /// - Throws: `ConfigError` naming the place in the config, `DatasetError` for annotation files that metrics read.
    public init(
        _ value: ConfigValue, at path: String, dataset: EvaluatedDataset,
        member: (Arguments) throws -> EvaluatedDataset = {
            throw $0.invalid("type", "is no dataset that is known here")
        }
    ) throws {
        let dictionaries: [Arguments]
        if let single = value.dictValue {
            dictionaries = [Arguments(single, at: path)]
        } else {
            dictionaries = try (value.arrayValue ?? []).enumerated().map { index, entry in
                guard let entry = entry.dictValue else {
                    throw ConfigError.invalidArgument(
                        path: "\(path).\(index)", reason: "a metric is a dict with a type")
                }
                return Arguments(entry, at: "\(path).\(index)")
            }
        }
        guard !dictionaries.isEmpty else {
            throw ConfigError.invalidArgument(path: path, reason: "a metric is a dict with a type, or a list of such")
        }
        metrics = try dictionaries.flatMap { arguments in
            guard Metrics.name(try arguments.type()) == MultiDatasetMetric.evaluatorType else {
                return [try Metrics.make(arguments, dataset: dataset)]
            }
            return try MultiDatasetMetric.members(arguments, member: member)
        }
    }

    /// Says, before anything is predicted, what the metrics will miss.
    ///
    /// - Parameters:
    ///   - sample: an annotation, itself taken for the prediction.
    ///   - predicted: how many keypoints a model will predict.
    /// - Throws: `MetricError`.
    public func check(_ sample: EvaluatedSample, predicted: Int) throws {
        for metric in metrics { try metric.check(sample, predicted: predicted) }
    }

    /// Every metric's numbers, in the order of the config.
    ///
    /// - Throws: `MetricError` when a sample lacks what a metric needs, or two numbers have one name.
    public func callAsFunction(_ samples: [EvaluatedSample]) throws -> [MetricReport] {
        let reports = try metrics.map { try $0.report(samples) }
        var names: Set<String> = []
        for value in reports.flatMap(\.values) where !names.insert(value.name).inserted {
            throw MetricError.duplicateName(value.name)
        }
        return reports
    }
}

extension [MetricReport] {
    /// All numbers in the order MMPose prints them.
    public var values: [MetricReport.Value] { flatMap(\.values) }

    /// A number by its name.
    public subscript(_ name: String) -> Double? {
        for report in self {
            if let value = report[name] { return value }
        }
        return nil
    }
}
