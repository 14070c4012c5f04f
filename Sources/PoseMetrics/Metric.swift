/// A number, or several, that says how good predictions are.
public protocol Metric: Sendable {
    /// The name configs use.
    var type: String { get }

    /// The numbers over all samples. Samples may be gathered from several processes, in the dataset's order.
    ///
    /// - Throws: `MetricError` when a sample lacks what the metric needs, or there is none.
    func report(_ samples: [EvaluatedSample]) throws -> MetricReport

    /// Says, before anything is predicted, that predictions of so many keypoints cannot be compared with annotations of so
    /// many.
    ///
    /// - Throws: `MetricError.keypointCount`.
    func check(predicted: Int, annotated: Int) throws
}

extension Metric {
    public func check(predicted: Int, annotated: Int) throws {
        guard predicted == annotated else {
            throw MetricError.keypointCount(of: "the model, for \(type),", found: predicted, expected: annotated)
        }
    }
}
