import PyConfig

/// PCK by groups of joints of JHMDB (Jhuang et al. 2013).
public struct JhmdbPCKAccuracy: Metric {
    public let type = "JhmdbPCKAccuracy"
    let threshold: Double
    let items: [NormalizationItem]
    let prefix: String?

    private static let groups: [(name: String, joints: [Int])] = [
        ("Head", [2]), ("Sho", [3, 4]), ("Elb", [7, 8]), ("Wri", [11, 12]), ("Hip", [5, 6]), ("Knee", [9, 10]),
        ("Ank", [13, 14]),
    ]

    init(_ arguments: Arguments) throws {
        threshold = try arguments.double("thr", default: 0.05)
        items = try arguments.normalizationItems(default: .bbox)
        prefix = try arguments.metricPrefix()
    }

    public func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        var values: [MetricReport.Value] = []
        for item in items where item != .head {
            let distances = try KeypointDistances(samples, metric: type) { try item.size(of: $0, metric: type) }
            let accuracy = distances.accuracy(below: threshold)
            guard accuracy.count == 15 else {
                throw MetricError.keypointCount(of: "a sample of JHMDB", found: accuracy.count, expected: 15)
            }
            values += Self.groups.map { name, joints in
                MetricReport.Value(
                    "\(name) \(item.name)", joints.map { accuracy[$0] ?? -1 }.mean ?? -1,
                    remark: joints.allSatisfy { accuracy[$0] == nil } ? "no annotated joint of this kind" : nil)
            }
            values.append(.init(item.name, distances.meanAccuracy(below: threshold)))
        }
        return MetricReport(type, values: values, facts: [.init("threshold", "\(threshold)")]).prefixed(prefix)
    }
}
