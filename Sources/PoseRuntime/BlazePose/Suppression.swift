import Foundation
import PoseCore

/// Leaves one detection of every person.
enum Suppression {
    /// Weighted non-maximum suppression, as MediaPipe has it: detections whose head boxes overlap the best one's by more
    /// than `overlap` become one, at the mean of all, weighted by score; its score is the best one's.
    static func merge(_ detections: [PersonDetection], overlap: Double = 0.3) -> [PersonDetection] {
        var rest = detections.sorted { $0.score > $1.score }
        var merged: [PersonDetection] = []
        while let best = rest.first {
            var others: [PersonDetection] = []
            // The best one belongs to its own group even if its box has no area.
            var group = [best]
            for detection in rest.dropFirst() {
                if detection.head.iou(best.head) > overlap {
                    group.append(detection)
                } else {
                    others.append(detection)
                }
            }
            merged.append(mean(group))
            rest = others
        }
        return merged
    }

    private static func mean(_ group: [PersonDetection]) -> PersonDetection {
        let total = group.reduce(0) { $0 + $1.score }
        guard group.count > 1, total > 0 else { return group[0] }
        func mean(_ value: (PersonDetection) -> SIMD2<Double>) -> SIMD2<Double> {
            group.reduce(SIMD2<Double>()) { $0 + value($1) * $1.score } / total
        }
        let low = mean { SIMD2($0.head.x1, $0.head.y1) }
        let high = mean { SIMD2($0.head.x2, $0.head.y2) }
        return PersonDetection(
            score: group[0].score, head: Box(x1: low.x, y1: low.y, x2: high.x, y2: high.y),
            points: group[0].points.indices.map { index in mean { $0.points[index] } })
    }

    /// The same person is often found at several scales. Of people whose poses are alike (object keypoint similarity
    /// above `similarity`) or who share a head, the one with the best score stays.
    static func distinct(_ people: [BlazePosePerson], similarity: Double = 0.5) -> [BlazePosePerson] {
        var kept: [BlazePosePerson] = []
        for person in people.sorted(by: { $0.score > $1.score }) {
            let isNew = kept.allSatisfy {
                poseSimilarity($0.coco17.points, person.coco17.points) <= similarity && !haveSameHead($0, person)
            }
            if isNew { kept.append(person) }
        }
        return kept
    }

    /// Two people's heads are never in one place, whatever their bodies seem to do. A tile that shows only the upper half
    /// of someone gives a wrong body with the right head.
    static func haveSameHead(_ a: BlazePosePerson, _ b: BlazePosePerson) -> Bool {
        let faces = [a, b].map { $0.landmarks.prefix(11).map(\.position) }
        guard let boxA = Box(around: faces[0]), let boxB = Box(around: faces[1]) else { return false }
        let extent = max((boxA.size * boxA.size).sum(), (boxB.size * boxB.size).sum()).squareRoot()
        let centers = faces.map { $0.reduce(SIMD2<Double>(), +) / Double($0.count) }
        let difference = centers[0] - centers[1]
        return (difference * difference).sum().squareRoot() < extent / 2
    }

    /// COCO's object keypoint similarity of two poses of 17 points, at the scale of the larger one.
    static func poseSimilarity(_ a: [SIMD2<Double>], _ b: [SIMD2<Double>]) -> Double {
        guard let boxA = Box(around: a), let boxB = Box(around: b), a.count == b.count, a.count == cocoSigmas.count
        else { return 0 }
        // COCO measures scale by the person's area, which is about half of the box.
        let area = max(boxA.area, boxB.area) * 0.53 + 1
        let similarities = a.indices.map { index in
            let difference = a[index] - b[index]
            let spread = 2 * cocoSigmas[index]
            return exp(-(difference * difference).sum() / (2 * area * spread * spread))
        }
        return similarities.reduce(0, +) / Double(similarities.count)
    }

    /// How much annotators disagree about each of COCO's 17 keypoints, relative to the person's size.
    static let cocoSigmas = [
        0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089,
        0.089,
    ]
}
