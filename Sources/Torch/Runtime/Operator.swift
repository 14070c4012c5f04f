import CTorch

/// An operator of libtorch, found once by name and then called without any lookup.
///
/// Every operator call of this package goes through `call(_:)`, so an `OperatorObserver` sees whole models.
public struct Operator: @unchecked Sendable {
    // Sendable: the handle points to an immutable record that lives as long as the process.

    /// The qualified name with its overload, "aten::add.Tensor".
    public let name: String
    private let handle: OpaquePointer?
    let resultCount: Int

    /// Looks an operator up. A name that libtorch does not know makes every call throw; see `exists`.
    public init(_ name: String) {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        self.name = name
        handle = ct_operator_find(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        resultCount = handle.map(ct_operator_result_count) ?? 0
    }

    /// Whether libtorch has an operator of this name.
    public var exists: Bool { handle != nil }

    /// The names of the arguments in the order `call` takes them.
    public var argumentNames: [String] {
        guard let handle else { return [] }
        return (0..<ct_operator_argument_count(handle)).compactMap { index in
            ct_operator_argument_name(handle, index).map { String(cString: $0) }
        }
    }

    /// Calls the operator with positional arguments in the order of its schema; trailing arguments that are left out
    /// take their defaults.
    ///
    /// - Throws: `TorchError` when an argument does not fit or the operator fails.
    public func call(_ arguments: [IValue]) throws -> [IValue] {
        guard let handle else { throw TorchError(operator: name, message: "libtorch has no such operator") }
        let results = try CallFrame.call(self, handle, arguments)
        if let observer = ct_thread_observer() {
            try Unmanaged<ObserverBox>.fromOpaque(observer).takeUnretainedValue().observer
                .didCall(self, arguments: arguments, results: results)
        }
        return results
    }

    /// Calls an operator whose result is one tensor.
    public func callAsFunction(_ arguments: IValue...) throws -> Tensor {
        let results = try call(arguments)
        guard case .tensor(let tensor)? = results.first else { throw unexpectedResult }
        return tensor
    }

    /// Calls an operator whose results are several tensors, or one list of tensors.
    public func tensors(_ arguments: IValue...) throws -> [Tensor] {
        let results = try call(arguments)
        if results.count == 1, case .tensors(let tensors) = results[0] { return tensors }
        return try results.map {
            guard case .tensor(let tensor) = $0 else { throw unexpectedResult }
            return tensor
        }
    }

    /// Calls an operator whose results are values and their indices.
    func pair(_ arguments: IValue...) throws -> (values: Tensor, indices: Tensor) {
        let results = try call(arguments)
        guard results.count == 2, case .tensor(let values) = results[0], case .tensor(let indices) = results[1] else {
            throw unexpectedResult
        }
        return (values, indices)
    }

    private var unexpectedResult: TorchError {
        TorchError(operator: name, message: "the result is not a tensor")
    }
}
