public import PoseCore
public import Torch

/// What is known about the samples of a batch, as tensors: the targets of training.
///
/// The names are those `PackPoseInputs` packs them under.
public struct TrainingBatch: Sendable {
    /// Where in a packed sample an array is.
    public enum Group: String, Sendable {
        /// One value for each instance or keypoint.
        case labels = "gt_instance_labels"
        /// Maps; those of several levels are named `heatmaps.0`, `heatmaps.1`, ….
        case fields = "gt_fields"
        /// The annotation itself.
        case instances = "gt_instances"
        /// Facts about the sample.
        case metainfo
    }

    /// The samples, in the order of the network's input.
    public let samples: [PackedSample]
    /// Where the tensors are made.
    public let device: Device
    /// How far training has come.
    public let progress: TrainingProgress
    /// Whether heads also measure how accurate they are (`train_cfg.compute_acc`).
    public var measuresAccuracy = true
    /// How many instances of a batch a head learns from that makes maps for each, drawn at random from more
    /// (`train_cfg.max_train_instances`); all when nil or not positive.
    public var maximalInstances: Int?

    /// - Parameter device: where the network is.
    public init(_ samples: [PackedSample], on device: Device = .cpu, progress: TrainingProgress = TrainingProgress()) {
        self.samples = samples
        self.device = device
        self.progress = progress
    }

    /// Whether every sample has the array.
    public func has(_ group: Group, _ name: String) -> Bool {
        !samples.isEmpty && samples.allSatisfy { $0[group, name] != nil }
    }

    /// The array of each sample.
    ///
    /// - Throws: `ModelError.invalidInput` when a sample lacks it or it holds text, `TorchError`.
    public func each(_ group: Group, _ name: String) throws -> [Tensor] {
        try samples.enumerated().map { index, sample in
            guard let array = sample[group, name] else {
                throw ModelError.invalidInput(
                    "sample \(index) of the batch has no \(group.rawValue)/\(name): does the head's codec make it?")
            }
            return try Tensor(array, name: name).to(device: device)
        }
    }

    /// The arrays of all samples one after the other: `(Σ Nᵢ, …)`.
    ///
    /// - Throws: as `each`, and `TorchError` when shapes differ.
    public func joined(_ group: Group, _ name: String, dim: Int = 0) throws -> Tensor {
        try Tensor.cat(each(group, name), dim: dim)
    }

    /// The arrays of all samples as parts of a new first dimension: `(B, …)`.
    ///
    /// - Throws: as `each`, and `TorchError` when shapes differ.
    public func stacked(_ group: Group, _ name: String) throws -> Tensor {
        try Tensor.stack(each(group, name))
    }
}

/// How far a training run has come, for losses that change on the way.
public struct TrainingProgress: Hashable, Sendable {
    /// Epochs finished before this one.
    public var epoch: Int
    /// Iterations finished before this one, over all epochs.
    public var iteration: Int
    /// Epochs of the whole run; nil when it is counted in iterations.
    public var epochCount: Int?

    /// The beginning of a run unless told otherwise.
    public init(epoch: Int = 0, iteration: Int = 0, epochCount: Int? = nil) {
        self.epoch = epoch
        self.iteration = iteration
        self.epochCount = epochCount
    }

    /// The part of the epochs that is not finished: 1 in the first one, and always when epochs are not counted.
    var remaining: Double {
        guard let epochCount, epochCount > 0 else { return 1 }
        return 1 - Double(epoch) / Double(epochCount)
    }
}

extension PackedSample {
    fileprivate subscript(group: TrainingBatch.Group, name: String) -> AnyNDArray? {
        switch group {
        case .labels: labels[name]
        case .fields: fields[name]
        case .instances: instances[name]
        case .metainfo: metainfo[name]
        }
    }
}

extension Tensor {
    /// The array with its own element type; unsigned ones that PyTorch lacks become int64.
    ///
    /// - Parameter name: what messages call it.
    /// - Throws: `ModelError.invalidInput` for text.
    public init(_ array: AnyNDArray, name: String) throws {
        switch array {
        case .bool(let values): self = try Tensor(values.elements, shape: values.shape)
        case .int8(let values): self = try Tensor(values.elements, shape: values.shape)
        case .int16(let values): self = try Tensor(values.elements, shape: values.shape)
        case .int32(let values): self = try Tensor(values.elements, shape: values.shape)
        case .int64(let values): self = try Tensor(values.elements, shape: values.shape)
        case .uint8(let values): self = try Tensor(values.elements, shape: values.shape)
        case .float16(let values), .float32(let values): self = try Tensor(values.elements, shape: values.shape)
        case .float64(let values): self = try Tensor(values.elements, shape: values.shape)
        case .uint16, .uint32, .uint64:
            guard let values = array.integers else {
                throw ModelError.invalidInput("\(name) has a number that no tensor can hold")
            }
            self = try Tensor(values.elements, shape: values.shape)
        case .string:
            throw ModelError.invalidInput("\(name) is text, not numbers")
        }
    }
}

extension TrainingBatch {
    /// Zero where nothing is to be learned from a map, `(B, 1, H, W)`; nil when no sample says so.
    func heatmapMask() throws -> Tensor? {
        guard has(.fields, "heatmap_mask") else { return nil }
        let mask = try stacked(.fields, "heatmap_mask").to(.float32)
        return mask.rank == 3 ? try mask.unsqueeze(1) : mask
    }
}
