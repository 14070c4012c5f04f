import PoseCore

/// What PCK divides distances by.
public enum NormalizationItem: String, CaseIterable, Sendable {
    /// The longer side of the box.
    case bbox
    /// The size of the head, which MPII annotates.
    case head
    /// The distance between key points 4 and 5, the predicted one where the annotated is below a pixel.
    case torso

    /// What the metric's name becomes.
    var name: String {
        switch self {
        case .bbox: "PCK"
        case .head: "PCKh"
        case .torso: "tPCK"
        }
    }

    func size(of sample: EvaluatedSample, metric: String) throws -> Double {
        switch self {
        case .bbox: return try sample.boxSize(metric: metric)
        case .head:
            guard let size = sample.sizes["head_size"] else {
                throw MetricError.missing(metric: metric, what: "the dataset's head_size (norm_item='head')")
            }
            return size
        case .torso:
            var size = 0.0
            try sample.forEachInstance { predicted, annotated, _ in
                guard annotated.count > 5 else {
                    throw MetricError.missing(metric: metric, what: "more than 5 keypoints (norm_item='torso')")
                }
                let torso = distance(annotated[4], annotated[5])
                size = torso < 1 ? distance(predicted[4], predicted[5]) : torso
            }
            return size
        }
    }
}

extension EvaluatedSample {
    /// The longer side of the first instance's box.
    func boxSize(metric: String) throws -> Double {
        guard let box = boxes?.elements, box.count >= 4 else {
            throw MetricError.missing(metric: metric, what: "the annotations' boxes")
        }
        return max(box[2] - box[0], box[3] - box[1])
    }
}

/// Euclidean.
func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}
