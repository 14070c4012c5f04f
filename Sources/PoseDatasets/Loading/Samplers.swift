import PoseCore

/// The order in which samples are taken in an epoch. A function of the epoch alone: any place in it can be returned to.
public protocol IndexSampler: Sendable {
    /// The samples of this process in an epoch, in order.
    func indices(epoch: Int) -> [Int]
}

/// Which of the processes of a run this is.
public struct Shard: Hashable, Sendable {
    public let rank: Int
    public let worldSize: Int

    /// One process alone.
    public static let whole = Shard()

    private init() {
        rank = 0
        worldSize = 1
    }

    /// - Throws: `DatasetError.arguments` when the rank is not below the number of processes.
    public init(rank: Int, worldSize: Int) throws {
        guard worldSize > 0, (0..<worldSize).contains(rank) else {
            throw DatasetError.arguments(dataset: "sampler", reason: "rank \(rank) of \(worldSize) processes")
        }
        self.rank = rank
        self.worldSize = worldSize
    }
}

/// Every sample once an epoch, shuffled or not, dealt out to the processes like cards (MMEngine's `DefaultSampler`).
///
/// All processes shuffle alike, so together they take each sample exactly once. With `roundUp` the first samples are taken
/// again until every process has equally many.
public struct DefaultSampler: IndexSampler {
    public let count: Int
    public let isShuffled: Bool
    public let seed: UInt64
    public let shard: Shard
    public let roundUp: Bool

    public init(count: Int, isShuffled: Bool = true, seed: UInt64 = 0, shard: Shard = .whole, roundUp: Bool = true) {
        self.count = count
        self.isShuffled = isShuffled
        self.seed = seed
        self.shard = shard
        self.roundUp = roundUp
    }

    public func indices(epoch: Int) -> [Int] {
        guard count > 0 else { return [] }
        let order = isShuffled ? permutation(count, seed: seed, epoch: epoch) : Array(0..<count)
        let rounds = (count + shard.worldSize - 1) / shard.worldSize
        let total = roundUp ? rounds * shard.worldSize : count
        return stride(from: shard.rank, to: total, by: shard.worldSize).map { order[$0 % count] }
    }
}

/// Batches with fixed shares of several datasets, whatever their sizes (MMPose's `MultiSourceSampler`). Each dataset is gone
/// through again and again, shuffled anew every time, and its rounds go on from one epoch to the next.
public struct MultiSourceSampler: IndexSampler {
    private let lengths: [Int]
    private let shares: [Int]
    private let batches: Int
    private let isShuffled: Bool
    private let seed: UInt64
    private let shard: Shard

    /// - Parameters:
    ///   - lengths: sizes of the datasets, in the order in which they are combined.
    ///   - ratios: their shares of a batch; the first takes what rounding leaves.
    ///   - roundUp: whether a last, incomplete batch's samples still make a batch.
    /// - Throws: `DatasetError.arguments` for ratios or sizes that cannot be used.
    public init(
        lengths: [Int], batchSize: Int, ratios: [Double], isShuffled: Bool = true, roundUp: Bool = true,
        seed: UInt64 = 0, shard: Shard = .whole
    ) throws {
        let sum = ratios.reduce(0, +)
        guard ratios.count == lengths.count, batchSize > 0, sum > 0, ratios.allSatisfy({ $0 >= 0 && $0.isFinite })
        else {
            throw DatasetError.arguments(
                dataset: "MultiSourceSampler",
                reason: "source_ratio \(ratios) for \(lengths.count) datasets and batches of \(batchSize)")
        }
        var shares = ratios.map { Int(Double(batchSize) * $0 / sum) }
        shares[0] = batchSize - shares.dropFirst().reduce(0, +)
        for (length, share) in zip(lengths, shares) where share > 0 && length <= 0 {
            throw DatasetError.empty(
                dataset: "MultiSourceSampler", reason: "a dataset with a share of the batch is empty")
        }
        let own = (lengths.reduce(0, +) + shard.worldSize - 1) / shard.worldSize
        batches = own / batchSize + (roundUp && own % batchSize > 0 ? 1 : 0)
        self.lengths = lengths
        self.shares = shares
        self.isShuffled = isShuffled
        self.seed = seed
        self.shard = shard
    }

    public func indices(epoch: Int) -> [Int] {
        var streams = lengths.indices.map { source in
            SourceStream(
                length: lengths[source], seed: isShuffled ? seed &+ UInt64(source) &* 0x9E37_79B9 : nil,
                position: shard.rank + epoch * batches * shares[source] * shard.worldSize, step: shard.worldSize)
        }
        var starts = [0]
        for length in lengths { starts.append(starts[starts.count - 1] + length) }
        var result: [Int] = []
        for _ in 0..<batches {
            for source in lengths.indices {
                for _ in 0..<shares[source] { result.append(starts[source] + streams[source].next()) }
            }
        }
        return result
    }
}

/// One dataset gone through without end, every so many samples.
private struct SourceStream {
    let length: Int
    let seed: UInt64?
    var position: Int
    let step: Int
    private var round = -1
    private var order: [Int] = []

    init(length: Int, seed: UInt64?, position: Int, step: Int) {
        self.length = length
        self.seed = seed
        self.position = position
        self.step = step
    }

    mutating func next() -> Int {
        defer { position += step }
        guard let seed else { return position % length }
        if position / length != round {
            round = position / length
            order = permutation(length, seed: seed, epoch: round)
        }
        return order[position % length]
    }
}

/// The numbers below `count` in an order that follows from seed and epoch.
private func permutation(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var generator = SeededGenerator(seed: seed, epoch: epoch, index: -1)
    return Array(0..<count).shuffled(using: &generator)
}
