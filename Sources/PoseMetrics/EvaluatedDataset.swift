public import Foundation

/// What metrics ask about the dataset they are computed on.
public struct EvaluatedDataset: Sendable {
    /// Of the keypoint definition, "coco"; samples carry it too.
    public var name: String
    public var keypointCount: Int
    /// Spread of human annotations per keypoint; empty where the dataset gives none.
    public var sigmas: [Double]
    /// The COCO-style files that the samples come from; empty for datasets in another format.
    public var annotationFiles: [URL]
    /// Where the boxes of top-down samples come from, in words.
    public var boxes: String
    /// The keypoints that are evaluated of those the files have, in order; all when nil.
    public var partition: [Int]?

    public init(
        name: String, keypointCount: Int = 0, sigmas: [Double] = [], annotationFiles: [URL] = [],
        boxes: String = "annotated"
    ) {
        self.name = name
        self.keypointCount = keypointCount
        self.sigmas = sigmas
        self.annotationFiles = annotationFiles
        self.boxes = boxes
    }

    /// The same with some of its keypoints, in that order.
    func selecting(_ keypoints: [Int]) -> EvaluatedDataset {
        var result = self
        result.keypointCount = keypoints.count
        result.sigmas = keypoints.compactMap { sigmas.indices.contains($0) ? sigmas[$0] : nil }
        result.partition = keypoints
        return result
    }
}
