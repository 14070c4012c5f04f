import Foundation
public import PoseCore
import PoseModels
import PoseTransforms
import Torch

/// A bottom-up pipeline: the whole image → network → its head's people → image pixels.
///
///     image ─ BottomupResize ─ DataPreprocessor ─ Backbone ─ Neck ─ Head ─ people
public struct BottomupPipeline: Sendable {
    private let transforms: [any Transform]
    private let model: BottomupPoseEstimator
    private let settings: BottomupSettings
    private let skeleton: Skeleton

    /// The pipeline of a loaded config.
    ///
    /// - Parameter thresholds: what counts, where it shall differ from the config.
    /// - Throws: `PipelineError` when the config lacks a part, `ConfigError` where one is broken.
    init(_ loaded: LoadedModel, thresholds: BottomupThresholds) throws {
        guard let model = loaded.estimator as? BottomupPoseEstimator else {
            throw PipelineError(
                description: "\(loaded.url.path): model.type \(loaded.type) does not find the people in an image")
        }
        self.model = model
        transforms = try loaded.imageTransforms()
        var settings = model.settings
        settings.scoreThreshold = thresholds.score ?? settings.scoreThreshold
        settings.overlapThreshold = thresholds.overlap ?? settings.overlapThreshold
        self.settings = settings
        skeleton = try loaded.skeleton(flips: settings.flips, selecting: settings.outputKeypointIndices)
    }

    /// The keypoints that predictions have.
    var outputSkeleton: Skeleton { settings.outputKeypointIndices.map { skeleton.selecting($0) } ?? skeleton }

    /// The people in an image, as the head orders them.
    public func callAsFunction(_ image: Image) throws -> [Person] {
        var sample = PoseSample(image: image)
        var generator = SeededGenerator(seed: 0)
        for transform in transforms { try transform(&sample, using: &generator) }
        let images = try ([sample.image].compactMap(\.self) + sample.imagesAtScales).map { try Tensor(crops: [$0]) }
        let poses = try inferenceMode {
            try model.predict(
                images, settings: settings, flipIndices: skeleton.flipIndices,
                links: skeleton.links.map { SIMD2($0.start, $0.end) })
        }
        return try poses.map { try person($0, in: sample) }
    }

    /// Maps a pose from the network's input to the image; without a box of its own it gets the one around its keypoints.
    private func person(_ pose: DecodedPose, in sample: PoseSample) throws -> Person {
        var keypoints = try sample.inImage(pose.keypoints)
        let corners = pose.box.map { [SIMD2($0.x1, $0.y1), SIMD2($0.x2, $0.y2)] }
        let box = try corners.map { try sample.inImage(Keypoints(points: $0)).points }
            .map { Box(x1: $0[0].x, y1: $0[0].y, x2: $0[1].x, y2: $0[1].y) }
        let around = Box(around: keypoints.points) ?? Box(x1: 0, y1: 0, x2: 0, y2: 0)
        if let indices = settings.outputKeypointIndices { keypoints = keypoints.selecting(indices) }
        return Person(
            box: box ?? around, boxScore: pose.score ?? 1, keypoints: keypoints,
            confidence: model.codec.map { codec in keypoints.scores.map(codec.confidence) })
    }
}

/// Thresholds that replace a config's; nil leaves its own.
public struct BottomupThresholds: Sendable, Hashable {
    /// People that score less are left out.
    public var score: Double?
    /// Of people whose boxes overlap more, the better one stays.
    public var overlap: Double?

    public init(score: Double? = nil, overlap: Double? = nil) {
        self.score = score
        self.overlap = overlap
    }

    /// What is left by heads that do not look at these thresholds themselves.
    func apply(to people: [Person]) -> [Person] {
        let confident = score.map { score in people.filter { $0.boxScore > score } } ?? people
        guard let overlap else { return confident }
        return DetectionThresholds(score: -.infinity, overlap: overlap)
            .apply(to: confident, box: \.box, score: \.boxScore)
    }
}
