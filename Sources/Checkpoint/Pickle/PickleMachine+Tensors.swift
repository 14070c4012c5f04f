/// A storage the pickle refers to; its bytes are elsewhere in the file.
struct StorageReference {
    struct Identity: Hashable {
        /// The key of the storage that is in the file.
        let key: String
        /// The older layout names a part of a storage by a key of its own.
        let view: String?
    }

    let identity: Identity
    /// `nil` for an untyped storage, which counts bytes.
    let dtype: ScalarType?
    /// Number of elements of the storage in the file.
    let count: Int
    /// The part that this is, in elements of the storage; `nil` for all of it.
    let part: Range<Int>?

    var elementSize: Int { dtype?.byteCount ?? 1 }
}

/// A tensor as the pickle describes it, not yet checked against its storage.
struct TensorDescription {
    let storage: Int
    let dtype: ScalarType
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}

extension PickleMachine {
    /// A persistent id: `("storage", class, key, location, count)`, in the older layout followed by `None` or
    /// `(view key, offset, view count)`.
    mutating func storage(_ item: PickleItem) throws -> PickleItem {
        let parts = try tuple(item)
        guard parts.count >= 5, case .string("storage") = parts[0] else {
            throw CheckpointError.Reason.refusedOperation("the pickle refers to an outside object that is no storage")
        }
        guard case .storage(let dtype)? = global(parts[1])?.action, case .string(let key) = parts[2],
            case .int(let count) = parts[4], count >= 0
        else { throw malformed("a storage without class, key and size") }
        var identity = StorageReference.Identity(key: key, view: nil)
        var part: Range<Int>?
        if parts.count > 5, case .node = parts[5] {
            let view = try tuple(parts[5])
            guard view.count == 3, case .string(let viewKey) = view[0], case .int(let offset) = view[1],
                case .int(let length) = view[2], offset >= 0, length >= 0, offset <= count, length <= count - offset
            else { throw malformed("a part of storage '\(Text.printable(key))' that leaves it") }
            identity = StorageReference.Identity(key: key, view: viewKey)
            part = offset..<offset + length
        }
        let reference = StorageReference(identity: identity, dtype: dtype, count: count, part: part)
        if let index = storageIndices[identity] {
            let known = storages[index]
            guard known.dtype == dtype, known.count == count, known.part == part else {
                throw malformed("storage '\(Text.printable(key))' is described in two ways")
            }
            return .storage(index)
        }
        storages.append(reference)
        storageIndices[identity] = storages.count - 1
        return .storage(storages.count - 1)
    }

    /// `(storage, offset, shape, strides, requires_grad, hooks[, dtype], …)`.
    mutating func rebuildTensor(_ arguments: [PickleItem], isTyped: Bool) throws -> PickleItem {
        guard arguments.count >= (isTyped ? 7 : 4), case .storage(let index) = arguments[0],
            case .int(let offset) = arguments[1], let shape = integers(arguments[2]),
            let strides = integers(arguments[3])
        else { throw malformed("a tensor without storage, offset, shape and strides") }
        let dtype: ScalarType
        if isTyped {
            guard let name = global(arguments[6])?.name, name.hasPrefix("torch.") else {
                throw malformed("a tensor without an element type")
            }
            guard let known = ScalarType(rawValue: String(name.dropFirst("torch.".count))) else {
                throw CheckpointError.Reason.unsupported("a tensor of \(name)")
            }
            dtype = known
        } else {
            dtype = storages[index].dtype ?? .uint8
        }
        tensors.append(
            TensorDescription(storage: index, dtype: dtype, offset: offset, shape: shape, strides: strides))
        return .tensor(tensors.count - 1)
    }

    /// `(function, class, arguments, state)`; attributes set on the tensor are left out.
    mutating func rebuildFromType(_ arguments: [PickleItem]) throws -> PickleItem {
        guard arguments.count == 4, let function = global(arguments[0]) else {
            throw malformed("a tensor without its rebuilding function")
        }
        let inner = try tuple(arguments[2])
        switch function.action {
        case .rebuildTensor: return try rebuildTensor(inner, isTyped: false)
        case .rebuildTypedTensor: return try rebuildTensor(inner, isTyped: true)
        case .rebuildParameter:
            guard case .tensor? = inner.first else { throw malformed("a parameter without its tensor") }
            return inner[0]
        default:
            throw CheckpointError.Reason.refusedOperation("the pickle rebuilds a tensor with \(function.name)")
        }
    }

    func integers(_ item: PickleItem) -> [Int]? {
        guard let items = elements(item) else { return nil }
        var result: [Int] = []
        for item in items {
            guard case .int(let value) = item else { return nil }
            result.append(value)
        }
        return result
    }
}
