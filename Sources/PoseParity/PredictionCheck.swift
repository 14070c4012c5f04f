public import PoseCore
public import PoseEngine
import PoseModels
import PoseRuntime

/// How predictions compare with MMPose's.
public struct PredictionComparison: Sendable {
    public let config: String
    /// Keypoints within 0.1 pixels, of all.
    public let within: Int
    public let total: Int
    /// The largest difference of a score, relative where scores exceed 1.
    public let worstScore: Double

    /// 97 % of the keypoints within 0.1 pixels, scores within 2e-3.
    public var agrees: Bool { Double(within) >= 0.97 * Double(total) && worstScore <= 2e-3 }
}

/// Compares predictions with formula weights with those of the real MMPose.
public enum PredictionCheck {
    /// Runs the pipeline of a record's config on `photo` and compares.
    ///
    /// - Throws: whatever building, loading and running throw.
    public static func compare(
        _ record: PredictionRecord, photo: Image, locations: ConfigLocations
    ) throws -> PredictionComparison {
        let people = try self.people(record, photo: photo, locations: locations)
        var within = 0
        var total = 0
        var worstScore = people.count == record.people_total ?? record.people.count ? 0 : Double.infinity
        for (person, expected) in zip(people, record.people) {
            let pairs = zip(
                zip(person.keypoints.points, person.keypoints.scores), zip(expected.keypoints, expected.scores))
            total += expected.keypoints.count
            for ((point, score), (expectedPoint, expectedScore)) in pairs {
                if isClose(point.x, expectedPoint[0]), isClose(point.y, expectedPoint[1]) { within += 1 }
                worstScore = max(worstScore, abs(score - expectedScore) / max(1, abs(expectedScore)))
            }
        }
        return PredictionComparison(config: record.config, within: within, total: total, worstScore: worstScore)
    }

    private static func people(
        _ record: PredictionRecord, photo: Image, locations: ConfigLocations
    ) throws -> [Person] {
        let loaded = try ZooCheck.formulaModel(record.config, locations: locations)
        if loaded.estimator is BottomupPoseEstimator { return try BottomupModel(loaded).people(in: photo) }
        let detections = record.boxes.compactMap(Box.init(xyxy:)).map { DetectedPerson(box: $0, score: 1) }
        return try TopdownModel(loaded).people(in: photo, at: detections)
    }

    /// Within a tenth of a pixel, or a millionth of a coordinate far outside; what is no number is like the same.
    private static func isClose(_ value: Double, _ expected: Double?) -> Bool {
        guard let expected else { return !value.isFinite }
        return abs(value - expected) <= max(0.1, abs(expected) * 1e-6)
    }
}
