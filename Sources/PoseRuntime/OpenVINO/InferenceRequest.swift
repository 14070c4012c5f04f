import COpenVINO

/// One run of a network with its own input and output memory. Lent by `InferenceModel.withRequest`; one thread at a time.
public final class InferenceRequest {
    private let request: OpaquePointer
    private let inputs: [TensorDescription]
    private let outputs: [TensorDescription]

    init(owning request: OpaquePointer, inputs: [TensorDescription], outputs: [TensorDescription]) {
        self.request = request
        self.inputs = inputs
        self.outputs = outputs
    }

    deinit { ov_infer_request_free(request) }

    /// Lends the request's own input memory, to be filled in place: nothing is copied afterwards.
    ///
    /// - Parameter shape: needed for inputs whose sizes are not fixed; checked against the network's otherwise.
    /// - Throws: `OpenVINOError` for an unknown input, another shape or element type than the network's.
    public func withInput<T: TensorScalar, R>(
        _ index: Int, shape: [Int]? = nil, as type: T.Type, _ body: (UnsafeMutableBufferPointer<T>) throws -> R
    ) throws -> R {
        guard inputs.indices.contains(index) else {
            throw OpenVINOError(.index(index, count: inputs.count, output: false))
        }
        let description = inputs[index]
        if let shape, !description.accepts(shape) || shape.contains(where: { $0 <= 0 }) {
            throw OpenVINOError(.shape(tensor: description.name, expected: description.shape, given: shape))
        }
        var tensor: OpaquePointer?
        try check("get input \(index)", ov_infer_request_get_input_tensor_by_index(request, index, &tensor))
        defer { ov_tensor_free(tensor) }
        if let shape, description.shape.contains(nil) { try Self.resize(tensor, to: shape) }
        return try body(try Self.values(of: tensor, name: description.name, as: type))
    }

    /// Copies values into an input.
    ///
    /// - Throws: `OpenVINOError` when they are not as many as the shape says or the shape is not the network's.
    public func setInput<T: TensorScalar>(_ index: Int, _ values: [T], shape: [Int]) throws {
        try withInput(index, shape: shape, as: T.self) { buffer in
            guard buffer.count == values.count else {
                throw OpenVINOError(.count(tensor: inputs[index].name, shape: shape, values: values.count))
            }
            _ = buffer.update(fromContentsOf: values)
        }
    }

    /// Runs the network and waits for it.
    public func infer() throws(OpenVINOError) {
        try check("run the network", ov_infer_request_infer(request))
    }

    /// Lends an output with its shape, without a copy; valid during the call.
    ///
    /// - Throws: `OpenVINOError` for an unknown output or another element type than the network's.
    public func withOutput<T: TensorScalar, R>(
        _ index: Int, as type: T.Type, _ body: (UnsafeBufferPointer<T>, [Int]) throws -> R
    ) throws -> R {
        guard outputs.indices.contains(index) else {
            throw OpenVINOError(.index(index, count: outputs.count, output: true))
        }
        var tensor: OpaquePointer?
        try check("get output \(index)", ov_infer_request_get_output_tensor_by_index(request, index, &tensor))
        defer { ov_tensor_free(tensor) }
        var shape = ov_shape_t()
        try check("read the shape of output \(index)", ov_tensor_get_shape(tensor, &shape))
        defer { ov_shape_free(&shape) }
        let sizes = (0..<max(0, Int(shape.rank))).map { Int(shape.dims[$0]) }
        return try body(UnsafeBufferPointer(try Self.values(of: tensor, name: outputs[index].name, as: type)), sizes)
    }

    private static func resize(_ tensor: OpaquePointer?, to sizes: [Int]) throws(OpenVINOError) {
        let sizes = sizes.map(Int64.init)
        var shape = ov_shape_t()
        try check("make a shape", ov_shape_create(Int64(sizes.count), sizes, &shape))
        defer { ov_shape_free(&shape) }
        try check("resize an input", ov_tensor_set_shape(tensor, shape))
    }

    private static func values<T: TensorScalar>(
        of tensor: OpaquePointer?, name: String, as type: T.Type
    ) throws(OpenVINOError) -> UnsafeMutableBufferPointer<T> {
        var element = DYNAMIC
        try check("read an element type", ov_tensor_get_element_type(tensor, &element))
        guard TensorElement(element) == T.tensorElement else {
            throw OpenVINOError(
                .elementType(tensor: name, expected: TensorElement(element), given: T.tensorElement))
        }
        var count = 0
        try check("read a size", ov_tensor_get_size(tensor, &count))
        var data: UnsafeMutableRawPointer?
        try check("reach the values", ov_tensor_data(tensor, &data))
        return UnsafeMutableBufferPointer(start: data?.assumingMemoryBound(to: T.self), count: count)
    }
}
