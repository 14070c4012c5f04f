import PoseCore
import PyConfig

/// Which of the poses in one image are results (`nms_mode`, `nms_thr`).
struct PoseSuppression: Sendable {
    enum Mode: String, CaseIterable, Sendable {
        case hard = "oks_nms"
        case soft = "soft_oks_nms"
        case none
    }

    let mode: Mode
    let threshold: Double

    init(_ arguments: Arguments) throws {
        let name = try arguments.string("nms_mode", default: Mode.hard.rawValue)
        guard let mode = Mode(rawValue: name) else {
            let known = Mode.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw arguments.invalid("nms_mode", "is one of \(known), not '\(name)'")
        }
        self.mode = mode
        threshold = try arguments.double("nms_thr", default: 0.9)
    }

    /// Positions of the poses that stay, best first; all in their order without suppression.
    func callAsFunction(_ poses: [ScoredPose], sigmas: [Double]) -> [Int] {
        let similarity = KeypointSimilarity(sigmas: sigmas)
        switch mode {
        case .hard: return Suppression.poses(poses, threshold: threshold, similarity: similarity)
        case .soft: return Suppression.softPoses(poses, threshold: threshold, similarity: similarity)
        case .none: return Array(poses.indices)
        }
    }

    /// For the report.
    var text: String { mode == .none ? "no suppression" : "\(mode.rawValue) at \(threshold)" }
}
