import Foundation

/// Non-maximum suppression: of detections that mean the same person, the best stays.
///
/// All functions give the indices of what stays, best first. Of equal scores the later detection counts as better, as where
/// MMPose reads an ascending order backwards.
public enum Suppression {
    /// Drops boxes that overlap a better one by more than `threshold` (intersection over union). As in detectors of old,
    /// a box from pixel to pixel contains both: widths and heights are one more than the difference.
    public static func boxes(_ boxes: [Box], scores: [Double], threshold: Double) -> [Int] {
        func area(_ box: Box) -> Double { (box.width + 1) * (box.height + 1) }
        return greedy(descending(scores.prefix(boxes.count))) { best, other in
            let (first, second) = (boxes[best], boxes[other])
            let width = max(0, min(first.x2, second.x2) - max(first.x1, second.x1) + 1)
            let height = max(0, min(first.y2, second.y2) - max(first.y1, second.y1) + 1)
            let shared = width * height
            return shared / (area(first) + area(second) - shared) <= threshold
        }
    }

    /// Drops poses whose similarity with a better one exceeds `threshold` (OKS-NMS).
    public static func poses(_ poses: [ScoredPose], threshold: Double, similarity: KeypointSimilarity) -> [Int] {
        greedy(descending(poses.map(\.score))) { similarity(poses[$0], poses[$1]) <= threshold }
    }

    /// Takes the best pose again and again, each time lowering the scores of the others by a Gaussian of their similarity
    /// with it (soft OKS-NMS; Bodla et al. 2017).
    ///
    /// - Parameters:
    ///   - threshold: the variance of that Gaussian.
    ///   - limit: how many poses stay at most.
    public static func softPoses(
        _ poses: [ScoredPose], threshold: Double, similarity: KeypointSimilarity, limit: Int = 20
    ) -> [Int] {
        var order = descending(poses.map(\.score))
        var scores = order.map { poses[$0].score }
        var kept: [Int] = []
        while let best = order.first, kept.count < limit {
            kept.append(best)
            let rest = Array(order.dropFirst())
            let lowered = zip(rest, scores.dropFirst()).map { other, score in
                let overlap = similarity(poses[best], poses[other])
                return score * exp(-overlap * overlap / threshold)
            }
            let next = descending(lowered)
            order = next.map { rest[$0] }
            scores = next.map { lowered[$0] }
        }
        return kept
    }

    /// Drops poses of which more than some keypoints are close to those of a better one (Geng et al. 2021).
    ///
    /// - Parameters:
    ///   - poses: the points of each, as many in all.
    ///   - distance: closer than this part of the diagonal around a pose is close.
    ///   - keypoints: how many must be exceeded; half of them when nil.
    ///   - limit: how many poses stay at most; all when 0 or less.
    public static func nearbyKeypoints(
        _ poses: [[SIMD2<Double>]], scores: [Double], distance: Double, keypoints: Int? = nil, limit: Int = 30
    ) -> [Int] {
        let needed = keypoints ?? (poses.first?.count ?? 0) / 2
        let reach = poses.map { points in distance * (Box(around: points)?.size.length ?? 0) }
        func isClose(_ pose: Int, _ other: Int) -> Bool {
            zip(poses[pose], poses[other]).filter { ($0 - $1).length < reach[pose] }.count > needed
        }
        var dropped: Set<Int> = []
        var kept: [Int] = []
        for index in descending(scores.prefix(poses.count)) where !dropped.contains(index) {
            // A pose without extent is close to nothing, not even to itself.
            let cluster = Set(poses.indices.filter { isClose(index, $0) }).union([index])
            guard let best = cluster.min(by: { (scores[$1], $0) < (scores[$0], $1) }), !dropped.contains(best) else {
                continue
            }
            kept.append(best)
            dropped.formUnion(cluster)
        }
        guard limit > 0, kept.count > limit else { return kept }
        return descending(kept.map { scores[$0] }).prefix(limit).map { kept[$0] }
    }

    /// Keeps the first of `order`, then each that may stay beside all that are kept.
    private static func greedy(_ order: [Int], mayStay: (_ best: Int, _ other: Int) -> Bool) -> [Int] {
        var rest = order[...]
        var kept: [Int] = []
        while let best = rest.popFirst() {
            kept.append(best)
            rest = rest.filter { mayStay(best, $0) }[...]
        }
        return kept
    }

    /// Positions by falling value; numbers that are none come first, as NumPy sorts them last and is read backwards.
    private static func descending(_ values: some Sequence<Double>) -> [Int] {
        values.enumerated().sorted { first, second in
            if first.element == second.element || (first.element.isNaN && second.element.isNaN) {
                return first.offset > second.offset
            }
            return first.element.isNaN || first.element > second.element
        }.map(\.offset)
    }
}

extension SIMD2<Double> {
    /// Euclidean.
    var length: Double { (x * x + y * y).squareRoot() }
}
