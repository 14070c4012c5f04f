/// A named tensor of a checkpoint: a strided view of a storage, checked to lie inside it. Nothing is copied until asked.
///
/// Shapes: any rank; `[]` is a scalar, a 0 anywhere makes the tensor empty. Strides are in elements and never negative.
public struct TensorEntry: Sendable {
    /// The key in the state dict; empty for tensors met elsewhere in the file.
    public let name: String
    /// Element type.
    public let dtype: ScalarType
    /// Sizes, outermost first.
    public let shape: [Int]
    /// Elements between neighbours along each dimension; 0 for an expanded dimension.
    public let strides: [Int]
    /// The bytes, shared by every tensor that shares them in the file.
    public let storage: TensorStorage
    /// Where the first element is in `storage`, in bytes.
    public let byteOffset: Int
    /// Number of elements: the product of `shape`.
    public let elementCount: Int
    /// Bytes from the first to the last element reached, both included; 0 for an empty tensor.
    let span: Int

    /// A view of `storage`; C-contiguous unless `strides` are given.
    ///
    /// - Throws: `CheckpointError.Reason` when shape and strides do not fit together, overflow, or leave the storage.
    public init(
        name: String = "", dtype: ScalarType, shape: [Int], strides: [Int]? = nil, storage: TensorStorage,
        byteOffset: Int = 0
    ) throws {
        let view = try StridedView(
            shape: shape, strides: strides, elementSize: dtype.byteCount, byteOffset: byteOffset,
            storageBytes: storage.byteCount)
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.strides = view.strides
        self.storage = storage
        self.byteOffset = byteOffset
        self.elementCount = view.elementCount
        self.span = view.span
    }

    /// Bytes the elements take when laid out contiguously.
    public var byteCount: Int { elementCount * dtype.byteCount }

    /// True when the elements lie next to each other in row-major order, as `torch.Tensor.is_contiguous`.
    public var isContiguous: Bool {
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            if elementCount > 0 && stride != expected { return false }
            expected *= size
        }
        return true
    }

    /// The same tensor under another key.
    public func renamed(_ name: String) -> TensorEntry {
        TensorEntry(copying: self, name: name)
    }

    private init(copying other: TensorEntry, name: String) {
        self.name = name
        dtype = other.dtype
        shape = other.shape
        strides = other.strides
        storage = other.storage
        byteOffset = other.byteOffset
        elementCount = other.elementCount
        span = other.span
    }

    /// Calls `body` with the bytes from the first element to the last one reached. For a contiguous tensor these are
    /// exactly its elements; otherwise `strides` say where they are. The pointer need not be aligned.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBytes { all in
            guard span > 0 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
            return try body(UnsafeRawBufferPointer(rebasing: all[byteOffset..<byteOffset + span]))
        }
    }

    /// A copy of the elements in row-major order.
    public func contiguousBytes() -> [UInt8] {
        if isContiguous { return withUnsafeBytes { Array($0) } }
        return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            withUnsafeBytes { gather($0, into: UnsafeMutableRawBufferPointer(buffer)) }
            count = byteCount
        }
    }

    /// Walks the indices in row-major order, copying whole elements.
    private func gather(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) {
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        let size = dtype.byteCount
        var index = [Int](repeating: 0, count: shape.count)
        var offset = 0
        for element in 0..<elementCount {
            (to + element * size).copyMemory(from: from + offset * size, byteCount: size)
            for dimension in shape.indices.reversed() {
                index[dimension] += 1
                offset += strides[dimension]
                if index[dimension] < shape[dimension] { break }
                offset -= index[dimension] * strides[dimension]
                index[dimension] = 0
            }
        }
    }
}
