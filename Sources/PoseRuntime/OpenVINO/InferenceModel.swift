import COpenVINO
import Foundation
public import PoseCore

/// A compiled network. Threads may share it: each inference takes a request of its own from a pool.
public final class InferenceModel: @unchecked Sendable {
    // `ov::CompiledModel` is thread-safe; `idle` is guarded by `lock`: hence `@unchecked Sendable`.
    private let compiled: OpaquePointer
    // Plugins live in the engine; it has to outlive what it compiled.
    private let engine: InferenceEngine
    private let lock = NSLock()
    private var idle: [InferenceRequest] = []

    /// What the network takes, in order.
    public let inputs: [TensorDescription]
    /// What it gives, in order.
    public let outputs: [TensorDescription]

    init(owning compiled: OpaquePointer, engine: InferenceEngine) throws(OpenVINOError) {
        self.compiled = compiled
        self.engine = engine
        do {
            inputs = try Self.ports(compiled, "input", ov_compiled_model_inputs_size, ov_compiled_model_input_by_index)
            outputs = try Self.ports(
                compiled, "output", ov_compiled_model_outputs_size, ov_compiled_model_output_by_index)
        } catch {
            ov_compiled_model_free(compiled)
            throw error
        }
    }

    deinit {
        // Requests point into the compiled model: they go first.
        idle.removeAll()
        ov_compiled_model_free(compiled)
    }

    private static func ports(
        _ model: OpaquePointer, _ kind: String,
        _ count: (OpaquePointer?, UnsafeMutablePointer<Int>?) -> ov_status_e,
        _ port: (OpaquePointer?, Int, UnsafeMutablePointer<OpaquePointer?>?) -> ov_status_e
    ) throws(OpenVINOError) -> [TensorDescription] {
        var number = 0
        try check("count the \(kind)s", count(model, &number))
        var result: [TensorDescription] = []
        for index in 0..<number {
            var handle: OpaquePointer?
            try check("look at \(kind) \(index)", port(model, index, &handle))
            guard let handle else { continue }
            defer { ov_output_const_port_free(handle) }
            result.append(try TensorDescription(port: handle, fallbackName: "\(kind) \(index)"))
        }
        return result
    }

    /// Lends a request to `body`. Requests are kept and used again, so that nothing is allocated once all threads
    /// have had one.
    public func withRequest<R>(_ body: (InferenceRequest) throws -> R) throws -> R {
        let request = try lock.withLock { idle.popLast() } ?? makeRequest()
        defer { lock.withLock { idle.append(request) } }
        return try body(request)
    }

    private func makeRequest() throws(OpenVINOError) -> InferenceRequest {
        var request: OpaquePointer?
        try check("make a request", ov_compiled_model_create_infer_request(compiled, &request))
        guard let request else { throw OpenVINOError(.unexpectedNetwork("OpenVINO gave no request")) }
        return InferenceRequest(owning: request, inputs: inputs, outputs: outputs)
    }

    /// Runs the network on float arrays, one per input, and copies all outputs.
    ///
    /// - Throws: `OpenVINOError` when the number or shapes of the arrays are not the network's.
    public func callAsFunction(_ arrays: [NDArray<Float>]) throws -> [NDArray<Float>] {
        guard arrays.count == inputs.count else {
            let message = "the network takes \(inputs.count) inputs, \(arrays.count) were given"
            throw OpenVINOError(.unexpectedNetwork(message))
        }
        return try withRequest { request in
            for (index, array) in arrays.enumerated() {
                try request.setInput(index, array.elements, shape: array.shape)
            }
            try request.infer()
            return try outputs.indices.map { index in
                try request.withOutput(index, as: Float.self) { values, shape in
                    try NDArray(Array(values), shape: shape)
                }
            }
        }
    }
}
