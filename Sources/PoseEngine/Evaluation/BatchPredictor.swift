import PoseCodecs
import PoseCore
import PoseDatasets
import PoseMetrics
import PoseModels
import PyConfig
import Torch

/// Runs a model on the batches of a dataset, as `predict` of MMPose's estimators does.
protocol BatchPredictor: Sendable {
    /// The predictions for every sample of a batch, in pixels of the images as read, beside their annotations.
    ///
    /// - Parameter flipIndices: for each keypoint, the one that takes its place in a mirror image.
    /// - Throws: `ModelError`, `TorchError`, `CodecError`, `PoseSampleError` where a sample lacks what it needs.
    func callAsFunction(_ batch: Batch, flipIndices: [Int]) throws -> [EvaluatedSample]

    /// How many keypoints predictions have.
    var keypointCount: Int { get }
}

/// The way of predicting that suits a model.
enum BatchPredictors {
    /// - Parameter links: keypoints that a limb connects.
    /// - Throws: `PipelineError` for a model that does not predict, `ConfigError` for its codec.
    static func make(_ model: any PoseEstimator, links: [SIMD2<Int>]) throws -> any BatchPredictor {
        switch model {
        case let model as any CropEstimator:
            return CropPredictor(model: model, codec: try codec(model.decoder))
        case let model as BottomupPoseEstimator:
            return BottomupPredictor(model: model, links: links)
        case let model as PoseLifter:
            return LiftingPredictor(model: model, codec: try codec(model.decoder))
        default:
            throw PipelineError(description: "\(type(of: model)) does not predict poses")
        }
    }

    private static func codec(_ decoder: ConfigDict?) throws -> any KeypointCodec {
        guard let decoder else {
            throw PipelineError(description: "model.head has no decoder, the codec of its outputs")
        }
        return try Codecs.make(Arguments(decoder, at: "model.head.decoder"))
    }
}

/// Of people in boxes.
struct CropPredictor: BatchPredictor {
    let model: any CropEstimator
    let codec: any KeypointCodec

    var keypointCount: Int { model.outputKeypointIndices?.count ?? model.keypointCount }

    func callAsFunction(_ batch: Batch, flipIndices: [Int]) throws -> [EvaluatedSample] {
        let output = try inferenceMode { try model.predict(batch.stackedInputs(), flipIndices: flipIndices) }
        let poses = try output.withOutput { try codec.decodeBatch($0, threads: threadCount) }
        return try zip(batch.indices, zip(batch.samples, poses)).map { index, pair in
            let (sample, poses) = pair
            let found = try poses.map { pose in
                var pose = pose
                pose.keypoints = try sample.inImage(pose.keypoints)
                if let indices = model.outputKeypointIndices { pose.keypoints = pose.keypoints.selecting(indices) }
                return pose
            }
            var result = try EvaluatedSample(found, keypointCount: keypointCount, of: sample, index: index)
            // Top-down results carry the boxes they were given.
            result.predictedBoxes = result.boxes
            result.predictedBoxScores = result.boxScores
            if let hands = found.first?.hands { result.hands = try EvaluatedHands(hands, of: sample) }
            return result
        }
    }
}

/// Of everybody in an image.
struct BottomupPredictor: BatchPredictor {
    let model: BottomupPoseEstimator
    let links: [SIMD2<Int>]

    var keypointCount: Int { model.settings.outputKeypointIndices?.count ?? model.keypointCount }

    func callAsFunction(_ batch: Batch, flipIndices: [Int]) throws -> [EvaluatedSample] {
        try batch.samples.indices.map { position in
            let sample = batch.samples[position]
            let images = [try batch.input(position)] + (try sample.imagesAtScales.map { try Tensor(crops: [$0]) })
            let poses = try inferenceMode {
                try model.predict(images, flipIndices: flipIndices, links: links)
            }
            return try result(poses, of: sample, index: batch.indices[position])
        }
    }

