public import Foundation
import PoseCore
public import PoseDatasets
public import PoseMetrics
public import PoseModels
public import PyConfig
import Torch

/// Runs a model over a dataset of its config and measures what it predicts, as MMEngine's `ValLoop` and `TestLoop` do.
///
///     val_dataloader ─ samples ─ batches ─ model.predict ─ val_evaluator ─ numbers
///
/// Everything of the config is read, and files are looked for, when the loop is made; then it can run often.
public struct EvaluationLoop: Sendable {
    /// What is evaluated on.
    public let dataset: any PoseDataset
    /// What measures.
    public let evaluator: Evaluator
    private let loader: DataLoader
    /// The keypoint definition of the model, where the config gives it one of its own.
    private let modelSkeleton: Skeleton?
    private let place: String

    /// - Parameters:
    ///   - split: which of the config's loaders and evaluators; not `train`.
    ///   - url: where the config was read.
    ///   - shard: this process's part of the samples.
    /// - Throws: `ConfigError` or `DatasetError` naming place or file, `PipelineError` for pictures that are missing.
    public init(
        _ config: Config, url: URL, split: DatasetSelection.Split = .val,
        locations: ConfigLocations = ConfigLocations(), shard: Shard = .whole
    ) throws {
        let metainfo = DatasetMetainfo(zooFolders: locations.zooFolders)
        place = "\(split.rawValue)_dataloader"
        let arguments = try config.arguments(at: place)
        dataset = try Datasets(metainfo: metainfo, config: url).make(arguments.requiredChild("dataset"))
        guard dataset.count > 0 else {
            throw PipelineError(description: "\(place).dataset has no samples: \(dataset.dropped)")
        }
        try dataset.requireImages(at: "\(place).dataset")
        let name = "\(split.rawValue)_evaluator"
        guard let value = config[name], !value.isNone else {
            throw PipelineError(description: "\(url.path): \(name) is missing, nothing would be measured")
        }
        let description = EvaluatedDataset(dataset)
        let leaves = dataset.leaves
        evaluator = try Evaluator(value, at: name, dataset: description) { arguments in
            try EvaluatedDataset(member: arguments, of: leaves, metainfo: metainfo, config: url)
        }
        loader = try Self.loader(arguments, dataset, shard)
        modelSkeleton = try config["model.metainfo"]?.dictValue.map { try metainfo.skeleton($0, config: url) }
    }

    private static func loader(_ arguments: Arguments, _ dataset: any PoseDataset, _ shard: Shard) throws -> DataLoader
    {
        var options = DataLoader.Options()
        options.batchSize = try arguments.int("batch_size", default: 1)
        guard options.batchSize > 0 else { throw arguments.invalid("batch_size", "must be positive") }
        options.dropLast = try arguments.bool("drop_last", default: false)
        // A sample that is left out would make every number wrong.
        options.whenBroken = .stop
        // Samples are taken in order, each once, whatever the sampler shuffles: numbers do not depend on the order.
        let sampler = DefaultSampler(count: dataset.count, isShuffled: false, shard: shard, roundUp: false)
        return DataLoader(dataset, sampler: sampler, options: options)
    }

    /// How many samples this process has.
    public var count: Int { loader.sampler.indices(epoch: 0).count }

    /// Says, before anything is predicted, what makes the model's predictions and the dataset incomparable.
    ///
    /// - Throws: `MetricError.keypointCount`, `PipelineError`, what making the first sample throws.
    public func check(_ model: any PoseEstimator) throws {
        let predictor = try predictor(model)
        let sample = try dataset.sample(at: 0)
        _ = try flipIndices([sample], model)
        let annotation = try EvaluatedSample(annotationOf: sample)
        // Lifters put the root in that the network leaves out.
        let predicted = sample.lifting == nil ? predictor.keypointCount : annotation.annotated.shape[1]
        try evaluator.check(annotation, predicted: predicted)
    }

    /// The model's predictions for this process's samples, beside their annotations.
    ///
    /// - Parameter progress: is told how many samples are done.
    /// - Throws: what making a sample, the model or decoding throws.
    public func predictions(of model: any PoseEstimator, progress: (Int) -> Void = { _ in }) throws -> [EvaluatedSample]
    {
        let predictor = try predictor(model)
        let wasTraining = model.store.isTraining
        model.store.isTraining = false
        defer { model.store.isTraining = wasTraining }
        var result: [EvaluatedSample] = []
        let batches = loader.batches(epoch: 0)
        while let batch = try batches.next() {
            result += try predictor(batch, flipIndices: flipIndices(batch.samples, model))
            progress(result.count)
        }
        return result
    }

    /// The numbers of one process alone.
    ///
    /// - Throws: as `predictions` and `Evaluator`.
    public func callAsFunction(
        _ model: any PoseEstimator, progress: (Int) -> Void = { _ in }
    ) throws -> [MetricReport] {
        try evaluator(predictions(of: model, progress: progress))
    }

    private func predictor(_ model: any PoseEstimator) throws -> any BatchPredictor {
        let links = (modelSkeleton ?? dataset.skeleton).links.map { SIMD2($0.start, $0.end) }
        return try BatchPredictors.make(model, links: links)
    }

    /// Those of the model's own definition, or of the samples.
    private func flipIndices(_ samples: [PoseSample], _ model: any PoseEstimator) throws -> [Int] {
        let indices = modelSkeleton?.flipIndices ?? samples.first?.flipIndices ?? []
        guard !model.flipsInTest || indices.count == model.keypointCount else {
            throw PipelineError(
                description: "test_cfg.flip_test: the model has \(model.keypointCount) keypoints, but the dataset's"
                    + " definition \(indices.count); give model.metainfo")
        }
        return indices
    }
}

extension PoseEstimator {
    /// Whether predictions are averaged with those of the mirror image.
    fileprivate var flipsInTest: Bool {
        switch self {
        case let model as any CropEstimator: model.flipTest != nil
        case let model as BottomupPoseEstimator: model.settings.flips
        case let model as PoseLifter: model.flipTest != nil
        default: false
        }
    }
}
