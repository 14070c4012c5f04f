import PyConfig

/// Normalised mean error: the mean distance as part of the instance's size, which is a number of the annotation or the
/// distance of two annotated key points.
public struct NME: Metric {
    public let type = "NME"
    let size: Size
    let prefix: String?

    enum Size: Sendable {
        case item(String)
        case between(Int, Int)
    }

    /// The outer corners of the eyes (of a horse: nose and eye).
    private static let eyes = [
        "horse10": (0, 1), "300w": (36, 45), "coco_wholebody_face": (36, 45), "cofw": (8, 9), "wflw": (60, 72),
        "lapa": (66, 79),
    ]

    /// - Parameter dataset: the dataset's name, whose usual pair of key points is taken when none is given.
    init(_ arguments: Arguments, dataset: String) throws {
        prefix = try arguments.metricPrefix()
        let mode = try arguments.string("norm_mode")
        let item = try arguments.optionalString("norm_item")
        let indices = try arguments.optionalInts("keypoint_indices")
        func invalid(_ name: String, _ reason: String) -> ConfigError {
            .invalidArgument(path: "\(arguments.path).\(name)", reason: reason)
        }
        switch mode {
        case "use_norm_item":
            guard let item, !item.isEmpty else { throw invalid("norm_item", "norm_mode 'use_norm_item' needs it") }
            size = .item(item)
        case "keypoint_distance":
            if let indices {
                guard indices.count == 2 else { throw invalid("keypoint_indices", "is a pair of keypoints") }
                size = .between(indices[0], indices[1])
            } else if let pair = Self.eyes[dataset] {
                size = .between(pair.0, pair.1)
            } else {
                throw invalid("keypoint_indices", "must be given: the dataset '\(dataset)' has no usual pair")
            }
        default:
            throw invalid("norm_mode", "is 'use_norm_item' or 'keypoint_distance', not '\(mode)'")
        }
    }

    public func report(_ samples: [EvaluatedSample]) throws -> MetricReport {
        let distances = try KeypointDistances(samples, metric: type) { sample in
            switch size {
            case .item("bbox_size"): return try sample.boxSize(metric: type)
            case .item(let name):
                guard let value = sample.sizes[name] else {
                    throw MetricError.missing(metric: type, what: "the dataset's \(name) (norm_item)")
                }
                return value
            case .between(let first, let second):
                var size = 0.0
                try sample.forEachInstance { _, annotated, _ in
                    guard annotated.indices.contains(first), annotated.indices.contains(second) else {
                        throw MetricError.missing(metric: type, what: "keypoints \(first) and \(second)")
                    }
                    size = distance(annotated[first], annotated[second])
                }
                return size
            }
        }
        return MetricReport(type, values: [.init("NME", distances.mean)]).prefixed(prefix)
    }
}
