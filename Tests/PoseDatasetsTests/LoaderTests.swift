import Foundation
import PoseCore
import Testing

@testable import PoseDatasets

/// Samples whose key points tell index and random draw; some cannot be made.
private struct CountingDataset: PoseDataset {
    let type = "CountingDataset"
    let skeleton = Skeleton(name: "none", joints: [], links: [])
    let count: Int
    var maxRefetch = 20
    var pipeline: [any Transform] { [] }
    var broken: Set<Int> = []
    var rejected: Set<Int> = []

    struct Failure: Error {}

    func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        if broken.contains(index) { throw Failure() }
        var sample = PoseSample()
        if rejected.contains(index) { sample.rejection = "nothing in it" }
        let pixels = try NDArray(
            [UInt8(truncatingIfNeeded: index), UInt8(generator.integer(0, 256))], shape: [1, 1, 2])
        sample.packed = PackedSample(inputs: .uint8(pixels))
        return sample
    }

    func origin(at index: Int) -> SampleOrigin { SampleOrigin(file: "file-\(index).jpg", ids: [index + 100]) }
}

/// Values that threads add to.
private final class Collector<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Value] = []

    var all: [Value] { lock.withLock { values } }
    func add(_ value: Value) { lock.withLock { values.append(value) } }
}

struct LoaderTests {
    private static func options(batch: Int = 4, workers: Int = 2) -> DataLoader.Options {
        var options = DataLoader.Options()
        options.batchSize = batch
        options.workers = workers
        options.seed = 5
        return options
    }

    private static func all(_ batches: EpochBatches) throws -> [Batch] {
        var result: [Batch] = []
        while let batch = try batches.next() { result.append(batch) }
        return result
    }

    private static func contents(_ batches: [Batch]) -> [[UInt8]] {
        batches.map { batch in
            if case .uint8(let array)? = batch.inputs { array.elements } else { [] }
        }
    }

    @Test func anyNumberOfWorkersGivesTheSameBatches() throws {
        let dataset = CountingDataset(count: 37, broken: [3, 30], rejected: [8])
        let sampler = DefaultSampler(count: 37, seed: 1)
        var results: [[[UInt8]]] = []
        for workers in [1, 2, 7] {
            let loader = DataLoader(dataset, sampler: sampler, options: Self.options(workers: workers))
            results.append(Self.contents(try Self.all(loader.batches(epoch: 2))))
        }
        #expect(results[0].count == 10 && results[0].allSatisfy { !$0.isEmpty })
        #expect(results[0] == results[1] && results[0] == results[2])
        let other = DataLoader(dataset, sampler: sampler, options: Self.options())
        #expect(Self.contents(try Self.all(other.batches(epoch: 3))) != results[0])
    }

    @Test func anEpochResumesInItsMiddle() throws {
        let loader = DataLoader(
            CountingDataset(count: 30), sampler: DefaultSampler(count: 30, seed: 9), options: Self.options())
        let whole = Self.contents(try Self.all(loader.batches(epoch: 1)))
        let first = loader.batches(epoch: 1)
        for _ in 0..<3 { _ = try first.next() }
        #expect(first.position == 3)
        let rest = try Self.all(loader.batches(epoch: 1, from: first.position))
        #expect(Self.contents(rest) == Array(whole[3...]) && rest.first?.number == 3)
        #expect(try loader.batches(epoch: 1, from: 99).next() == nil)
    }

    @Test func brokenSamplesAreNamedCountedAndReplaced() throws {
        let reports = Collector<BrokenSample>()
        var options = Self.options()
        options.report = { reports.add($0) }
        let loader = DataLoader(
            CountingDataset(count: 12, broken: [2, 7]), sampler: DefaultSampler(count: 12, isShuffled: false),
            options: options)
        let batches = loader.batches(epoch: 0)
        let made = try Self.all(batches)
        #expect(made.map(\.samples.count) == [4, 4, 4])
        #expect(!made.flatMap(\.indices).contains { [2, 7].contains($0) })
        #expect(batches.broken == reports.all.count && batches.broken >= 2)
        let second = try #require(reports.all.first { $0.index == 2 })
        #expect(second.description.contains("file-2.jpg, annotation 102") && second.replacement != nil)
    }

    @Test func evaluationLeavesBrokenSamplesOutAndStrictStops() throws {
        let dataset = CountingDataset(count: 10, broken: [5], rejected: [6])
        let sampler = DefaultSampler(count: 10, isShuffled: false)
        var options = Self.options(batch: 5)
        options.whenBroken = .leaveOut
        let left = DataLoader(dataset, sampler: sampler, options: options)
        #expect(try Self.all(left.batches(epoch: 0)).map(\.indices) == [[0, 1, 2, 3, 4], [7, 8, 9]])
        options.whenBroken = .stop
        let batches = DataLoader(dataset, sampler: sampler, options: options).batches(epoch: 0)
        _ = try batches.next()
        let error = #expect(throws: DatasetError.self) { try batches.next() }
        #expect(error?.description.contains("file-5.jpg") == true)
        #expect(try batches.next() == nil)
    }

