import Foundation
import PoseCodecs
public import PoseCore
import PoseDatasets
import PoseModels
import PoseTransforms
import PyConfig
import Torch

/// A lifter of a config: it makes poses in space of 2D poses.
///
///     2D poses ─ KeypointConversion ─ scale of the training data ─ FrameWindow ─ codec.encode ─ PoseLifter ─ codec.decode
public final class LiftingModel: Sendable {
    /// What predictions say their 3D keypoints come from.
    public let name: String
    /// The keypoints it gives.
    public let skeleton: Skeleton
    /// The keypoints it reads.
    private let inputSkeleton: Skeleton
    private let predictor: LiftingPredictor
    private let transforms: [any Transform]
    private let window: FrameWindow
    private let scale: TrainingScale?
    private let batchSize: Int

    /// The middle and the size of the people a lifter was trained with, in pixels.
    private struct TrainingScale: Sendable {
        let center: SIMD2<Double>
        let size: Double

        /// Nil where the definition does not tell.
        init?(_ skeleton: Skeleton) {
            guard let center = skeleton.statistics["bbox_center"], center.count == 2,
                let size = skeleton.statistics["bbox_scale"]?.first
            else { return nil }
            self.center = SIMD2(center[0], center[1])
            self.size = size
        }
    }

    /// - Parameters:
    ///   - normalizes: whether people are brought to the place and size of those the lifter was trained with, where the
    ///     definition of its keypoints tells these (`stats_info`), as MMPose's inferencer does.
    ///   - batchSize: poses in one run of the network.
    /// - Throws: `PipelineError` when the config is not a lifter's or lacks a part, `ConfigError` where it is broken.
    public init(_ loaded: LoadedModel, normalizes: Bool = true, batchSize: Int = 64) throws {
        guard let model = loaded.estimator as? PoseLifter else {
            throw PipelineError(
                description: "\(loaded.url.path): model.type \(loaded.type) does not lift 2D poses;"
                    + " --lift takes a PoseLifter")
        }
        guard let decoder = model.decoder else {
            throw PipelineError(description: "\(loaded.url.path): model.head has no decoder, the codec of its outputs")
        }
        name = loaded.url.deletingPathExtension().lastPathComponent
        predictor = LiftingPredictor(
            model: model, codec: try Codecs.make(Arguments(decoder, at: "model.head.decoder")))
        transforms = try loaded.testTransforms()
        // Some lifters leave out the root, which the codec puts back.
        let count = decoder["num_keypoints"]?.intValue ?? model.keypointCount
        inputSkeleton = try loaded.skeleton(keypoints: count)
        let indices = model.outputKeypointIndices
        guard indices?.allSatisfy(inputSkeleton.joints.indices.contains) ?? true else {
            throw PipelineError(
                description: "\(loaded.url.path): test_cfg.output_keypoint_indices names a keypoint beyond \(count)")
        }
        skeleton = indices.map { [inputSkeleton] in inputSkeleton.selecting($0) } ?? inputSkeleton
        window = try FrameWindow(loaded)
        scale = normalizes ? TrainingScale(inputSkeleton) : nil
        self.batchSize = max(1, batchSize)
    }

    /// The people of one image with their poses in space.
    ///
    /// - Parameters:
    ///   - definition: what their 2D keypoints are.
    ///   - size: of the image.
    /// - Throws: `PipelineError` when these keypoints do not make the lifter's, and what running it throws.
    public func lift(_ people: [Person], of definition: Skeleton, in size: ImageSize) throws -> [Person] {
        // Every person is on their own, also where the boxes coincide.
        let tracked = people.enumerated().map { index, person in
            var person = person
            person.trackID = index
            return person
        }
        let lifted = try lift(tracked: [tracked], of: definition, in: [size]).first ?? []
        return zip(people, lifted).map { person, lifted in
            var person = person
            person.lifted = lifted.lifted
            return person
        }
    }

    /// The people of a video's frames with their poses in space, and numbers that they keep from frame to frame where they
    /// have none yet. Somebody whose keypoints have no extent stays without.
    ///
    /// - Parameter sizes: of the frames, one each.
    /// - Throws: as for an image; `PipelineError` for another number of sizes.
    public func lift(
        frames: [[Person]], of definition: Skeleton, in sizes: [ImageSize]
    ) throws -> [[Person]] {
        guard frames.count == sizes.count else {
            throw PipelineError(description: "\(frames.count) frames, but the sizes of \(sizes.count)")
        }
        var tracker = PersonTracker()
        let isTracked = frames.joined().allSatisfy { $0.trackID != nil }
        return try lift(tracked: isTracked ? frames : frames.map { tracker($0) }, of: definition, in: sizes)
    }

