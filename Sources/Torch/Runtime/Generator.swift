import CTorch

/// A source of random numbers of its own (Mersenne twister on the CPU, as PyTorch's `torch.Generator`).
public final class Generator: @unchecked Sendable {
    // Sendable: libtorch locks the generator around every draw, and the handle never changes.
    let handle: OpaquePointer

    /// A generator at the start of the sequence that belongs to `seed`.
    public init(seed: UInt64) throws {
        var result: OpaquePointer?
        guard ct_generator_create(seed, &result), let result else {
            throw TorchError(operator: "Generator", message: String(cString: ct_last_error()))
        }
        handle = result
    }

    deinit { ct_generator_release(handle) }

    /// Starts the sequence that belongs to `seed`.
    public func setSeed(_ seed: UInt64) throws {
        guard ct_generator_set_seed(handle, seed) else {
            throw TorchError(operator: "Generator.setSeed", message: String(cString: ct_last_error()))
        }
    }
}
