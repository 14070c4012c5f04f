import CTorch

// What concerns all of libtorch. Written with the module's name these read `Torch.setThreadCount(2)`.

/// The version of libtorch, "2.13.0".
public var libtorchVersion: String { String(cString: ct_version()) }

/// Threads that one operator may use, on this thread.
public var threadCount: Int { Int(ct_thread_count()) }

/// Sets how many threads one operator may use.
///
/// - Throws: `TorchError` when `count` is less than 1.
public func setThreadCount(_ count: Int) throws {
    guard ct_set_thread_count(Int32(clamping: count)) else { throw Tensor.failure("setThreadCount") }
}

/// Sets how many operators may run at once inside libtorch; only possible before the first parallel work.
public func setInteropThreadCount(_ count: Int) throws {
    guard ct_set_interop_thread_count(Int32(clamping: count)) else { throw Tensor.failure("setInteropThreadCount") }
}

/// Seeds the default random generators of all devices.
public func manualSeed(_ seed: UInt64) throws {
    guard ct_manual_seed(seed) else { throw Tensor.failure("manualSeed") }
}

/// Makes operators that have no deterministic implementation throw.
public func setDeterministic(_ deterministic: Bool) throws {
    guard ct_set_deterministic(deterministic) else { throw Tensor.failure("setDeterministic") }
}

/// Allows or forbids oneDNN kernels on the CPU.
public func setOneDNNEnabled(_ enabled: Bool) throws {
    guard ct_set_onednn_enabled(enabled) else { throw Tensor.failure("setOneDNNEnabled") }
}

/// Keeps the memory of tensors that are let go of for the next ones, instead of returning it to the system. For work that
/// makes tensors of the same sizes again and again, such as training.
public func keepFreedMemory() { ct_keep_freed_memory() }