    private func result(_ poses: [DecodedPose], of sample: PoseSample, index: Int) throws -> EvaluatedSample {
        let found = try poses.map { pose in
            var pose = pose
            pose.keypoints = try sample.inImage(pose.keypoints)
            if let indices = model.settings.outputKeypointIndices {
                pose.keypoints = pose.keypoints.selecting(indices)
            }
            return pose
        }
        var result = try EvaluatedSample(found, keypointCount: keypointCount, of: sample, index: index)
        let boxes = poses.compactMap(\.box)
        if boxes.count == poses.count, !boxes.isEmpty {
            let corners = try boxes.flatMap { box in
                try sample.inImage(Keypoints(points: [SIMD2(box.x1, box.y1), SIMD2(box.x2, box.y2)])).points
            }
            result.predictedBoxes = try RealArray(
                corners.flatMap { [$0.x, $0.y] }, shape: [boxes.count, 4], precision: .double)
        }
        let scores = poses.compactMap(\.score)
        if scores.count == poses.count {
            result.predictedBoxScores = try RealArray(scores, shape: [scores.count], precision: .double)
        }
        return result
    }
}

/// Of poses in space from poses in images.
struct LiftingPredictor: BatchPredictor {
    let model: PoseLifter
    let codec: any KeypointCodec

    var keypointCount: Int { model.outputKeypointIndices?.count ?? model.keypointCount }

    func callAsFunction(_ batch: Batch, flipIndices: [Int]) throws -> [EvaluatedSample] {
        let poses = try poses(batch.stackedInputs(), of: batch.samples, flipIndices: flipIndices)
        return try zip(batch.indices, zip(batch.samples, poses)).map { index, pair in
            // Decoding puts a root in that the network leaves out.
            try EvaluatedSample(
                pair.1, keypointCount: pair.1.first?.keypoints.count ?? keypointCount, of: pair.0, index: index)
        }
    }

    /// The poses of packed samples of one shape.
    func poses(_ samples: [PoseSample], flipIndices: [Int]) throws -> [[DecodedPose]] {
        let inputs = try samples.map { sample in
            guard let packed = sample.packed else {
                throw PoseSampleError.missing("packed input; the pipeline does not end with PackPoseInputs")
            }
            return try Tensor(packed.inputs, name: "inputs").unsqueeze(0)
        }
        return try poses(Tensor.cat(inputs, dim: 0), of: samples, flipIndices: flipIndices)
    }

    private func poses(_ inputs: Tensor, of samples: [PoseSample], flipIndices: [Int]) throws -> [[DecodedPose]] {
        let output = try inferenceMode { try model.predict(inputs, flipIndices: flipIndices) }
        let contexts = samples.map(\.liftingContext)
        let decoded = try output.withOutput { try codec.decodeBatch($0, contexts: contexts, threads: threadCount) }
        guard let indices = model.outputKeypointIndices else { return decoded }
        return decoded.map { poses in
            poses.map { pose in
                var pose = pose
                pose.keypoints = pose.keypoints.selecting(indices)
                return pose
            }
        }
    }
}

extension Batch {
    /// The inputs of all samples as the network reads them.
    ///
    /// - Throws: `PipelineError` when samples differ in shape.
    func stackedInputs() throws -> Tensor {
        guard let inputs else {
            throw PipelineError(
                description:
                    "the samples of a batch differ in shape; the pipeline lacks TopdownAffine or PackPoseInputs")
        }
        return try Tensor(inputs, name: "inputs")
    }

    /// One sample's input as a batch of one.
    func input(_ position: Int) throws -> Tensor {
        if let inputs { return try Tensor(inputs, name: "inputs").narrow(dim: 0, start: position, length: 1) }
        guard let packed = samples[position].packed else {
            throw PoseSampleError.missing("packed input; the pipeline does not end with PackPoseInputs")
        }
        return try Tensor(packed.inputs, name: "inputs").unsqueeze(0)
    }
}

extension PoseSample {
    /// What decoding a lifter's outputs needs, as far as `meta_keys` pack it.
    fileprivate var liftingContext: DecodingContext {
        let facts = packed?.metainfo ?? [:]
        var context = DecodingContext()
        context.targetRoot = facts["target_root"].flatMap(RealArray.init)
        context.factor = facts["factor"].flatMap(RealArray.init)
        if let width = facts["camera_param/w"]?.doubles?.elements.first,
            let height = facts["camera_param/h"]?.doubles?.elements.first
        {
            context.imageSize = SIMD2(width, height)
        }
        return context
    }
}
