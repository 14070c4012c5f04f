import PyConfig

/// Percentage of correct key points: those closer than `thr` times the instance's size. Each key point's share, averaged.
public struct PCKAccuracy: Metric {
    public let type = "PCKAccuracy"
    let threshold: Double
    let items: [NormalizationItem]
    let prefix: String?

    init(_ arguments: Arguments) throws {
        threshold = try arguments.double("thr", default: 0.05)
        items = try arguments.normalizationItems(default: .bbox)
        prefix = try arguments.metricPrefix()
    }

    public func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        let values = try items.map { item in
            let distances = try KeypointDistances(samples, metric: type) { try item.size(of: $0, metric: type) }
            return MetricReport.Value(item.name, distances.meanAccuracy(below: threshold))
        }
        return MetricReport(type, values: values, facts: [.init("threshold", "\(threshold)")]).prefixed(prefix)
    }
}
