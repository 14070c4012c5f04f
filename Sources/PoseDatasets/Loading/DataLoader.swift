import Foundation
import PoseCore

/// Makes batches on several threads, ahead of whoever trains.
///
/// What a batch holds depends on the dataset, the sampler, seed and epoch only: any number of workers gives the same
/// batches in the same order. At most `prefetch` batches wait in memory besides the one being used. An epoch can be taken
/// up in its middle by the number of the batch to begin with.
public struct DataLoader: Sendable {
    public let dataset: any PoseDataset
    public let sampler: any IndexSampler
    public var options: Options

    /// How samples are made and grouped.
    public struct Options: Sendable {
        public var batchSize = 1
        /// Threads that make samples.
        public var workers = max(ProcessInfo.processInfo.activeProcessorCount, 1)
        /// Batches made ahead.
        public var prefetch = 2
        /// Whether the last samples are left out when they do not fill a batch.
        public var dropLast = false
        /// Seed of everything random in the samples.
        public var seed: UInt64 = 0
        public var whenBroken = BrokenPolicy.replace
        /// Gets every sample that could not be made, on whichever thread met it.
        public var report: @Sendable (BrokenSample) -> Void = { _ in }

        public init() {}
    }

    /// What happens when a sample cannot be made.
    public enum BrokenPolicy: Sendable {
        /// Another one is drawn, up to the dataset's `max_refetch` times; for training.
        case replace
        /// It is left out, and its batch is smaller; for evaluation.
        case leaveOut
        /// The epoch ends with its error (`--strict`).
        case stop
    }

    public init(_ dataset: any PoseDataset, sampler: any IndexSampler, options: Options = Options()) {
        self.dataset = dataset
        self.sampler = sampler
        self.options = options
    }

    /// The batches of an epoch.
    ///
    /// - Parameter first: number of the batch to begin with, to resume in the middle.
    public func batches(epoch: Int, from first: Int = 0) -> EpochBatches {
        EpochBatches(self, epoch: epoch, from: max(first, 0))
    }

    /// How many batches an epoch has.
    public func batchCount(epoch: Int = 0) -> Int {
        batchCount(ofSamples: sampler.indices(epoch: epoch).count)
    }

    func batchCount(ofSamples count: Int) -> Int {
        let size = max(options.batchSize, 1)
        return options.dropLast ? count / size : (count + size - 1) / size
    }

    /// A sample, or another in its place.
    struct Made {
        /// Nil when it was left out.
        var sample: PoseSample?
        var index: Int
        /// How many samples were met that could not be made.
        var broken: Int
    }

    func make(_ index: Int, epoch: Int) throws -> Made {
        var generator = SeededGenerator(seed: options.seed, epoch: epoch, index: index)
        var current = index
        var broken = 0
        var attempt = 0
        while true {
            attempt += 1
            let reason: String
            do {
                let sample = try dataset.sample(at: current, using: &generator)
                guard let rejection = sample.rejection else {
                    return Made(sample: sample, index: current, broken: broken)
                }
                // Common in training (a crop without people) and not worth a message; evaluation misses nothing silently.
                if options.whenBroken != .replace { throw PoseSampleError.invalid(rejection) }
                reason = rejection
            } catch {
                if options.whenBroken == .stop { throw located(error, current) }
                broken += 1
                reason = String(describing: error)
                let replaces = options.whenBroken == .replace && attempt <= dataset.maxRefetch
                let replacement = replaces ? generator.integer(0, dataset.count) : nil
                options.report(
                    BrokenSample(
                        index: current, origin: dataset.origin(at: current), reason: reason, replacement: replacement))
                if options.whenBroken == .leaveOut { return Made(sample: nil, index: current, broken: broken) }
                guard let replacement else { throw exhausted(index, attempt, reason) }
                current = replacement
                continue
            }
            guard attempt <= dataset.maxRefetch else { throw exhausted(index, attempt, reason) }
            current = generator.integer(0, dataset.count)
        }
    }

    private func exhausted(_ index: Int, _ attempts: Int, _ reason: String) -> DatasetError {
        .sample(dataset: dataset.type, index: index, attempts: attempts, reason: reason)
    }

    private func located(_ error: any Error, _ index: Int) -> DatasetError {
        .sample(
            dataset: dataset.type, index: index, attempts: 1, reason: "\(dataset.origin(at: index)): \(error)")
    }
}
