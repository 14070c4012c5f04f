import PoseCore
import PoseRuntime
import Synchronization

/// The built-in detector, whose weights are only needed, and only looked for, when the first image has no boxes.
final class LazyDetector: Sendable {
    private let thresholds: DetectionThresholds
    private let locations: ModelLocations
    private let detector = Mutex<BlazePose?>(nil)

    init(_ thresholds: DetectionThresholds, _ locations: ModelLocations) {
        self.thresholds = thresholds
        self.locations = locations
    }

    func people(in image: Image) throws -> [DetectedPerson] {
        let found = try loaded().detectPeople(in: image)
        // The detector has applied the threshold to its own score already.
        var thresholds = thresholds
        thresholds.score = 0
        return thresholds.apply(to: found, box: \.box, score: \.score)
    }

    private func loaded() throws -> BlazePose {
        try detector.withLock { slot in
            if let detector = slot { return detector }
            let detector = try BlazePose(
                locations: locations, options: .init(detectionThreshold: thresholds.score))
            slot = detector
            return detector
        }
    }
}
