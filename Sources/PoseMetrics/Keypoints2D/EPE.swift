import PyConfig

/// End-point error: the mean distance in pixels.
public struct EPE: Metric {
    public let type = "EPE"
    let prefix: String?

    init(_ arguments: Arguments) throws {
        prefix = try arguments.metricPrefix()
    }

    public func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        let distances = try KeypointDistances(samples, metric: type)
        return MetricReport(type, values: [.init("EPE", distances.mean)]).prefixed(prefix)
    }
}
