import PyConfig

/// How an instance's score, by which results are ranked, follows from its box's and its keypoints' (`score_mode`).
struct InstanceScore: Sendable {
    enum Mode: String, CaseIterable, Sendable {
        /// The box's.
        case box = "bbox"
        /// The box's times the mean of the keypoints' that exceed a threshold.
        case boxKeypoint = "bbox_keypoint"
        /// The box's plus mean and maximum of the keypoints'.
        case likelihood = "bbox_rle"
        /// The mean of the keypoints'.
        case keypoint
    }

    let mode: Mode
    let threshold: Double

    init(_ arguments: Arguments) throws {
        let name = try arguments.string("score_mode", default: Mode.boxKeypoint.rawValue)
        guard let mode = Mode(rawValue: name) else {
            let known = Mode.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw arguments.invalid("score_mode", "is one of \(known), not '\(name)'")
        }
        self.mode = mode
        threshold = try arguments.double("keypoint_score_thr", default: 0.2)
    }

    func callAsFunction(box: Double, keypoints: ArraySlice<Double>) -> Double {
        func mean(_ values: some Collection<Double>) -> Double { values.mean ?? 0 }
        switch mode {
        case .box: return box
        case .keypoint: return mean(keypoints)
        case .likelihood: return box + mean(keypoints) + (keypoints.max() ?? 0)
        case .boxKeypoint: return box * mean(keypoints.filter { $0 > threshold })
        }
    }

    /// For the report.
    var text: String {
        switch mode {
        case .box: "bbox: the box's"
        case .keypoint: "keypoint: mean of the keypoints'"
        case .likelihood: "bbox_rle: the box's + mean + maximum of the keypoints'"
        case .boxKeypoint: "bbox_keypoint: the box's × mean of the keypoints' above \(threshold)"
        }
    }
}
