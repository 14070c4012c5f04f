import CTorch

extension Tensor {
    /// Copies an array into a new tensor on the CPU.
    ///
    /// - Parameter shape: Its product must equal the number of values; nil makes one dimension.
    public init<Element: TensorElement>(_ values: [Element], shape: [Int]? = nil) throws {
        let shape = shape ?? [values.count]
        let copy = try Tensor.empty(shape, dtype: Element.scalarType)
        guard copy.count == values.count else {
            throw TorchError(operator: "Tensor", message: "\(values.count) values do not fill the shape \(shape)")
        }
        try copy.withUnsafeMutableBytes { bytes in values.withUnsafeBytes { bytes.copyMemory(from: $0) } }
        self = copy
    }

    /// A tensor without dimensions.
    public init<Element: TensorElement>(_ value: Element) throws { try self.init([value], shape: []) }

    /// The elements in row-major order, converted to `Element` as PyTorch's `to` converts.
    public func toArray<Element: TensorElement>(_ type: Element.Type = Element.self) throws -> [Element] {
        let source = try detach().to(device: .cpu).to(dtype: Element.scalarType).contiguous()
        return try source.withUnsafeBytes { Array($0.bindMemory(to: Element.self)) }
    }

    /// The only element.
    ///
    /// - Throws: `TorchError` when the tensor has not exactly one element.
    public func item() throws -> Double {
        var value = 0.0
        guard ct_tensor_item_double(handle, &value) else { throw Tensor.failure("item") }
        return value
    }

    /// The only element as an integer.
    ///
    /// - Throws: `TorchError` when the tensor has not exactly one element or it is beyond the integers.
    public func intItem() throws -> Int {
        var value: Int64 = 0
        guard ct_tensor_item_int(handle, &value) else { throw Tensor.failure("item") }
        return Int(value)
    }

    /// Lends the elements' memory, without copying.
    ///
    /// - Throws: `TorchError` unless the tensor is contiguous and on the CPU.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        try withUnsafeMutableBytes { try body(UnsafeRawBufferPointer($0)) }
    }

    /// Lends the elements' memory for writing. Writing is not seen by autograd.
    ///
    /// - Throws: `TorchError` unless the tensor is contiguous and on the CPU.
    public func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard device == .cpu, isContiguous else {
            throw TorchError(operator: "withUnsafeBytes", message: "\(self) is not contiguous memory of the CPU")
        }
        var data: UnsafeMutableRawPointer?
        guard ct_tensor_data(handle, &data) else { throw Tensor.failure("withUnsafeBytes") }
        return try withExtendedLifetime(box) {
            try body(UnsafeMutableRawBufferPointer(start: data, count: data == nil ? 0 : count * dtype.byteCount))
        }
    }

    /// Address of the first element; nil for an empty or a meta tensor. For comparing, not for reading.
    public var dataAddress: UnsafeRawPointer? {
        var data: UnsafeMutableRawPointer?
        return ct_tensor_data(handle, &data) ? data.map { UnsafeRawPointer($0) } : nil
    }
}
