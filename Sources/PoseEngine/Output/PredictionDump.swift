public import Foundation
import PoseCore
public import PoseMetrics

extension [EvaluatedSample] {
    /// Predictions as JSON, under the names that MMPose gives the fields of its data samples.
    ///
    /// What is not finite is `null`.
    public func dump() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(PredictionDump(samples: map(PredictionDump.Sample.init))) + Data("\n".utf8)
    }
}

/// The file that `pose test --dump` writes.
private struct PredictionDump: Encodable {
    struct Sample: Encodable {
        struct Instances: Encodable {
            let keypoints: [[[Double?]]]
            let keypoint_scores, bboxes: [[Double?]]?
            let bbox_scores: [Double?]?
            let hand_type: [Bool]?
            let rel_root_depth: Double?
        }

        /// Place in the dataset.
        let index: Int
        let id: [Int]
        let img_id, category_id: Int?
        let img_path, dataset_name: String?
        let pred_instances: Instances

        init(_ sample: EvaluatedSample) {
            index = sample.index
            id = sample.ids
            img_id = sample.imageID
            category_id = sample.category
            img_path = sample.imagePath
            dataset_name = sample.datasetName
            pred_instances = Instances(
                keypoints: sample.predicted.rows.map { $0.chunked(sample.predicted.shape.last ?? 1) },
                keypoint_scores: sample.scores?.rows, bboxes: sample.predictedBoxes?.rows,
                bbox_scores: sample.predictedBoxScores?.rows.flatMap { $0 },
                hand_type: sample.hands?.predictedHands, rel_root_depth: sample.hands?.predictedRootDepth)
        }
    }

    let version = 1
    let samples: [Sample]
}

extension RealArray {
    /// The values by the first dimension.
    fileprivate var rows: [[Double?]] {
        let size = shape.dropFirst().reduce(1, *)
        return elements.map { $0.isFinite ? $0 : nil }.chunked(size)
    }
}

extension [Double?] {
    fileprivate func chunked(_ size: Int) -> [[Double?]] {
        stride(from: 0, to: count, by: Swift.max(size, 1)).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
