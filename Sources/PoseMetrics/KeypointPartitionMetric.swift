import PoseCore
import PyConfig

/// Another metric for parts of the keypoints, each by itself: `partitions=dict(body=[0, 1, …], foot=[…])`.
struct KeypointPartitionMetric: Metric {
    let type = "KeypointPartitionMetric"
    let parts: [(name: String, keypoints: [Int], metric: any Metric)]

    /// What may be measured by parts; other metrics have parts of their own.
    private static let supported = ["AUC", "CocoMetric", "EPE", "NME", "PCKAccuracy"]

    init(_ arguments: Arguments, dataset: EvaluatedDataset) throws {
        let metric = try arguments.requiredChild("metric")
        let inner = Metrics.name(try metric.type())
        guard Self.supported.contains(inner) else {
            throw metric.invalid(
                "type", "'\(inner)' cannot be measured by parts, only \(Self.supported.joined(separator: ", "))")
        }
        if inner == "NME", try metric.string("norm_mode") == "keypoint_distance" {
            throw metric.invalid("norm_mode", "'keypoint_distance' needs keypoints that a part may not have")
        }
        let partitions = try arguments.requiredChild("partitions")
        let names = partitions.all.names
        guard !names.isEmpty else { throw arguments.invalid("partitions", "is empty") }
        parts = try names.map { name in
            let keypoints = try partitions.ints(name)
            guard !keypoints.isEmpty, keypoints.allSatisfy({ $0 >= 0 }) else {
                throw partitions.invalid(name, "is a list of keypoints, at least one")
            }
            if let wrong = keypoints.first(where: { $0 >= dataset.keypointCount }), dataset.keypointCount > 0 {
                throw partitions.invalid(name, "names keypoint \(wrong) of \(dataset.keypointCount)")
            }
            var dictionary = metric.all
            if let prefix = dictionary["outfile_prefix"]?.stringValue {
                dictionary["outfile_prefix"] = .string("\(prefix).\(name)")
            }
            return (
                name, keypoints,
                try Metrics.make(Arguments(dictionary, at: metric.path), dataset: dataset.selecting(keypoints))
            )
        }
    }

    func check(_ sample: EvaluatedSample, predicted: Int) throws {
        for part in parts {
            if let wrong = part.keypoints.first(where: { $0 >= predicted }) {
                throw MetricError.invalid("the partition '\(part.name)' has keypoint \(wrong), the model \(predicted)")
            }
            try part.metric.check(sample.selecting(part.keypoints), predicted: part.keypoints.count)
        }
    }

    func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        var report = MetricReport(type, values: [])
        for part in parts {
            let own = try part.metric.report(samples.map { try $0.selecting(part.keypoints) })
            let named = own.prefixed(part.name)
            report.values += named.values
            report.details += named.details
            report.facts += own.facts.map { .init("\(part.name): \($0.name)", $0.text) }
        }
        return report
    }
}

extension EvaluatedSample {
    /// The same with some of the keypoints.
    ///
    /// - Throws: `MetricError.invalid` when one does not exist.
    func selecting(_ keypoints: [Int]) throws -> EvaluatedSample {
        var result = self
        result.predicted = try predicted.selecting(keypoints)
        result.scores = try scores?.selecting(keypoints)
        result.annotated = try annotated.selecting(keypoints)
        result.visible = try visible.selecting(keypoints)
        return result
    }
}

extension RealArray {
    /// Some indices of the second dimension.
    fileprivate func selecting(_ keypoints: [Int]) throws -> RealArray {
        guard rank > 1, let last = keypoints.max(), last < shape[1] else {
            throw MetricError.invalid("keypoints \(keypoints) of an array of shape \(shape)")
        }
        let width = shape.dropFirst(2).reduce(1, *)
        var values: [Double] = []
        for row in 0..<shape[0] {
            for keypoint in keypoints {
                let start = (row * shape[1] + keypoint) * width
                values += elements[start..<start + width]
            }
        }
        return try RealArray(
            values, shape: [shape[0], keypoints.count] + shape.dropFirst(2), precision: precision)
    }
}
