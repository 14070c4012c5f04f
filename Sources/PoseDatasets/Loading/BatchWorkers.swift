import Foundation
import PoseCore

/// The threads that make the batches of an epoch, and the queue between them and who takes the batches.
final class BatchWorkers: @unchecked Sendable {
    // Everything that changes is guarded by `condition`.
    private let loader: DataLoader
    private let epoch: Int
    private let indices: [Int]
    /// Number of batches in the whole epoch, also when resumed in its middle.
    let count: Int
    private let condition = NSCondition()
    private var pending: [Int: PendingBatch] = [:]
    /// The next sample to hand to a worker: batch and place in it.
    private var nextTask: (batch: Int, slot: Int)
    private var cursor: Int
    private var isCancelled = false
    private var brokenCount = 0

    private struct PendingBatch {
        var slots: [DataLoader.Made?]
        var remaining: Int
        /// The error of the first place, in order, that had one.
        var failure: (slot: Int, error: any Error)?
    }

    init(_ loader: DataLoader, epoch: Int, from first: Int) {
        self.loader = loader
        self.epoch = epoch
        indices = loader.sampler.indices(epoch: epoch)
        count = loader.batchCount(ofSamples: indices.count)
        cursor = first
        nextTask = (first, 0)
    }

    /// Starts the threads. They keep this object alive until the epoch ends or is cancelled.
    func start() {
        for _ in 0..<max(loader.options.workers, 1) {
            let thread = Thread { while self.work() {} }
            thread.name = "pose.loader"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Number of the batch that `next()` gives; kept in a checkpoint, it resumes the epoch there.
    var position: Int { condition.withLock { cursor } }

    /// How many samples of this epoch could not be made so far.
    var broken: Int { condition.withLock { brokenCount } }

    /// Ends the threads; `next()` gives nothing more.
    func cancel() {
        condition.withLock {
            isCancelled = true
            pending = [:]
            condition.broadcast()
        }
    }

    /// The next batch; nil at the end of the epoch.
    ///
    /// - Throws: the error of the first sample, in order, that could not be made nor replaced.
    func next() throws -> Batch? {
        guard let (number, batch) = waitForBatch() else { return nil }
        if let failure = batch.failure {
            cancel()
            throw failure.error
        }
        let made = batch.slots.compactMap(\.self).filter { $0.sample != nil }
        return try Batch(number: number, indices: made.map(\.index), samples: made.compactMap(\.sample))
    }

    private func waitForBatch() -> (Int, PendingBatch)? {
        condition.lock()
        defer { condition.unlock() }
        guard cursor < count else { return nil }
        while !isCancelled {
            if let batch = pending[cursor], batch.remaining == 0 {
                pending[cursor] = nil
                cursor += 1
                condition.broadcast()
                return (cursor - 1, batch)
            }
            condition.wait()
        }
        return nil
    }

    // MARK: workers

    private func range(of batch: Int) -> Range<Int> {
        let size = max(loader.options.batchSize, 1)
        return batch * size..<min((batch + 1) * size, indices.count)
    }

    /// Makes one sample, or waits for one to be wanted. False when there is nothing more to do.
    private func work() -> Bool {
        condition.lock()
        guard !isCancelled, nextTask.batch < count else {
            condition.unlock()
            return false
        }
        guard nextTask.batch <= cursor + max(loader.options.prefetch, 0) else {
            condition.wait()
            condition.unlock()
            return true
        }
        let task = takeTask()
        condition.unlock()
        let result = Result { try loader.make(indices[range(of: task.batch).lowerBound + task.slot], epoch: epoch) }
        condition.withLock { finish(task, result) }
        return true
    }

    private func takeTask() -> (batch: Int, slot: Int) {
        let task = nextTask
        let size = range(of: task.batch).count
        if task.slot == 0 {
            pending[task.batch] = PendingBatch(slots: Array(repeating: nil, count: size), remaining: size)
        }
        nextTask = task.slot + 1 < size ? (task.batch, task.slot + 1) : (task.batch + 1, 0)
        return task
    }

    private func finish(
        _ task: (batch: Int, slot: Int), _ result: Result<DataLoader.Made, any Error>
    ) {
        guard !isCancelled, var batch = pending.removeValue(forKey: task.batch) else { return }
        switch result {
        case .success(let made):
            batch.slots[task.slot] = made
            brokenCount += made.broken
        case .failure(let error):
            brokenCount += 1
            if batch.failure.map({ task.slot < $0.slot }) ?? true { batch.failure = (task.slot, error) }
        }
        batch.remaining -= 1
        pending[task.batch] = batch
        if batch.remaining == 0 { condition.broadcast() }
    }
}
