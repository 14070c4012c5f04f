public import Foundation
import PoseCore
public import PoseDatasets

/// Times how fast a dataset's pipeline makes samples: on one thread and on all cores, reading pictures from their files and
/// with pictures that are decoded already.
public struct SampleBenchmark: Sendable, Encodable {
    /// One way of making samples.
    public struct Rate: Sendable, Encodable {
        public let threads: Int
        /// Whether pictures are decoded, as in a training, or there already.
        public let decodes: Bool
        /// Of one thread, by the time that the processor worked for it; of several, by the clock.
        public let samplesPerSecond: Double
    }

    public let rates: [Rate]

    /// - Parameters:
    ///   - seconds: how long each way is timed, at least.
    ///   - threads: what "all cores" are.
    /// - Throws: the error of a sample that cannot be made.
    public init(
        _ dataset: any PoseDataset, seconds: Double,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws {
        // Threads work on samples, not inside an image operation.
        try OpenCV.setThreadCount(0)
        let decoded = try DecodedDataset(dataset)
        rates = try [(dataset, true), (decoded, false)].flatMap { (dataset: any PoseDataset, decodes) in
            let alone = try Self.rateOfOneThread(dataset, seconds)
            let count = max(Int(alone * Double(threads) * seconds), threads)
            let together = try Self.rate(dataset, threads: threads, count: count)
            return [
                Rate(threads: 1, decodes: decodes, samplesPerSecond: alone),
                Rate(threads: threads, decodes: decodes, samplesPerSecond: together),
            ]
        }
    }

    private static func rateOfOneThread(_ dataset: any PoseDataset, _ seconds: Double) throws -> Double {
        for index in 0..<min(dataset.count, 8) { _ = try dataset.sample(at: index, epoch: -1) }
        let start = threadSeconds
        var made = 0
        while made == 0 || threadSeconds - start < seconds {
            _ = try dataset.sample(at: made % dataset.count, epoch: made / dataset.count)
            made += 1
        }
        return Double(made) / (threadSeconds - start)
    }

    /// How long the processor has worked for this thread: whatever else runs on the machine does not count.
    private static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Batches as a training gets them.
    private static func rate(_ dataset: any PoseDataset, threads: Int, count: Int) throws -> Double {
        var options = DataLoader.Options()
        options.batchSize = 32
        options.workers = threads
        let loader = DataLoader(dataset, sampler: RepeatingSampler(size: dataset.count, count: count), options: options)
        let clock = ContinuousClock()
        let start = clock.now
        let batches = loader.batches(epoch: 0)
        var made = 0
        while let batch = try batches.next() { made += batch.samples.count }
        return Double(made) / ((clock.now - start) / .seconds(1))
    }
}

/// A number of samples in order, again and again.
private struct RepeatingSampler: IndexSampler {
    let size, count: Int

    func indices(epoch: Int) -> [Int] { (0..<count).map { $0 % size } }
}

/// A dataset whose pictures are in memory.
private struct DecodedDataset: PoseDataset {
    /// More pictures than these would not tell more, and take a gigabyte.
    private static let limit = 1000

    let dataset: any PoseDataset
    let count: Int
    private let images: [String: Image]

    init(_ dataset: any PoseDataset) throws {
        self.dataset = dataset
        count = min(dataset.count, Self.limit)
        var images: [String: Image] = [:]
        for index in 0..<count {
            var generator = SeededGenerator(seed: 0, epoch: 0, index: index)
            guard let path = try dataset.annotation(at: index, using: &generator).imagePath else { continue }
            if images[path] == nil { images[path] = try Image.decode(contentsOf: URL(fileURLWithPath: path)) }
        }
        self.images = images
    }

    var type: String { dataset.type }
    var skeleton: Skeleton { dataset.skeleton }
    var maxRefetch: Int { dataset.maxRefetch }
    var pipeline: [any Transform] { dataset.pipeline }

    func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        var sample = try dataset.annotation(at: index, using: &generator)
        sample.image = sample.imagePath.flatMap { images[$0] }
        return sample
    }

    func origin(at index: Int) -> SampleOrigin { dataset.origin(at: index) }
}
