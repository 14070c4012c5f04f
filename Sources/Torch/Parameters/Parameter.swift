import Foundation

/// A named tensor of a model: what is learned, or a buffer that belongs to the state.
///
/// Nothing is allocated before the first use, so that loading can adopt a memory-mapped tensor without a copy.
public final class Parameter: @unchecked Sendable {
    // Sendable: `state`, `initializer` and `isTrainable` are only touched under `lock`.

    /// What a tensor is to its model.
    public enum Kind: Hashable, Sendable {
        /// Learned.
        case parameter
        /// Not learned. A buffer that is not persistent is no part of the state dict.
        case buffer(persistent: Bool)
    }

    /// The key in the state dict.
    public let name: String
    /// The declared shape, which loading insists on.
    public let shape: [Int]
    /// The type of the values, to which loading converts.
    public let dtype: ScalarType
    /// Whether it is learned, and whether the state dict has it.
    public let kind: Kind
    /// A source without this key is complete nevertheless, since the model knows the value: counters, index tables.
    public let mayBeAbsent: Bool

    private enum State {
        case unallocated
        /// In memory that belongs to somebody else and may be read-only.
        case borrowed(Tensor)
        case owned(Tensor)
    }

    private let settings: StoreSettings
    private let lock = NSLock()
    private var state = State.unallocated
    private var initializerValue: Initializer
    private var isTrainableValue: Bool

    init(
        name: String, shape: [Int], dtype: ScalarType, kind: Kind, mayBeAbsent: Bool, isTrainable: Bool,
        initializer: Initializer, settings: StoreSettings
    ) {
        self.name = name
        self.shape = shape
        self.dtype = dtype
        self.kind = kind
        self.mayBeAbsent = mayBeAbsent
        self.settings = settings
        initializerValue = initializer
        isTrainableValue = isTrainable
    }

    /// The values. The first use of a parameter that was not loaded runs its initialiser.
    ///
    /// While the store is training the memory is always the parameter's own; a borrowed tensor is copied then.
    public var tensor: Tensor {
        get throws {
            try lock.withLock {
                switch state {
                case .owned(let tensor): return tensor
                case .borrowed(let tensor):
                    return settings.isTraining ? try own(tensor) : tensor
                case .unallocated: return try allocate()
                }
            }
        }
    }

    /// Whether the values are in memory already.
    public var isAllocated: Bool {
        lock.withLock {
            if case .unallocated = state { return false }
            return true
        }
    }

    /// Whether the values lie in memory of somebody else, such as a mapped file.
    public var isBorrowed: Bool {
        lock.withLock {
            if case .borrowed = state { return true }
            return false
        }
    }

    /// What fills the parameter at its first use; without effect afterwards.
    public var initializer: Initializer {
        get { lock.withLock { initializerValue } }
        set { lock.withLock { initializerValue = newValue } }
    }

    /// Whether the parameter is learned. Buffers never are.
    public var isTrainable: Bool { lock.withLock { isTrainableValue } }

    /// Freezes the parameter, or lets it be learned again.
    public func setTrainable(_ trainable: Bool) throws {
        guard kind == .parameter else { return }
        try lock.withLock {
            isTrainableValue = trainable
            switch state {
            case .owned(let tensor), .borrowed(let tensor): try tensor.requiresGrad_(trainable)
            case .unallocated: break
            }
        }
    }

    /// Sets the values: a parameter in use is overwritten in place, so that optimizers keep their tensor; otherwise
    /// `values` is adopted without copying when type and device agree.
    ///
    /// - Throws: `ParameterError.shape` when the shape is not the declared one.
    func load(_ values: Tensor) throws {
        guard values.shape == shape else {
            throw ParameterError.shape(name: name, declared: shape, found: values.shape)
        }
        try lock.withLock {
            try quietly {
                if case .owned(let tensor) = state {
                    try tensor.copy_(from: values)
                    return
                }
                let adopted = try values.detach().to(device: settings.device, dtype: dtype).contiguous()
                let isCopy = adopted.dataAddress != values.dataAddress
                state = isCopy ? .owned(adopted) : .borrowed(adopted)
                if isTrainableValue { try adopted.requiresGrad_() }
            }
        }
    }

    /// Moves the values to the store's device.
    func move() throws {
        try lock.withLock {
            guard case .owned(let tensor) = state, tensor.device != settings.device else {
                if case .borrowed(let tensor) = state, tensor.device != settings.device { _ = try own(tensor) }
                return
            }
            _ = try own(tensor)
        }
    }

    private func allocate() throws -> Tensor {
        try quietly {
            let tensor = try Tensor.empty(shape, dtype: dtype, device: settings.device)
            // Drawn on the CPU, so that the values do not depend on the device.
            let draft = settings.device == .cpu ? tensor : try Tensor.empty(shape, dtype: dtype)
            try initializerValue.fill(draft, Generator(seed: settings.seed(for: name)))
            if settings.device != .cpu { try tensor.copy_(from: draft) }
            if isTrainableValue { try tensor.requiresGrad_() }
            state = .owned(tensor)
            return tensor
        }
    }

    private func own(_ tensor: Tensor) throws -> Tensor {
        try quietly {
            let copy =
                tensor.device == settings.device
                ? try tensor.detach().clone(.contiguous) : try tensor.detach().to(device: settings.device)
            if isTrainableValue { try copy.requiresGrad_() }
            state = .owned(copy)
            return copy
        }
    }

    /// Outside any graph, and so that the result may be part of one later.
    private func quietly<Result>(_ body: () throws -> Result) throws -> Result {
        try outsideInferenceMode { try noGrad(body) }
    }
}
