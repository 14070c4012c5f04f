import Foundation
import PoseEngine
import PoseParity

/// One config's comparison.
struct ParityRow {
    let config: String
    let engine: NetworkEngine
    var zoo: ZooComparison?
    var prediction: PredictionComparison?
    var loss: LossComparison?
    var failure: String?

    init(config: String, engine: NetworkEngine) {
        self.config = config
        self.engine = engine
    }

    /// Keys equal, outputs within 2e-3 of the mean magnitude (2e-2 on OpenVINO), predictions and losses as MMPose's.
    var agrees: Bool {
        guard failure == nil, let zoo else { return false }
        return zoo.keysAgree && zoo.worstDeviation ?? 0 <= (engine == .torch ? 2e-3 : 2e-2)
            && prediction?.agrees ?? true && loss?.agrees ?? true
    }

    var keys: String { zoo.map { $0.keysAgree ? "equal" : "differ" } ?? "–" }
    var forward: String { Self.text(zoo?.worstDeviation) }
    var losses: String {
        loss.map { "\(Self.text($0.losses.worst)), \(Self.text($0.gradient.worst))" } ?? "–"
    }
    var predict: String {
        prediction.map { "\($0.within)/\($0.total), \(String(format: "%.0e", $0.worstScore))" } ?? "–"
    }
    var line: String {
        "\(agrees ? "ok  " : "DIFF")  \(keys)  \(forward)  \(predict)  \(losses)  \(config)  \(failure ?? "")"
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
            largest deviation of a score. **Loss**: largest relative deviation of a loss or measure in training, and that of
            the norm of all gradients. A dash: there is no record, mostly because MMPose computes none.

            \(rows.filter(\.agrees).count) of \(rows.count) configs agree.

            | config | keys | forward | predict | loss |
            |---|---|---|---|---|

            """
        text = header + rows.map(Self.line).joined()
    }
    private static func line(_ row: ParityRow) -> String {
        "| \(row.config) | \(row.keys) | \(row.forward) | \(row.predict) | \(row.losses) |\n"
    }
}