    private func lift(
        tracked frames: [[Person]], of definition: Skeleton, in sizes: [ImageSize]
    ) throws -> [[Person]] {
        let conversion = try KeypointConversion(from: definition, to: inputSkeleton)
        let poses = try frames.map { people in
            try Dictionary(people.compactMap { person in try pose(person, conversion).map { (person.trackID, $0) } }) {
                first, _ in first
            }
        }
        var result = frames
        var waiting: [(frame: Int, person: Int, sample: PoseSample)] = []
        func flush() throws {
            guard !waiting.isEmpty else { return }
            for (place, lifted) in zip(waiting, try lift(waiting.map(\.sample))) {
                result[place.frame][place.person].lifted = lifted
            }
            waiting.removeAll()
        }
        for (frame, people) in frames.enumerated() {
            for (index, person) in people.enumerated() {
                let sequence = window.sequence(about: frame, of: frames.count) { poses[$0][person.trackID] }
                guard let sequence else { continue }
                waiting.append((frame, index, try sample(sequence, in: sizes[frame])))
                if waiting.count == batchSize { try flush() }
            }
        }
        try flush()
        return result
    }

    /// The lifter's keypoints of a person, at the scale of its training data; nil for a person without extent.
    private func pose(_ person: Person, _ conversion: KeypointConversion) throws -> [SIMD2<Double>]? {
        let points = try conversion(person.keypoints.points)
        guard let scale else { return points }
        guard let box = person.box.isValid ? person.box : Box(around: person.keypoints.points), box.isValid else {
            return nil
        }
        return points.map { ($0 - box.center) / max(box.width, box.height) * scale.size + scale.center }
    }

    /// What the codec knows of a sequence in training, as far as it is known without the pose in space.
    private func sample(_ sequence: [[SIMD2<Double>]], in size: ImageSize) throws -> PoseSample {
        let (frames, joints) = (sequence.count, inputSkeleton.count)
        var sample = PoseSample()
        sample.keypoints = try RealArray(sequence.joined().flatMap { [$0.x, $0.y] }, shape: [frames, joints, 2])
        sample.keypointsVisible = try RealArray(repeating: 1, shape: [frames, joints])
        sample.lifting = LiftingAnnotation(
            target: try RealArray(repeating: 0, shape: [1, joints, 3]),
            targetVisible: try RealArray(repeating: 1, shape: [1, joints]),
            camera: LiftingCamera(width: Double(size.width), height: Double(size.height)))
        sample.flipIndices = inputSkeleton.flipIndices
        var generator = SeededGenerator(seed: 0)
        for transform in transforms { try transform(&sample, using: &generator) }
        return sample
    }

    private func lift(_ samples: [PoseSample]) throws -> [LiftedKeypoints] {
        try predictor.poses(samples, flipIndices: inputSkeleton.flipIndices).map { poses in
            // A lifter gives the target alone, or all frames.
            guard let pose = poses.count == 1 ? poses.first : poses.dropFirst(window.target).first else {
                throw PipelineError(description: "\(name): the lifter gave no pose")
            }
            let keypoints = pose.keypoints
            return LiftedKeypoints(
                points: zip(keypoints.points, keypoints.depths).map { SIMD3($0.x, $0.y, $1) }, scores: keypoints.scores)
        }
    }
}

extension FrameWindow {
    /// What the config's test data are cut into.
    init(_ loaded: LoadedModel) throws {
        let place = ["test_dataloader.dataset", "val_dataloader.dataset"].first { loaded.config[$0]?.dictValue != nil }
        let dataset = place.flatMap { loaded.config[$0]?.dictValue }
        func number(_ name: String) throws -> Int {
            guard let value = dataset?[name], !value.isNone else { return 1 }
            guard let number = value.intValue, (1...100_000).contains(number) else {
                throw ConfigError.invalidArgument(
                    path: "\(place ?? "").\(name)", reason: "expected a number from 1 to 100000, found \(value.python)")
            }
            return number
        }
        self.init(
            length: try number("seq_len"), step: try number("seq_step"),
            isCausal: dataset?["causal"]?.boolValue ?? false)
    }
}
