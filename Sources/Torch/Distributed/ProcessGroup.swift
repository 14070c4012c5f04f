import CTorch

/// Several processes that compute together, each with an equal say (c10d with Gloo).
///
/// All processes call the same methods in the same order; each call waits until every process has made it. Tensors are on
/// the CPU, of equal shape and type in all processes.
public final class ProcessGroup: @unchecked Sendable {
    // Sendable: c10d guards its queues; the order of calls is the callers' affair, as said above.
    /// From 0.
    public let rank: Int
    /// How many processes there are.
    public let size: Int
    let handle: OpaquePointer

    /// Meets the other processes.
    ///
    /// - Parameter timeout: seconds after which a process that does not come, or does not answer, counts as lost.
    /// - Throws: `DistributedError.unreachable`.
    public init(_ environment: DistributedEnvironment, timeout: Double = 1800) throws {
        rank = environment.rank
        size = environment.worldSize
        let milliseconds = Int64(min(max(timeout, 0.001), 1e6) * 1000)
        guard
            let handle = ct_group_join(
                environment.host, environment.port, Int32(clamping: rank), Int32(clamping: size), milliseconds)
        else {
            throw DistributedError.unreachable(
                host: environment.host, port: environment.port, reason: String(cString: ct_last_error()))
        }
        self.handle = handle
    }

    deinit { ct_group_release(handle) }

    /// The first process: the one that writes files and logs.
    public var isMain: Bool { rank == 0 }

    /// Replaces the tensor by its sum over the processes.
    public func sum_(_ tensor: Tensor) throws {
        try check(ct_group_all_reduce(handle, tensor.handle), "all_reduce")
    }

    /// The sum over the processes. Its gradient, too, is summed over them.
    public func sum(_ tensor: Tensor) throws -> Tensor {
        var result: OpaquePointer?
        try check(ct_group_sum(handle, tensor.handle, &result), "all_reduce")
        guard let result else { throw Tensor.failure("all_reduce") }
        return try Tensor(owning: result)
    }

    /// Replaces the tensor by that of one process.
    public func broadcast_(_ tensor: Tensor, from root: Int = 0) throws {
        try check(ct_group_broadcast(handle, tensor.handle, Int32(clamping: root)), "broadcast")
    }

    /// Every process's tensor, by rank.
    public func gather(_ tensor: Tensor) throws -> [Tensor] {
        var results = [OpaquePointer?](repeating: nil, count: size)
        try check(ct_group_all_gather(handle, tensor.handle, &results), "all_gather")
        return try results.compactMap(\.self).map { handle in Result { try Tensor(owning: handle) } }
            .map { try $0.get() }
    }

    /// Every process's bytes, by rank; they may differ in number.
    public func gather(_ bytes: [UInt8]) throws -> [[UInt8]] {
        let counts = try gather(Tensor([bytes.count], shape: [1])).map { try $0.toArray(Int.self)[0] }
        let longest = counts.max() ?? 0
        guard longest > 0 else { return counts.map { _ in [] } }
        let padded = bytes + [UInt8](repeating: 0, count: longest - bytes.count)
        return try zip(gather(Tensor(padded, shape: [longest])), counts).map { tensor, count in
            Array(try tensor.toArray(UInt8.self).prefix(count))
        }
    }

    /// Waits until every process is here.
    public func barrier() throws {
        try check(ct_group_barrier(handle), "barrier")
    }

    private func check(_ done: Bool, _ function: String) throws {
        guard !done else { return }
        throw DistributedError.explaining(Tensor.failure(function), rank: rank)
    }
}

/// Averages the gradients of all processes while `backward` computes them (c10d's `Reducer`, the engine of PyTorch's
/// `DistributedDataParallel`): parameters go in buckets, and a bucket is exchanged as soon as its gradients are there.
///
/// Every process must have the same parameters in the same order, with equal values at the start (`synchronize`).
public final class GradientReducer: @unchecked Sendable {
    // Sendable: used by the thread that trains; the engine's threads only call it back during `backward`.
    private let handle: OpaquePointer
    private let group: ProcessGroup

    /// - Parameters:
    ///   - parameters: leaves that require gradients.
    ///   - bucketMegabytes: size of a bucket.
    ///   - findsUnused: whether each step looks for parameters that take no part in it (`find_unused_parameters`); without,
    ///     a step in which one takes no part fails.
    /// - Throws: `TorchError` when parameters differ between processes, `DistributedError.lostPeer`.
    public init(
        _ parameters: [Tensor], in group: ProcessGroup, bucketMegabytes: Double = 25, findsUnused: Bool = false
    ) throws {
        self.group = group
        let bytes = Int64(min(max(bucketMegabytes, 0.001), 1e6) * 1_048_576)
        let made = withExtendedLifetime(parameters) {
            ct_reducer_make(group.handle, parameters.map(\.handle), parameters.count, bytes, findsUnused)
        }
        guard let made else {
            throw DistributedError.explaining(Tensor.failure("Reducer"), rank: group.rank)
        }
        handle = made
    }

    deinit { ct_reducer_release(handle) }

    /// Before a forward pass.
    public func beginForward() throws {
        guard ct_reducer_begin_forward(handle) else {
            throw DistributedError.explaining(Tensor.failure("Reducer"), rank: group.rank)
        }
    }

    /// After the forward pass, with what it gave; the next `backward` averages gradients. Left out, it accumulates them in
    /// this process alone.
    public func beginBackward(_ outputs: [Tensor]) throws {
        let done = withExtendedLifetime(outputs) {
            ct_reducer_begin_backward(handle, outputs.map(\.handle), outputs.count)
        }
        guard done else { throw DistributedError.explaining(Tensor.failure("Reducer"), rank: group.rank) }
    }
}
