import PyConfig

/// One metric of a `MultiDatasetEvaluator`: computed on the samples of one of several datasets.
///
/// Samples find their metrics by the name of their dataset's keypoint definition. Several metrics may be for one name.
struct MultiDatasetMetric: Metric {
    static let evaluatorType = "MultiDatasetEvaluator"

    let metric: any Metric
    let dataset: String
    var type: String { metric.type }

    /// The metrics of the evaluator: `metrics` and, as many, the `datasets` they are for.
    static func members(
        _ arguments: Arguments, member: (Arguments) throws -> EvaluatedDataset
    ) throws -> [any Metric] {
        let metrics = try arguments.children("metrics")
        let datasets = try arguments.children("datasets")
        guard !metrics.isEmpty, metrics.count == datasets.count else {
            throw arguments.invalid(
                "datasets", "there are \(datasets.count) for \(metrics.count) metrics; each metric needs its dataset")
        }
        arguments.ignore("_scope_")
        try arguments.finish()
        return try zip(metrics, datasets).map { metric, dataset in
            let dataset = try member(dataset)
            return MultiDatasetMetric(
                metric: try Metrics.make(metric, dataset: dataset), dataset: dataset.name)
        }
    }

    func check(_ sample: EvaluatedSample, predicted: Int) throws {
        if sample.datasetName == dataset { try metric.check(sample, predicted: predicted) }
    }

    func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        let own = samples.filter { $0.datasetName == dataset }
        guard !own.isEmpty else { throw MetricError.empty(metric: "\(metric.type) of the dataset '\(dataset)'") }
        var report = try metric.report(own)
        report.facts.insert(.init("dataset", "\(dataset), \(own.count) samples"), at: 0)
        return report
    }
}
