import CTorch

extension Tensor {
    /// A tensor over memory that belongs to `owner`, which is kept alive as long as any tensor uses the memory.
    ///
    /// Nothing is copied, so the memory must not change meanwhile, and in-place operators need it to be writable.
    ///
    /// - Parameters:
    ///   - bytes: Begins at the first element. Its address must be a multiple of the element size.
    ///   - strides: Distances in elements, not negative; nil means row-major without gaps.
    /// - Throws: `TorchError` when the elements do not lie inside `bytes` or the memory is not aligned.
    public init(
        borrowing bytes: UnsafeRawBufferPointer, shape: [Int], strides: [Int]? = nil, dtype: ScalarType,
        owner: AnyObject
    ) throws {
        let strides = try strides ?? rowMajorStrides(shape)
        let needed = try byteExtent(shape: shape, strides: strides, dtype: dtype)
        guard needed <= bytes.count else {
            throw borrowError("shape \(shape) with strides \(strides) needs \(needed) bytes, there are \(bytes.count)")
        }
        let address = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
        guard Int(bitPattern: address) % dtype.byteCount == 0 else {
            throw borrowError("the memory is not aligned for \(dtype) elements; copy it instead")
        }
        let context = Unmanaged.passRetained(owner)
        var result: OpaquePointer?
        let made = ct_tensor_from_blob(
            address, shape.map(Int64.init), strides.map(Int64.init), shape.count, dtype.code, context.toOpaque(),
            { Unmanaged<AnyObject>.fromOpaque($0!).release() }, &result)
        guard made, let result else {
            context.release()
            throw Tensor.failure("Tensor(borrowing:)")
        }
        try self.init(owning: result)
    }

    /// Copies elements out of memory that need not be aligned nor stay alive.
    ///
    /// - Parameters: As of `init(borrowing:shape:strides:dtype:owner:)`.
    /// - Throws: `TorchError` when the elements do not lie inside `bytes`.
    public init(
        copying bytes: UnsafeRawBufferPointer, shape: [Int], strides: [Int]? = nil, dtype: ScalarType
    ) throws {
        let strides = try strides ?? rowMajorStrides(shape)
        let needed = try byteExtent(shape: shape, strides: strides, dtype: dtype)
        guard needed <= bytes.count else {
            throw borrowError("shape \(shape) with strides \(strides) needs \(needed) bytes, there are \(bytes.count)")
        }
        let flat = try Tensor.empty([needed / dtype.byteCount], dtype: dtype)
        try flat.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(needed))) }
        self = try flat.asStrided(shape, strides: strides).contiguous()
    }
}

private func borrowError(_ message: String) -> TorchError {
    TorchError(operator: "Tensor(borrowing:)", message: message)
}

private func rowMajorStrides(_ shape: [Int]) throws -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for index in shape.indices.dropLast().reversed() {
        let (product, overflow) = strides[index + 1].multipliedReportingOverflow(by: max(shape[index + 1], 1))
        guard !overflow else { throw borrowError("the shape \(shape) has too many elements") }
        strides[index] = product
    }
    return strides
}

/// Bytes from the first to behind the last element.
private func byteExtent(shape: [Int], strides: [Int], dtype: ScalarType) throws -> Int {
    guard shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
        throw borrowError("shape \(shape) and strides \(strides) do not describe a tensor")
    }
    if shape.contains(0) { return 0 }
    var elements = 1
    for (size, stride) in zip(shape, strides) {
        let (distance, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
        let (sum, tooLong) = elements.addingReportingOverflow(distance)
        guard !tooFar, !tooLong else { throw borrowError("the shape \(shape) has too many elements") }
        elements = sum
    }
    let (bytes, overflow) = elements.multipliedReportingOverflow(by: dtype.byteCount)
    guard !overflow else { throw borrowError("the shape \(shape) has too many elements") }
    return bytes
}
