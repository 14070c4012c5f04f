/// The bytes behind one or more tensors, as `torch.UntypedStorage`: a range of a memory-mapped file, or memory that
/// somebody else owns. Tensors that share a storage in the file share the same object here.
///
/// The bytes stay valid for as long as this object lives; nothing is read from disk before it is touched.
public final class TensorStorage: Sendable {
    /// Number of bytes.
    public let byteCount: Int
    private nonisolated(unsafe) let base: UnsafeRawPointer?
    private let owner: any AnyObject & Sendable

    /// Adopts memory without copying.
    ///
    /// - Parameters:
    ///   - bytes: the memory; it must not change while this object lives.
    ///   - owner: kept alive as long as this object, so that `bytes` stays valid.
    public init(borrowing bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable) {
        self.base = bytes.baseAddress
        self.byteCount = bytes.count
        self.owner = owner
    }

    /// Copies `bytes` into memory of its own.
    public convenience init(_ bytes: [UInt8]) {
        let memory = OwnedMemory(bytes)
        self.init(borrowing: memory.bytes, owner: memory)
    }

    /// Calls `body` with all bytes. The pointer need not be aligned (`.safetensors` aligns nothing).
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(start: base, count: byteCount)) }
    }
}

/// A heap block that is freed with the object.
private final class OwnedMemory: Sendable {
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init(_ source: [UInt8]) {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
        block.copyBytes(from: source)
        bytes = UnsafeRawBufferPointer(block)
    }

    deinit { bytes.deallocate() }
}
