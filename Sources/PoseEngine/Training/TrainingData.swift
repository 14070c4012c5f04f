import Foundation
import PoseDatasets
import PoseModels
import PoseTransforms
import PyConfig

/// The training samples of a config and the order they are taken in.
struct TrainingData: Sendable {
    let loader: DataLoader
    /// Those that take its place from an epoch on.
    private var later: [(epoch: Int, loader: DataLoader)] = []
    /// Iterations of an epoch.
    let epochLength: Int

    /// - Parameters:
    ///   - switches: what hooks change, in order.
    ///   - shard: this process's part of the samples.
    /// - Throws: `ConfigError` or `DatasetError` naming place or file, `PipelineError` for pictures that are missing.
    init(
        _ config: Config, url: URL, switches: [TrainingSwitch] = [], locations: ConfigLocations, seed: UInt64,
        shard: Shard
    ) throws {
        let arguments = try config.arguments(at: Self.place)
        let datasets = Datasets(metainfo: DatasetMetainfo(zooFolders: locations.zooFolders), config: url)
        let first = try Self.loader(
            arguments, datasets.make(arguments.requiredChild("dataset")), seed: seed, shard: shard)
        loader = first
        epochLength = first.batchCount()
        var current = first
        for change in switches where change.dataset != nil || change.pipeline != nil {
            if let dataset = change.dataset {
                var values = arguments.all
                values["dataset"] = dataset
                let other = Arguments(values, at: Self.place)
                current = try Self.loader(
                    other, datasets.make(other.requiredChild("dataset")), seed: seed, shard: shard)
            }
            if let pipeline = change.pipeline {
                let steps = Arguments(ConfigDict(pairs: [(.string("pipeline"), pipeline)]), at: change.path)
                let dataset = try RepipedDataset(
                    current.dataset, pipeline: Transforms.pipeline(steps.children("pipeline")))
                current = DataLoader(dataset, sampler: current.sampler, options: current.options)
            }
            guard current.batchCount() == epochLength else {
                throw PipelineError(
                    description: "\(change.path): an epoch has \(epochLength) iterations before the switch and"
                        + " \(current.batchCount()) after it; they must be equally many here")
            }
            later.append((change.epoch, current))
        }
    }

    private static let place = "train_dataloader"

    /// The loader of an epoch, counted from 0.
    func loader(in epoch: Int) -> DataLoader { later.last { $0.epoch <= epoch }?.loader ?? loader }

    private static func loader(
        _ arguments: Arguments, _ dataset: any PoseDataset, seed: UInt64, shard: Shard
    ) throws -> DataLoader {
        guard dataset.count > 0 else {
            throw PipelineError(description: "\(place).dataset has no samples: \(dataset.dropped)")
        }
        try dataset.requireImages(at: "\(place).dataset")
        var options = DataLoader.Options()
        options.batchSize = try arguments.int("batch_size", default: 1)
        guard options.batchSize > 0 else { throw arguments.invalid("batch_size", "must be positive") }
        let cores = max(ProcessInfo.processInfo.activeProcessorCount, 1)
        options.workers = min(max(try arguments.int("num_workers", default: cores), 1), cores)
        options.dropLast = try arguments.bool("drop_last", default: false)
        options.seed = seed
        let sampler = try sampler(
            arguments.child("sampler"), dataset, batchSize: options.batchSize, seed: seed, shard: shard)
        let loader = DataLoader(dataset, sampler: sampler, options: options)
        guard loader.batchCount() > 0 else {
            throw arguments.invalid(
                "drop_last", "leaves nothing: \(dataset.count) samples do not fill a batch of \(options.batchSize)")
        }
        return loader
    }

    private static func sampler(
        _ arguments: Arguments?, _ dataset: any PoseDataset, batchSize: Int, seed: UInt64, shard: Shard
    ) throws -> any IndexSampler {
        guard let arguments else {
            return DefaultSampler(count: dataset.count, isShuffled: true, seed: seed, shard: shard)
        }
        let type = Registry.unscoped(try arguments.type())
        let isShuffled = try arguments.bool("shuffle", default: true)
        let ownSeed = try arguments.optionalInt("seed").map { UInt64(bitPattern: Int64($0)) } ?? seed
        switch type {
        case "DefaultSampler", "InfiniteSampler":
            // An infinite sampler's epochs follow one another without end, which is what iterations do here anyway.
            arguments.ignore("round_up")
            try arguments.finish()
            return DefaultSampler(count: dataset.count, isShuffled: isShuffled, seed: ownSeed, shard: shard)
        case "MultiSourceSampler":
            guard let combined = dataset as? CombinedDataset else {
                throw arguments.invalid("type", "MultiSourceSampler needs a CombinedDataset, not \(dataset.type)")
            }
            let sampler = try MultiSourceSampler(
                lengths: combined.lengths, batchSize: arguments.int("batch_size", default: batchSize),
                ratios: arguments.doubles("source_ratio"), isShuffled: isShuffled,
                roundUp: arguments.bool("round_up", default: true), seed: ownSeed, shard: shard)
            try arguments.finish()
            return sampler
        default:
            throw ModelError.unknownType(
                type, at: arguments.path, known: ["DefaultSampler", "InfiniteSampler", "MultiSourceSampler"])
        }
    }
}

extension PoseDataset {
    /// - Throws: `PipelineError` naming the first of the pictures that are not there.
    func requireImages(at place: String) throws {
        let missing = missingImages()
        guard let first = missing.first else { return }
        throw PipelineError(
            description: "\(place): \(missing.count) pictures are missing, the first is \(first);"
                + " is data_root or data_prefix.img right?")
    }
}
