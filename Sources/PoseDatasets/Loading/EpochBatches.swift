/// The batches of one epoch, in order. Letting go of this object ends the threads that make them.
public final class EpochBatches: Sendable {
    private let workers: BatchWorkers

    init(_ loader: DataLoader, epoch: Int, from first: Int) {
        workers = BatchWorkers(loader, epoch: epoch, from: first)
        workers.start()
    }

    deinit { workers.cancel() }

    /// Number of batches in the whole epoch, also when resumed in its middle.
    public var count: Int { workers.count }

    /// Number of the batch that `next()` gives; kept in a checkpoint, it resumes the epoch there.
    public var position: Int { workers.position }

    /// How many samples of this epoch could not be made so far.
    public var broken: Int { workers.broken }

    /// Ends the threads; `next()` gives nothing more.
    public func cancel() { workers.cancel() }

    /// The next batch; nil at the end of the epoch. One thread at a time may ask.
    ///
    /// - Throws: the error of the first sample, in order, that could not be made nor replaced.
    public func next() throws -> Batch? { try workers.next() }
}
