/// Joints found and missed, frame by frame, and what follows: the area under each joint's precision over recall.
struct PoseTrackPrecision {
    /// Part of a head's size that a joint may be away.
    private static let reach = 0.5

    private let count = PoseTrackJoints.evaluated.count
    /// By joint.
    private var scores: [[Double]]
    private var isRight: [[Bool]]
    private var annotated: [Int]

    init() {
        scores = Array(repeating: [], count: count)
        isRight = Array(repeating: [], count: count)
        annotated = Array(repeating: 0, count: count)
    }

    /// Takes a frame with at least one annotated person.
    ///
    /// - Throws: `MetricError.missing` when a head's size is needed and not annotated.
    mutating func add(_ frame: PoseTrackVideo.Frame, _ predictions: [PoseTrackPose]) throws {
        let truth = Self.counting(frame.people, outside: frame.ignored)
        let found = Self.counting(predictions, outside: frame.ignored)
        for pose in truth {
            for joint in 0..<count where pose.points[joint] != nil { annotated[joint] += 1 }
        }
        let close = try found.map { prediction in
            try truth.map { try closeJoints(prediction, $0, frame) }
        }
        let owners = Self.owners(close, truth)
        for (index, prediction) in found.enumerated() {
            for joint in 0..<count where prediction.points[joint] != nil {
                scores[joint].append(prediction.scores[joint])
                isRight[joint].append(owners[index].map { close[index][$0][joint] } ?? false)
            }
        }
    }

    /// Poses without the joints in regions where nothing counts, as far as something is left of them.
    private static func counting(_ poses: [PoseTrackPose], outside regions: [[SIMD2<Double>]]) -> [PoseTrackPose] {
        guard !regions.isEmpty else { return poses }
        return poses.compactMap { pose in
            var result = pose
            result.points = pose.points.map { point in
                point.flatMap { point in regions.contains { contains($0, point) } ? nil : point }
            }
            return result.points.contains { $0 != nil } ? result : nil
        }
    }

    /// Whether a point is inside of an outline.
    private static func contains(_ outline: [SIMD2<Double>], _ point: SIMD2<Double>) -> Bool {
        var isInside = false
        var previous = outline.last ?? .zero
        for corner in outline {
            if (corner.y > point.y) != (previous.y > point.y),
                point.x < (previous.x - corner.x) * (point.y - corner.y) / (previous.y - corner.y) + corner.x
            {
                isInside.toggle()
            }
            previous = corner
        }
        return isInside
    }

    private func closeJoints(
        _ prediction: PoseTrackPose, _ truth: PoseTrackPose, _ frame: PoseTrackVideo.Frame
    ) throws -> [Bool] {
        guard let head = truth.headSize else {
            throw MetricError.missing(
                metric: "PoseTrack18Metric", what: "bbox_head of everybody in image \(frame.image) (\(frame.file))")
        }
        return zip(prediction.points, truth.points).map { found, wanted in
            guard let found, let wanted else { return false }
            let offset = found - wanted
            return (offset * offset).sum().squareRoot() / head <= Self.reach
        }
    }

    /// The annotated pose that each prediction is of, if any: the one it has the most joints of, unless another prediction
    /// has more.
    private static func owners(_ close: [[[Bool]]], _ truth: [PoseTrackPose]) -> [Int?] {
        var owners = [Int?](repeating: nil, count: close.count)
        guard !truth.isEmpty else { return owners }
        let totals = truth.map { pose in pose.points.count { $0 != nil } }
        var best = [(part: Double, prediction: Int)?](repeating: nil, count: truth.count)
        for (prediction, row) in close.enumerated() {
            let parts = row.indices.map { index in
                let joints = Double(row[index].count { $0 })
                return totals[index] > 0 ? joints / Double(totals[index]) : joints
            }
            guard let part = parts.max(), part > 0, let owner = parts.firstIndex(of: part) else { continue }
            if let other = best[owner], other.part >= part { continue }
            best[owner] = (part, prediction)
        }
        for (owner, match) in best.enumerated() {
            if let match { owners[match.prediction] = owner }
        }
        return owners
    }

    // MARK: numbers

    /// In percent: groups of joints, then the mean of all joints.
    var summary: [MetricReport.Value] {
        let precision = (0..<count).map(averagePrecision)
        let places = PoseTrackJoints.evaluated
        var values = PoseTrackJoints.groups.map { name, joints in
            let own = joints.compactMap { places.firstIndex(of: $0) }.map { precision[$0] }
            let mean = own.mean ?? .nan
            return MetricReport.Value(name, mean, remark: mean.isNaN ? "a joint of this kind is never annotated" : nil)
        }
        let known = precision.filter { !$0.isNaN }
        values.append(
            .init("AP", known.mean ?? .nan, remark: known.isEmpty ? "no joint is annotated" : nil))
        return values
    }

    /// Not a number for a joint that is predicted but never annotated.
    private func averagePrecision(_ joint: Int) -> Double {
        guard !scores[joint].isEmpty else { return 0 }
        guard annotated[joint] > 0 else { return .nan }
        // Of equals the later one first, as an ascending order read backwards has it.
        let order = scores[joint].indices.sorted {
            (scores[joint][$0], $0) > (scores[joint][$1], $1)
        }
        var hits = 0.0
        var curve: [(recall: Double, precision: Double)] = [(0, 0)]
        for (rank, index) in order.enumerated() {
            if isRight[joint][index] { hits += 1 }
            curve.append((hits / Double(annotated[joint]), hits / Double(rank + 1)))
        }
        curve.append((1, 0))
        for index in curve.indices.dropLast().reversed() {
            curve[index].precision = max(curve[index].precision, curve[index + 1].precision)
        }
        let area = zip(curve, curve.dropFirst()).reduce(0.0) { sum, pair in
            sum + (pair.1.recall - pair.0.recall) * pair.1.precision
        }
        return 100 * area
    }
}
