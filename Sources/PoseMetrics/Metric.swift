import PoseCore

/// A number, or several, that says how good predictions are.
public protocol Metric: Sendable {
    /// The name configs use.
    var type: String { get }

    /// The numbers over all samples. Samples may be gathered from several processes, in the dataset's order.
    ///
    /// - Throws: `MetricError` when a sample lacks what the metric needs, or there is none.
    func report(_ samples: [EvaluatedSample]) throws -> MetricReport

    /// Says, before anything is predicted, what the metric will miss.
    ///
    /// - Parameters:
    ///   - sample: an annotation, itself taken for the prediction.
    ///   - predicted: how many keypoints a model will predict.
    /// - Throws: `MetricError`.
    func check(_ sample: EvaluatedSample, predicted: Int) throws
}

extension Metric {
    public func check(_ sample: EvaluatedSample, predicted: Int) throws {
        let annotated = sample.annotated.shape.dropFirst().first ?? 0
        guard predicted == annotated else {
            throw MetricError.keypointCount(of: "the model, for \(type),", found: predicted, expected: annotated)
        }
        do { _ = try report([sample]) } catch MetricError.empty {
            // The metric does not count this one.
        }
    }
}
