import CTorch

// These modes belong to the calling thread and end with `body`, also when it throws.

/// Runs `body` without recording a graph for gradients.
public func noGrad<Result>(_ body: () throws -> Result) rethrows -> Result { try withGradMode(false, body) }

/// Records gradients inside a `noGrad`.
public func withGrad<Result>(_ body: () throws -> Result) rethrows -> Result { try withGradMode(true, body) }

private func withGradMode<Result>(_ enabled: Bool, _ body: () throws -> Result) rethrows -> Result {
    let previous = ct_grad_enabled()
    ct_set_grad_enabled(enabled)
    defer { ct_set_grad_enabled(previous) }
    return try body()
}

/// Whether operators on this thread record a graph for gradients.
public var isGradEnabled: Bool { ct_grad_enabled() }

/// Runs `body` in libtorch's inference mode: like `noGrad`, and tensors made in it carry no bookkeeping of versions,
/// so they can never take part in autograd later.
public func inferenceMode<Result>(_ body: () throws -> Result) throws -> Result {
    try withInferenceMode(true, body)
}

/// Leaves inference mode for the length of `body`, for tensors that outlive it.
func outsideInferenceMode<Result>(_ body: () throws -> Result) throws -> Result {
    ct_inference_mode_enabled() ? try withInferenceMode(false, body) : try body()
}

private func withInferenceMode<Result>(_ enabled: Bool, _ body: () throws -> Result) throws -> Result {
    guard let guardObject = ct_inference_mode_push(enabled) else { throw Tensor.failure("inferenceMode") }
    defer { ct_inference_mode_pop(guardObject) }
    return try body()
}

/// Lets matrix products and convolutions on `device` run in a lower precision, as PyTorch's `autocast`.
public func autocast<Result>(
    _ dtype: ScalarType, on device: Device = .cpu, enabled: Bool = true, _ body: () throws -> Result
) throws -> Result {
    let wasEnabled = ct_autocast_enabled(device.typeCode)
    let previous = ct_autocast_dtype(device.typeCode)
    guard ct_autocast_enter(device.typeCode, dtype.code, enabled) else { throw Tensor.failure("autocast") }
    defer { _ = ct_autocast_leave(device.typeCode, previous, wasEnabled) }
    return try body()
}

extension Tensor {
    /// Whether operators on this tensor are recorded for gradients, as a leaf or as part of a graph.
    public var requiresGrad: Bool { ct_tensor_requires_grad(handle) }

    /// Not computed from tensors that require gradients.
    public var isLeaf: Bool { ct_tensor_is_leaf(handle) }

    /// Makes a leaf require gradients, or stop doing so. Returns `self`.
    @discardableResult
    public func requiresGrad_(_ required: Bool = true) throws -> Tensor {
        guard ct_tensor_set_requires_grad(handle, required) else { throw Tensor.failure("requires_grad_") }
        return self
    }

    /// The gradient accumulated in this leaf by `backward`.
    public var grad: Tensor? {
        get throws {
            var result: OpaquePointer?
            guard ct_tensor_gradient(handle, &result) else { throw Tensor.failure("grad") }
            return try result.map { try Tensor(owning: $0) }
        }
    }

    /// Replaces the accumulated gradient; nil drops it.
    public func setGrad(_ gradient: Tensor?) throws {
        guard ct_tensor_set_gradient(handle, gradient?.handle) else { throw Tensor.failure("grad") }
    }

    /// Adds the gradients of this tensor to the leaves it was computed from.
    ///
    /// - Parameter gradient: The gradient of whatever comes after; may be left out for a tensor of one element.
    public func backward(_ gradient: Tensor? = nil, keepGraph: Bool = false, createGraph: Bool = false) throws {
        let done = withExtendedLifetime((self, gradient)) {
            ct_backward([handle], [gradient?.handle], 1, keepGraph || createGraph, createGraph)
        }
        guard done else { throw Tensor.failure("backward") }
    }

    /// Gradients of this tensor with respect to `inputs`, without accumulating them anywhere.
    ///
    /// - Returns: One element per input; nil where this tensor does not depend on it, if `allowUnused`.
    public func gradients(
        of inputs: [Tensor], gradient: Tensor? = nil, keepGraph: Bool = false, createGraph: Bool = false,
        allowUnused: Bool = false
    ) throws -> [Tensor?] {
        var results = [OpaquePointer?](repeating: nil, count: inputs.count)
        let done = withExtendedLifetime((self, gradient, inputs)) {
            ct_gradients(
                [handle], [gradient?.handle], 1, inputs.map(\.handle), inputs.count, keepGraph || createGraph,
                createGraph, allowUnused, &results)
        }
        guard done else { throw Tensor.failure("gradients") }
        return try results.map { handle in Result { try handle.map { try Tensor(owning: $0) } } }.map { try $0.get() }
    }
}
