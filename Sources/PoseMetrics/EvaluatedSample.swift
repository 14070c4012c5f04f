public import PoseCore

/// Predictions for one sample of a dataset beside its annotation: all that metrics ask for.
///
/// N is the number of instances (1 for top-down samples), K of key points. 2D coordinates are pixels of the image as read.
public struct EvaluatedSample: Sendable {
    /// `(N, K, 2 or 3)`; of lifters `(T, K, 3)`.
    public var predicted: RealArray
    /// `(N, K)`
    public var scores: RealArray?
    /// `(N, K, 2 or 3)`; of lifters the lifting target `(T, K, 3)`.
    public var annotated: RealArray
    /// `(N, K)`, above zero where a key point counts.
    public var visible: RealArray
    /// `(N, 4)` left, top, right, bottom.
    public var boxes: RealArray?
    /// Numbers errors are divided by, under the names of `gt_instances`: `head_size`, `box_size`.
    public var sizes: [String: Double] = [:]
    /// The image, of a lifter the target's one.
    public var imagePath: String?
    public var datasetName: String?

    public init(predicted: RealArray, annotated: RealArray, visible: RealArray) {
        self.predicted = predicted
        self.annotated = annotated
        self.visible = visible
    }
}

/// A number, or several, that says how good predictions are.
public protocol Metric: Sendable {
    /// The name configs use.
    var type: String { get }

    /// The numbers over all samples. Samples may be gathered from several processes, in the dataset's order.
    ///
    /// - Throws: `MetricError` when a sample lacks what the metric needs, or there is none.
    func report(_ samples: [EvaluatedSample]) throws -> MetricReport
}
