import CTorch

/// An n-dimensional array of libtorch.
///
/// A `Tensor` is a reference: copies of the value and views share memory, exactly as in PyTorch, and methods whose
/// name ends with an underscore change that memory.
public struct Tensor: @unchecked Sendable {
    // Sendable: the reference count is atomic, the handle is immutable, and libtorch's operators may run on any thread.
    // As in PyTorch, changing a tensor in place while another thread uses it is the caller's race; everything that is
    // not named with an underscore leaves its operands unchanged.
    let box: Box

    /// Owns one reference to the tensor in C++.
    final class Box {
        let handle: OpaquePointer
        let dtype: ScalarType
        let device: Device

        init(_ handle: OpaquePointer, _ dtype: ScalarType, _ device: Device) {
            self.handle = handle
            self.dtype = dtype
            self.device = device
        }

        deinit { ct_tensor_release(handle) }
    }

    /// Takes over one reference, also when it throws because the element type or the device has no Swift name.
    init(owning handle: OpaquePointer) throws {
        let code = ct_tensor_dtype(handle)
        var deviceType: Int32 = 0
        var deviceIndex: Int32 = 0
        ct_tensor_device(handle, &deviceType, &deviceIndex)
        guard let dtype = ScalarType(code: code), let device = Device(typeCode: deviceType, index: deviceIndex) else {
            ct_tensor_release(handle)
            throw TorchError(
                operator: "Tensor", message: "element type \(code) on device type \(deviceType) is not supported")
        }
        box = Box(handle, dtype, device)
    }

    var handle: OpaquePointer { box.handle }

    /// The last failure of this thread in C++.
    static func failure(_ function: String) -> TorchError {
        TorchError(operator: function, message: String(cString: ct_last_error()))
    }
}

extension Tensor {
    /// The type of the elements.
    public var dtype: ScalarType { box.dtype }

    /// Where the elements are.
    public var device: Device { box.device }

    /// Identifies the tensor object in C++ while it lives: results of in-place operators have the identity of the
    /// operand, views have one of their own.
    public var identity: Int { Int(bitPattern: handle) }

    /// Number of dimensions.
    public var rank: Int { Int(ct_tensor_dim(handle)) }

    /// Number of elements.
    public var count: Int { Int(ct_tensor_numel(handle)) }

    /// Number of elements along each dimension.
    public var shape: [Int] { dimensions(ct_tensor_sizes) }

    /// Distance between neighbours along each dimension, in elements.
    public var strides: [Int] { dimensions(ct_tensor_strides) }

    private func dimensions(_ read: (OpaquePointer, UnsafeMutablePointer<Int64>) -> Bool) -> [Int] {
        let rank = rank
        return [Int](unsafeUninitializedCapacity: rank) { buffer, count in
            guard rank > 0, let base = buffer.baseAddress else { return }
            let filled = base.withMemoryRebound(to: Int64.self, capacity: rank) { read(handle, $0) }
            count = filled ? rank : 0
        }
    }

    /// The size of one dimension; a negative number counts from the last.
    ///
    /// - Throws: `TorchError` when there is no such dimension.
    public func size(_ dimension: Int) throws -> Int {
        let shape = shape
        let index = dimension < 0 ? dimension + shape.count : dimension
        guard shape.indices.contains(index) else {
            throw TorchError(operator: "size", message: "dimension \(dimension) of a tensor of shape \(shape)")
        }
        return shape[index]
    }

    /// Whether the elements lie in memory in row-major order, without gaps.
    public var isContiguous: Bool { isContiguous(in: .contiguous) }

    /// Whether the elements lie in memory in the order of `format`, without gaps.
    public func isContiguous(in format: MemoryFormat) -> Bool {
        ct_tensor_is_contiguous(handle, Int32(format.rawValue))
    }

}

extension Tensor: CustomStringConvertible {
    /// Shape, type and device, "float32[2, 3]" or "float32[2, 3]@cuda:0".
    public var description: String {
        "\(dtype)\(shape)" + (device == .cpu ? "" : "@\(device)")
    }
}
