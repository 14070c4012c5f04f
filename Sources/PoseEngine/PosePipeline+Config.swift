import Foundation
import PoseCodecs
import PoseCore
import PoseModels
import PoseTransforms
import PyConfig
import Torch

extension PosePipeline {
    /// The pipeline of a loaded config: its test-time transforms, its model, the codec of its head.
    ///
    /// - Throws: `PipelineError` when the config lacks a part, `ConfigError` where one is broken.
    init(_ loaded: LoadedModel, batchSize: Int) throws {
        guard let model = loaded.estimator as? any CropEstimator else {
            throw PipelineError(
                description: "\(loaded.url.path): model.type \(loaded.type) does not estimate people in boxes")
        }
        guard let decoder = model.decoder else {
            throw PipelineError(description: "\(loaded.url.path): model.head has no decoder, the codec of its outputs")
        }
        self.model = model
        self.batchSize = batchSize
        codec = try Codecs.make(Arguments(decoder, at: "model.head.decoder"))
        transforms = try loaded.imageTransforms()
        skeleton = try loaded.skeleton(flips: model.flipTest != nil, selecting: model.outputKeypointIndices)
    }

    /// The keypoints that predictions have.
    var outputSkeleton: Skeleton {
        model.outputKeypointIndices.map { skeleton.selecting($0) } ?? skeleton
    }
}

extension LoadedModel {
    /// The keypoints the model predicts, once they are known to suit its test settings.
    ///
    /// - Parameters:
    ///   - flips: whether predictions are averaged with those of the mirror image.
    ///   - indices: the keypoints to report, if not all.
    /// - Throws: `PipelineError` when they do not suit, and what `skeleton()` throws.
    func skeleton(flips: Bool, selecting indices: [Int]?) throws -> Skeleton {
        let skeleton = try skeleton()
        guard !flips || skeleton.count == estimator.keypointCount else {
            throw PipelineError(
                description: "\(url.path): test_cfg.flip_test needs a keypoint definition of"
                    + " \(estimator.keypointCount) keypoints; give model.metainfo")
        }
        if let index = indices?.first(where: { !skeleton.joints.indices.contains($0) }) {
            throw PipelineError(
                description: "\(url.path): test_cfg.output_keypoint_indices names keypoint \(index) of"
                    + " \(skeleton.count)")
        }
        return skeleton
    }

    /// The transforms between decoding and packing of the test pipeline.
    func imageTransforms() throws -> [any Transform] { try imageSteps().map(Transforms.make) }

    /// The same as the config has them.
    func imageSteps() throws -> [Arguments] {
        // The image is here already, and predictions are not packed for a loader.
        try testSteps(leavingOut: ["LoadImage", "LoadImageFromFile", "PackPoseInputs"])
    }

    /// The transforms of the test pipeline.
    func testTransforms() throws -> [any Transform] { try testSteps().map(Transforms.make) }

    private func testSteps(leavingOut types: Set<String> = []) throws -> [Arguments] {
        let places = [
            "test_dataloader.dataset.pipeline", "val_dataloader.dataset.pipeline", "test_pipeline", "val_pipeline",
        ]
        for place in places {
            guard let steps = config[place]?.arrayValue, !steps.isEmpty else { continue }
            return try steps.enumerated().compactMap { index, step in
                let path = "\(place).\(index)"
                guard let dictionary = step.dictValue else {
                    throw ConfigError.invalidArgument(path: path, reason: "a transform is a dict with a type")
                }
                let arguments = Arguments(dictionary, at: path)
                return types.contains(try arguments.type()) ? nil : arguments
            }
        }
        throw PipelineError(description: "\(url.path): test_dataloader.dataset.pipeline is missing")
    }
}

extension Tensor {
    /// A batch of crops: `(B, C, H, W)`, uint8, channels as decoded.
    ///
    /// - Throws: `ModelError.invalidInput` when they differ in size, `TorchError` when memory runs out.
    init(crops: [Image]) throws {
        guard let first = crops.first, crops.allSatisfy({ $0.size == first.size && $0.channels == first.channels })
        else {
            throw ModelError.invalidInput("the crops of a batch differ in size; the test pipeline lacks TopdownAffine")
        }
        let batch = try Tensor.empty([crops.count, first.height, first.width, first.channels], dtype: .uint8)
        try batch.withUnsafeMutableBytes { target in
            for (index, crop) in crops.enumerated() {
                crop.withUnsafeBytes { source in
                    let start = index * source.count
                    UnsafeMutableRawBufferPointer(rebasing: target[start..<start + source.count]).copyMemory(
                        from: source)
                }
            }
        }
        // Convolutions of channels-last tensors end in other last bits than MMPose's, which decoding near flat peaks
        // turns into pixels.
        self = try batch.permute([0, 3, 1, 2]).contiguous()
    }
}
