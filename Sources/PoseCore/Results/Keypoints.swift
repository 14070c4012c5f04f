/// The keypoints of one instance: where each is, and how much it is to be believed.
///
/// Points are in pixels of the image they were found in, unless the maker says otherwise; `depths` is empty for 2D poses.
public struct Keypoints: Hashable, Sendable {
    public var points: [SIMD2<Double>]
    /// Third coordinate of every point, or empty.
    public var depths: [Double]
    /// What the model gives for every point. Ranges differ between codecs.
    public var scores: [Double]

    public init(points: [SIMD2<Double>], depths: [Double] = [], scores: [Double]) {
        self.points = points
        self.depths = depths
        self.scores = scores
    }

    /// The same points with one score for all.
    public init(points: [SIMD2<Double>], score: Double = 1) {
        self.init(points: points, scores: Array(repeating: score, count: points.count))
    }

    /// From points of two or three numbers.
    ///
    /// - Throws: `KeypointsError` when points have another or different numbers of coordinates, or scores are not as many.
    public init(coordinates: [[Double]], scores: [Double]) throws {
        guard scores.count == coordinates.count else {
            throw KeypointsError.scores(scores.count, points: coordinates.count)
        }
        let dimensions = coordinates.first?.count ?? 2
        guard dimensions == 2 || dimensions == 3, coordinates.allSatisfy({ $0.count == dimensions }) else {
            throw KeypointsError.coordinates
        }
        self.init(
            points: coordinates.map { SIMD2($0[0], $0[1]) }, depths: dimensions == 3 ? coordinates.map { $0[2] } : [],
            scores: scores)
    }

    public var count: Int { points.count }
    public var is3D: Bool { !depths.isEmpty }
    /// Points of two or three numbers.
    public var coordinates: [[Double]] {
        is3D ? zip(points, depths).map { [$0.x, $0.y, $1] } : points.map { [$0.x, $0.y] }
    }
    /// Mean of the scores; zero without points.
    public var meanScore: Double { scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count) }

    /// Points moved by a map of the image.
    public func applying(_ transform: AffineMap) -> Keypoints {
        var result = self
        result.points = transform.apply(points)
        return result
    }
}

/// Keypoints that do not fit together.
public enum KeypointsError: Error, Hashable, Sendable, CustomStringConvertible {
    case scores(Int, points: Int)
    case coordinates

    public var description: String {
        switch self {
        case .scores(let scores, let points): "\(scores) scores for \(points) points"
        case .coordinates: "every point must have two, or every point three coordinates"
        }
    }
}
