import PyConfig

/// Area under the curve of PCK over thresholds from zero to `norm_factor` pixels.
public struct AUC: Metric {
    public let type = "AUC"
    let factor: Double
    let thresholds: Int
    let prefix: String?

    init(_ arguments: Arguments) throws {
        factor = try arguments.double("norm_factor", default: 30)
        thresholds = try arguments.int("num_thrs", default: 20)
        prefix = try arguments.metricPrefix()
        guard factor > 0, thresholds > 0 else {
            throw ConfigError.invalidArgument(path: arguments.path, reason: "norm_factor and num_thrs are above zero")
        }
    }

    public func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        let distances = try KeypointDistances(samples, metric: type) { _ in factor }
        let area = (0..<thresholds).reduce(0.0) { sum, index in
            sum + distances.meanAccuracy(below: Double(index) / Double(thresholds)) / Double(thresholds)
        }
        return MetricReport(type, values: [.init("AUC", area)]).prefixed(prefix)
    }
}
