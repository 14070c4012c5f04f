/// Why a metric cannot be computed.
public enum MetricError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sample lacks what the metric needs.
    case missing(metric: String, what: String)
    /// Annotations, predictions and sigmas disagree on the number of key points.
    case keypointCount(of: String, found: Int, expected: Int)
    /// Two metrics of an evaluator report under one name.
    case duplicateName(String)
    /// No sample to evaluate.
    case empty(metric: String)
    /// Anything else, in one sentence.
    case invalid(String)

    public var description: String {
        switch self {
        case .missing(let metric, let what): "\(metric) needs \(what)"
        case .keypointCount(let owner, let found, let expected):
            "\(owner) has \(found) keypoints, where \(expected) are expected"
        case .duplicateName(let name): "two metrics report '\(name)'; give one of them a prefix"
        case .empty(let metric): "\(metric) has no sample to evaluate"
        case .invalid(let problem): problem
        }
    }
}