    @Test func aDatasetOfBrokenSamplesOnlyIsAnErrorNotALoop() throws {
        let loader = DataLoader(
            CountingDataset(count: 3, broken: [0, 1, 2]), sampler: DefaultSampler(count: 3), options: Self.options())
        #expect(throws: DatasetError.self) { try Self.all(loader.batches(epoch: 0)) }
    }

    @Test func abandonedEpochsEndTheirThreads() throws {
        for _ in 0..<20 {
            let loader = DataLoader(
                CountingDataset(count: 1000), sampler: DefaultSampler(count: 1000), options: Self.options(workers: 4))
            _ = try loader.batches(epoch: 0).next()
        }
        // 80 threads were started; they notice within their waiting time.
        var threads = Int.max
        for _ in 0..<50 where threads > 40 {
            Thread.sleep(forTimeInterval: 0.05)
            threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
        }
        #expect(threads <= 40)
    }
}

struct SamplerTests {
    @Test(arguments: [1, 2, 3, 5])
    func processesTogetherTakeEverySampleOnce(worldSize: Int) throws {
        let shards = try (0..<worldSize).map { try Shard(rank: $0, worldSize: worldSize) }
        let exact = shards.flatMap { DefaultSampler(count: 11, seed: 3, shard: $0, roundUp: false).indices(epoch: 4) }
        #expect(exact.sorted() == Array(0..<11))
        let rounded = shards.map { DefaultSampler(count: 11, seed: 3, shard: $0).indices(epoch: 4) }
        #expect(Set(rounded.map(\.count)).count == 1 && Set(rounded.joined()) == Set(0..<11))
        #expect(throws: DatasetError.self) { try Shard(rank: worldSize, worldSize: worldSize) }
    }

    @Test func shufflingFollowsFromSeedAndEpoch() {
        let sampler = DefaultSampler(count: 50, seed: 8)
        #expect(sampler.indices(epoch: 1) == sampler.indices(epoch: 1))
        #expect(sampler.indices(epoch: 1) != sampler.indices(epoch: 2))
        #expect(DefaultSampler(count: 5, isShuffled: false).indices(epoch: 9) == [0, 1, 2, 3, 4])
    }

    @Test func everyBatchHasItsShareOfEverySource() throws {
        let sampler = try MultiSourceSampler(lengths: [100, 7], batchSize: 8, ratios: [3, 1], seed: 1)
        let indices = sampler.indices(epoch: 0)
        #expect(indices.count == 14 * 8)
        for batch in stride(from: 0, to: indices.count, by: 8) {
            #expect(indices[batch..<batch + 8].map { $0 < 100 } == [true, true, true, true, true, true, false, false])
        }
        // Rounds go on over the epochs: of any seven in a row from the small source, none is left out.
        let small = (indices + sampler.indices(epoch: 1)).filter { $0 >= 100 }
        for round in stride(from: 0, to: small.count - 6, by: 7) { #expect(Set(small[round..<round + 7]).count == 7) }
        #expect(throws: DatasetError.self) { try MultiSourceSampler(lengths: [3], batchSize: 2, ratios: [1, 1]) }
    }

    @Test func combinedDatasetsStretchAndShrink() throws {
        let parts: [any PoseDataset] = [CountingDataset(count: 10), CountingDataset(count: 4)]
        let skeleton = Skeleton(name: "none", joints: [], links: [])
        let plain = try CombinedDataset(parts, skeleton: skeleton)
        #expect(plain.lengths == [10, 4] && plain.origin(at: 11).file == "file-1.jpg")
        let resampled = try CombinedDataset(parts, skeleton: skeleton, ratios: [0.5, 2.5])
        #expect(resampled.lengths == [5, 10] && resampled.count == 15)
        var seen = Set<Int>()
        for draw in stride(from: 0.0, to: 1, by: 0.01) {
            for place in 0..<5 { seen.insert(resampled.resampled(place, dataset: 0, draw: draw)) }
        }
        #expect(seen == Set(0..<10))
        #expect(throws: DatasetError.self) { try CombinedDataset(parts, skeleton: skeleton, ratios: [1]) }
        #expect(throws: DatasetError.self) { try plain.sample(at: 14) }
        #expect(try RepeatDataset(parts[1], times: 3).count == 12)
        #expect(try ConcatDataset(parts).origin(at: 10).file == "file-0.jpg")
    }
}
