public import Checkpoint
public import Torch

extension PoseEstimator {
    /// Fills the model from a state dict, converting keys of older versions. Tensors of the right type are used where
    /// they are, memory-mapped.
    ///
    /// - Returns: what was loaded, converted, missing, left over or of another shape; nothing of that is an error here.
    /// - Throws: `TorchError` when a tensor cannot be made, `ParameterError` when two keys become the same.
    public func load(_ stateDict: StateDict) throws -> LoadingReport {
        let rules = conversions.compactMap { KeyConversion($0, versions: stateDict.versions) }
        return try store.load(stateDict.map { (name: $0.name, tensor: try Tensor($0)) }, rules: rules)
    }
}

extension Tensor {
    /// A tensor over the bytes of a checkpoint's entry; the mapped file stays open as long as the tensor lives. Bytes
    /// that are not aligned for their type are copied.
    package init(_ entry: TensorEntry) throws {
        guard let dtype = Torch.ScalarType(rawValue: entry.dtype.rawValue) else {
            throw TorchError(
                operator: "Tensor(borrowing:)", message: "\(entry.name): no tensor type for \(entry.dtype)")
        }
        self = try entry.withUnsafeBytes { bytes in
            guard Int(bitPattern: bytes.baseAddress) % dtype.byteCount == 0 else {
                return try Tensor(copying: bytes, shape: entry.shape, strides: entry.strides, dtype: dtype)
            }
            return try Tensor(
                borrowing: bytes, shape: entry.shape, strides: entry.strides, dtype: dtype, owner: entry.storage)
        }
    }
}
