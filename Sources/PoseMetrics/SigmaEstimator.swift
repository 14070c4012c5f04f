/// Sigmas of own key points from the same instances annotated several times.
///
/// After COCO (https://cocodataset.org/#keypoints-eval): σ² of a key point is the mean of d²/s², `d` the distance of an
/// annotation from where the instance's key point is and `s²` the instance's area. Where that is, is taken to be the mean
/// of its annotations, which are therefore counted one less than there are.
public struct SigmaEstimator: Sendable {
    private var squares: [Double]
    private var freedom: [Double]

    /// - Parameter keypoints: how many key points an instance has.
    public init(keypoints: Int) {
        squares = Array(repeating: 0, count: max(keypoints, 0))
        freedom = squares
    }

    /// Takes one instance, annotated by several people or several times.
    ///
    /// - Parameters:
    ///   - annotations: for every time the instance was annotated the place of each key point, nil where there is none.
    ///   - area: of the instance in square pixels.
    /// - Throws: `MetricError` for another number of key points or an area that is not above zero.
    public mutating func add(_ annotations: [[SIMD2<Double>?]], area: Double) throws {
        if let other = annotations.first(where: { $0.count != squares.count }) {
            throw MetricError.keypointCount(of: "an annotation", found: other.count, expected: squares.count)
        }
        guard area > 0, area.isFinite else { throw MetricError.invalid("an area of \(area) is not above zero") }
        for point in squares.indices {
            let places = annotations.compactMap { $0[point] }
            guard places.count > 1 else { continue }
            let center = places.reduce(.zero, +) / Double(places.count)
            squares[point] += places.reduce(0) { sum, place in
                let offset = place - center
                return sum + (offset.x * offset.x + offset.y * offset.y) / area
            }
            freedom[point] += Double(places.count - 1)
        }
    }

    /// The sigmas so far; nil for key points that no instance had twice.
    public var sigmas: [Double?] {
        zip(squares, freedom).map { $1 > 0 ? ($0 / $1).squareRoot() : nil }
    }
}
