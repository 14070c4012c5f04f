import PyConfig

/// PCKh of MPII (Andriluka et al. 2014), in percent: distances as parts of the head's size, pelvis and thorax left out of
/// the mean, which counts each joint as often as it is annotated.
public struct MpiiPCKAccuracy: Metric {
    public let type = "MpiiPCKAccuracy"
    let threshold: Double
    let items: [NormalizationItem]
    let prefix: String?

    /// Joints that make up each reported number.
    private static let groups: [(name: String, joints: [Int])] = [
        ("Head PCK", [9]), ("Shoulder PCK", [13, 12]), ("Elbow PCK", [14, 11]), ("Wrist PCK", [15, 10]),
        ("Hip PCK", [3, 2]), ("Knee PCK", [4, 1]), ("Ankle PCK", [5, 0]),
    ]

    init(_ arguments: Arguments) throws {
        threshold = try arguments.double("thr", default: 0.5)
        items = try arguments.normalizationItems(default: .head)
        prefix = try arguments.metricPrefix()
    }

    public func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        guard items.contains(.head) else { return MetricReport(type, values: []) }
        // The annotations count pixels from 1.
        let distances = try KeypointDistances(samples, metric: type, offset: 1) {
            try NormalizationItem.head.size(of: $0, metric: type)
        }
        let correct = distances.accuracy(below: threshold)
        guard correct.count == 16 else {
            throw MetricError.keypointCount(of: "a sample of MPII", found: correct.count, expected: 16)
        }
        var visible = [Double](repeating: 0, count: 16)
        for sample in samples {
            try sample.forEachInstance { _, _, seen in
                for joint in seen.indices where seen[joint] && joint != 6 && joint != 7 { visible[joint] += 1 }
            }
        }
        let total = visible.reduce(0, +)
        // A joint that is never annotated has -100, as in MMPose, but no weight.
        func percent(_ accuracy: [Double?]) -> [Double] { accuracy.map { 100 * ($0 ?? -1) } }
        func weighted(_ percents: [Double]) -> Double { zip(percents, visible).reduce(0) { $0 + $1.0 * $1.1 / total } }
        let percents = percent(correct)
        var values = Self.groups.map { name, joints in
            MetricReport.Value(
                name, joints.map { percents[$0] }.mean ?? -1,
                remark: joints.allSatisfy { correct[$0] == nil } ? "no annotated joint of this kind" : nil)
        }
        values.append(.init("PCK", weighted(percents)))
        values.append(.init("PCK@0.1", weighted(percent(distances.accuracy(below: 10 * 0.01)))))
        return MetricReport(type, values: values, facts: [.init("threshold", "\(threshold) of the head")])
            .prefixed(prefix)
    }
}
