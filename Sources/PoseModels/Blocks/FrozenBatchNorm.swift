import Torch

/// Batch normalisation by numbers that never change: statistics, scale and offset are buffers, in training too.
///
/// Keys: `weight`, `bias`, `running_mean`, `running_var`, of which checkpoints of ordinary batch normalisation have one
/// more, the count of batches (`DropBatchCounts`).
/// Shapes: input and output `(B, C, H, W)`.
final class FrozenBatchNorm2d: Layer {
    static let layerType = "FrozenBatchNorm2d"

    private let weight, bias, mean, variance: Parameter
    private let epsilon: Double

    init(at path: ParameterPath, channels: Int, epsilon: Double = 1e-5) throws {
        path.declare(layerType: Self.layerType)
        weight = try path.buffer("weight", shape: [channels], initializer: .ones)
        bias = try path.buffer("bias", shape: [channels])
        mean = try path.buffer("running_mean", shape: [channels])
        variance = try path.buffer("running_var", shape: [channels], initializer: .ones)
        self.epsilon = epsilon
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let scale = try weight.tensor * (variance.tensor + epsilon).rsqrt()
        let offset = try bias.tensor - mean.tensor * scale
        return try x * scale.reshape([1, -1, 1, 1]) + offset.reshape([1, -1, 1, 1])
    }
}

/// Frozen batch normalisation counts no batches; checkpoints of networks that learned with the ordinary kind do.
struct DropBatchCounts: StateDictRule {
    let name = "num_batches_tracked of frozen batch normalisation is not used"
    let supersededBy: Int? = nil
    private let keys: Set<String>

    /// - Parameter path: the module to which keys are relative.
    init(below path: ParameterPath) {
        let prefix = path.name.isEmpty ? "" : path.name + "."
        keys = Set(
            path.modules.filter { $0.layerType == FrozenBatchNorm2d.layerType }
                .map { $0.name.dropFirst(prefix.count) + ".num_batches_tracked" })
    }

    func convert(_ key: String) -> String? { keys.contains(key) ? nil : key }
}
