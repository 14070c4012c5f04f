import PoseCore

/// Distances of predicted from annotated key points in units of an instance's size, by instance and key point; nil where a
/// key point does not count.
///
/// Rounded where NumPy rounds in MMPose's functions, so that a distance right at a threshold falls on the same side.
struct KeypointDistances {
    private(set) var rows: [[Float?]] = []

    /// - Parameters:
    ///   - offset: added to predictions.
    ///   - size: what a sample's distances are divided by; zero means that it does not count, less than zero that its
    ///     distances are as good as none, both as in MMPose.
    /// - Throws: `MetricError` for shapes that do not fit.
    init(
        _ samples: [EvaluatedSample], metric: String, offset: Double = 0,
        size: (EvaluatedSample) throws -> Double = { _ in 1 }
    ) throws {
        guard !samples.isEmpty else { throw MetricError.empty(metric: metric) }
        for sample in samples {
            let divisor = try size(sample)
            try sample.forEachInstance { predicted, annotated, visible in
                rows.append(
                    visible.indices.map { point in
                        guard visible[point], divisor != 0 else { return nil }
                        let scale = divisor < 0 ? 1e6 : divisor
                        var sum = 0.0
                        for (a, b) in zip(predicted[point], annotated[point]) {
                            let distance = (a + offset - b) / scale
                            sum += distance * distance
                        }
                        return Float(sum.squareRoot())
                    })
            }
        }
    }

    /// Parts of each key point's distances below a threshold; nil where a key point never counts.
    func accuracy(below threshold: Double) -> [Double?] {
        (0..<(rows.first?.count ?? 0)).map { point in
            let distances = rows.compactMap { $0.indices.contains(point) ? $0[point] : nil }
            guard !distances.isEmpty else { return nil }
            return Double(distances.count { $0 < Float(threshold) }) / Double(distances.count)
        }
    }

    /// Mean of the key points' accuracies; 0 where none counts.
    func meanAccuracy(below threshold: Double) -> Double { accuracy(below: threshold).compactMap(\.self).mean ?? 0 }

    /// Mean of all distances; 0 where none counts.
    var mean: Double { rows.flatMap { $0.compactMap { $0.map(Double.init) } }.mean ?? 0 }
}

extension EvaluatedSample {
    /// Calls `body` with the coordinates and visibility of every instance.
    ///
    /// - Throws: `MetricError.keypointCount` when prediction and annotation disagree.
    func forEachInstance(_ body: ([[Double]], [[Double]], [Bool]) throws -> Void) throws {
        let shape = annotated.shape
        guard shape.count == 3, predicted.shape.count == 3, predicted.shape[1] == shape[1] else {
            throw MetricError.keypointCount(
                of: "a prediction\(imagePath.map { " for \($0)" } ?? "")",
                found: predicted.shape.count > 1 ? predicted.shape[1] : 0, expected: shape.count > 1 ? shape[1] : 0)
        }
        guard predicted.shape[0] == shape[0], visible.count == shape[0] * shape[1] else {
            throw MetricError.invalid(
                "\(predicted.shape[0]) predictions for \(shape[0]) annotations\(imagePath.map { " of \($0)" } ?? "")")
        }
        for instance in 0..<shape[0] {
            func points(_ array: RealArray) -> [[Double]] {
                let (count, dimensions) = (array.shape[1], array.shape[2])
                return (0..<count).map { point in
                    let start = (instance * count + point) * dimensions
                    return Array(array.elements[start..<start + dimensions])
                }
            }
            let seen = visible.elements[instance * shape[1]..<(instance + 1) * shape[1]].map { $0 != 0 }
            try body(points(predicted), points(annotated), seen)
        }
    }
}

extension Collection<Double> {
    /// Nil without elements.
    var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
