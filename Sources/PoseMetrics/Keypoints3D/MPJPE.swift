import PyConfig

/// Mean distance of predicted from annotated joints in space (mean per-joint position error), over all frames and by
/// action; optionally after the predicted pose has been brought as close to the annotated one as scaling alone, or scaling,
/// turning and moving, can.
public struct MPJPE: Metric {
    /// What a prediction may be changed by before it is compared.
    enum Alignment: String, CaseIterable, Sendable {
        case none = "mpjpe"
        case scale = "n-mpjpe"
        case procrustes = "p-mpjpe"
    }

    public let type: String
    let alignment: Alignment
    /// Subjects and actions that do not count: "S9_Greet".
    let skipped: Set<String>
    /// Whether actions are reported too.
    let byAction: Bool
    let prefix: String?

    init(_ arguments: Arguments, byAction: Bool) throws {
        type = byAction ? "MPJPE" : "SimpleMPJPE"
        let mode = try arguments.string("mode", default: "mpjpe")
        guard let alignment = Alignment(rawValue: mode) else {
            throw arguments.invalid("mode", "is 'mpjpe', 'p-mpjpe' or 'n-mpjpe', not '\(mode)'")
        }
        self.alignment = alignment
        skipped = Set(try arguments.strings("skip_list", default: []))
        self.byAction = byAction
        prefix = try arguments.metricPrefix()
    }

    public func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        let name = alignment.rawValue.uppercased()
        var all = Sum()
        var order: [String] = []
        var actions: [String: Sum] = [:]
        for sample in samples {
            let path = byAction ? try CapturePath(sample) : nil
            if let path, skipped.contains(path.subjectAction) { continue }
            let sum = try sum(sample)
            all.add(sum)
            guard let path else { continue }
            if actions[path.category] == nil { order.append(path.category) }
            actions[path.category, default: Sum()].add(sum)
        }
        guard all.count > 0 else { throw MetricError.empty(metric: type) }
        var values = [MetricReport.Value(name, all.mean)]
        values += order.map { action in
            let sum = actions[action] ?? Sum()
            let remark = sum.count == 0 ? "no joint of this action is annotated" : nil
            return MetricReport.Value("\(name)_\(action)", sum.mean, remark: remark)
        }
        return MetricReport(type, values: values, facts: [.init("frames", "\(all.frames)")]).prefixed(prefix)
    }

    /// Distances of some joints.
    private struct Sum {
        var total = 0.0
        var count = 0
        var frames = 0
        var mean: Double { count > 0 ? total / Double(count) : -1 }

        mutating func add(_ other: Sum) {
            total += other.total
            count += other.count
            frames += other.frames
        }
    }

    private func sum(_ sample: EvaluatedSample) throws -> Sum {
        var sum = Sum()
        try sample.forEachInstance { predicted, annotated, visible in
            guard let first = predicted.first, let target = annotated.first, first.count == 3, target.count == 3 else {
                throw MetricError.missing(metric: type, what: "poses in space: the lifting target and a lifter")
            }
            let found = predicted.map { SIMD3($0[0], $0[1], $0[2]) }
            let truth = annotated.map { SIMD3($0[0], $0[1], $0[2]) }
            let aligned =
                switch alignment {
                case .none: found
                case .scale: PoseAlignment.scaled(found, to: truth)
                case .procrustes: PoseAlignment.moved(found, to: truth)
                }
            sum.frames += 1
            for joint in visible.indices where visible[joint] {
                let offset = aligned[joint] - truth[joint]
                sum.total += (offset * offset).sum().squareRoot()
                sum.count += 1
            }
        }
        return sum
    }
}

/// What the name of a Human3.6M picture tells: `S9_Walking_1.54138969_000001.jpg`.
private struct CapturePath {
    /// "S9_Walking_1"
    let subjectAction: String
    /// "Walking"
    let category: String

    init(_ sample: EvaluatedSample) throws {
        let name = sample.imagePath?.split(separator: "/").last ?? ""
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let words = (parts.first ?? "").split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, words.count > 1 else {
            throw MetricError.missing(
                metric: "MPJPE",
                what: "pictures named SUBJECT_ACTION.…, of which '\(name)' is none; SimpleMPJPE does without")
        }
        subjectAction = String(parts[0])
        category = String(words[1])
    }
}
