import Foundation

/// How much two poses agree: object keypoint similarity (OKS) of COCO's keypoint evaluation, 0 to 1.
///
/// Every keypoint contributes `exp(-d² / (2 s² (2σ)²))`, `s²` the mean area of both instances and σ the keypoint's share
/// of it that annotators' clicks spread over; the similarity is the mean over the keypoints.
public struct KeypointSimilarity: Sendable {
    /// Of every keypoint, as dataset definitions give them.
    public let sigmas: [Double]
    /// Only keypoints whose scores in both poses exceed it count; all when nil.
    public let scoreThreshold: Double?

    public init(sigmas: [Double], scoreThreshold: Double? = nil) {
        self.sigmas = sigmas
        self.scoreThreshold = scoreThreshold
    }

    /// The similarity of two poses with as many keypoints as there are sigmas; keypoints beyond the shortest of the
    /// three lists do not count. Zero when no keypoint counts.
    ///
    /// Like MMPose's, the result is rounded to single precision.
    public func callAsFunction(_ first: ScoredPose, _ second: ScoredPose) -> Double {
        let area = (first.area + second.area) / 2 + Double.ulpOfOne
        let count = min(sigmas.count, first.keypoints.count, second.keypoints.count)
        var sum = 0.0
        var counted = 0
        for index in 0..<count {
            if let scoreThreshold,
                !(first.keypoints.scores[index] > scoreThreshold && second.keypoints.scores[index] > scoreThreshold)
            {
                continue
            }
            let offset = second.keypoints.points[index] - first.keypoints.points[index]
            let variance = (2 * sigmas[index]) * (2 * sigmas[index])
            sum += exp(-((offset.x * offset.x + offset.y * offset.y) / variance / area / 2))
            counted += 1
        }
        return counted > 0 ? Double(Float(sum / Double(counted))) : 0
    }
}

/// A pose among others in one image.
public struct ScoredPose: Hashable, Sendable {
    public var keypoints: Keypoints
    /// Of the instance as a whole: the greater, the likelier it stays.
    public var score: Double
    /// Of the instance, in square pixels.
    public var area: Double

    public init(keypoints: Keypoints, score: Double, area: Double) {
        self.keypoints = keypoints
        self.score = score
        self.area = area
    }
}
