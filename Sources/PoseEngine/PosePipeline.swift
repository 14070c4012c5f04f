// START HERE: the whole way from an image to the keypoints of the people in it.

import PoseCodecs
public import PoseCore
import PoseModels
public import PoseRuntime
import PoseTransforms
import Torch

/// A top-down pipeline: crop around each person → network → codec → image pixels.
///
///     image ─ GetBBoxCenterScale ─ TopdownAffine ─ DataPreprocessor ─ Backbone ─ Neck ─ Head ─ codec.decode ─ people
public struct PosePipeline: Sendable {
    let transforms: [any Transform]
    let model: any CropEstimator
    let codec: any KeypointCodec
    let skeleton: Skeleton
    let batchSize: Int

    /// The people in `detections`, in their order.
    public func callAsFunction(_ image: Image, at detections: [DetectedPerson]) throws -> [Person] {
        var people: [Person] = []
        for start in stride(from: 0, to: detections.count, by: batchSize) {
            let batch = detections[start..<min(start + batchSize, detections.count)]
            let samples = try batch.map { try crop(image, around: $0) }
            let output = try inferenceMode {
                try model.predict(Tensor(crops: samples.compactMap(\.image)), flipIndices: skeleton.flipIndices)
            }
            let poses = try output.withOutput { try codec.decodeBatch($0, threads: threadCount) }
            for (sample, (pose, detection)) in zip(samples, zip(poses.joined(), batch)) {
                people.append(try person(pose, in: sample, detection))
            }
        }
        return people
    }

    /// The image around one person, at the size the network reads.
    private func crop(_ image: Image, around person: DetectedPerson) throws -> PoseSample {
        var sample = try PoseSample(image: image, box: person.box)
        var generator = SeededGenerator(seed: 0)
        for transform in transforms { try transform(&sample, using: &generator) }
        return sample
    }

    /// Maps keypoints from the network's input to the image, and keeps those the config asks for.
    private func person(_ pose: DecodedPose, in sample: PoseSample, _ detection: DetectedPerson) throws -> Person {
        var keypoints = try sample.inImage(pose.keypoints)
        if let indices = model.outputKeypointIndices { keypoints = keypoints.selecting(indices) }
        return Person(
            box: detection.box, boxScore: detection.score, keypoints: keypoints,
            confidence: keypoints.scores.map(codec.confidence), hands: pose.hands)
    }
}
