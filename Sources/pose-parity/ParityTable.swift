import Foundation
import PoseEngine
import PoseParity

/// One config's comparison.
struct ParityRow {
    let config: String
    let engine: NetworkEngine
    var zoo: ZooComparison?
    var prediction: PredictionComparison?
    var training: TrainingComparison?
    var failure: String?

    init(config: String, engine: NetworkEngine) {
        self.config = config
        self.engine = engine
    }

    /// Keys equal, outputs within 2e-3 of the mean magnitude (2e-2 on OpenVINO), predictions and losses as MMPose's.
    var agrees: Bool {
        guard failure == nil, let zoo else { return false }
        return zoo.keysAgree && zoo.worstDeviation ?? 0 <= (engine == .torch ? 2e-3 : 2e-2)
            && prediction?.agrees ?? true && training?.losses.worst ?? 0 <= 1e-4
    }

    var keys: String { zoo.map { $0.keysAgree ? "equal" : "differ" } ?? "–" }
    var forward: String { Self.text(zoo?.worstDeviation) }
    var loss: String { Self.text(training?.losses.worst) }
    var predict: String {
        prediction.map { "\($0.within)/\($0.total), \(String(format: "%.0e", $0.worstScore))" } ?? "–"
    }
    var line: String {
        "\(agrees ? "ok  " : "DIFF")  \(keys)  \(forward)  \(predict)  \(loss)  \(config)  \(failure ?? "")"
    }

    private static func text(_ deviation: Double?) -> String { deviation.map { String(format: "%.0e", $0) } ?? "–" }
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
            largest deviation of a score. **Loss**: largest relative deviation of a loss on real images, where there is a
            record of one. A dash: MMPose computes none, or there is no record.

            \(rows.filter(\.agrees).count) of \(rows.count) configs agree.

            | config | keys | forward | predict | loss |
            |---|---|---|---|---|

            """
        text = header + rows.map(Self.line).joined()
    }
    private static func line(_ row: ParityRow) -> String {
        "| \(row.config) | \(row.keys) | \(row.forward) | \(row.predict) | \(row.loss) |\n"
    }
}
