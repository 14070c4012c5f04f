import Foundation
import PoseEngine
import PoseParity

/// One config's comparison.
struct ParityRow {
    let config: String
    let engine: NetworkEngine
    var zoo: ZooComparison?
    var prediction: PredictionComparison?
    var failure: String?

    init(config: String, engine: NetworkEngine) {
        self.config = config
        self.engine = engine
    }

    /// Keys equal, outputs within 2e-3 of the mean magnitude (2e-2 on OpenVINO), predictions as MMPose's.
    var agrees: Bool {
        guard failure == nil, let zoo else { return false }
        return zoo.keysAgree && zoo.worstDeviation <= (engine == .torch ? 2e-3 : 2e-2) && prediction?.agrees ?? true
    }

    var keys: String { zoo.map { $0.keysAgree ? "equal" : "differ" } ?? "–" }
    var forward: String { zoo.map { String(format: "%.0e", $0.worstDeviation) } ?? "–" }
    var predict: String {
        prediction.map { "\($0.within)/\($0.total), \(String(format: "%.0e", $0.worstScore))" } ?? "–"
    }
    var line: String { "\(agrees ? "ok  " : "DIFF")  \(keys)  \(forward)  \(predict)  \(config)  \(failure ?? "")" }
}

/// `docs/zoo.md`
struct ParityTable {
    let text: String

    init(_ rows: [ParityRow]) {
        let header = """
            # The zoo

            Configs of MMPose 1.3.2 with weights by formula, compared with the real MMPose 1.3.2; `make parity` makes this
            page. **Keys**: state-dict keys, shapes, types and order. **Forward**: largest deviation of the head's outputs
            over their mean magnitude. **Predict**: keypoints within 0.1 pixels of MMPose's on a photo, of all, and the
            largest deviation of a score.

            \(rows.filter(\.agrees).count) of \(rows.count) configs agree.

            | config | keys | forward | predict |
            |---|---|---|---|

            """
        text = header + rows.map { "| \($0.config) | \($0.keys) | \($0.forward) | \($0.predict) |\n" }.joined()
    }
}
