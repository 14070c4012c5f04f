import Torch

/// Weighs the channels of a map by a vector of an instance (CID, Wang and Zhang 2022).
///
/// Shapes: maps `(N, channels, H, W)`, vectors `(N, features)`, output as the maps.
final class InstanceChannelAttention: Sendable {
    private let gate: Linear

    init(at path: ParameterPath, features: Int, channels: Int) throws {
        gate = try Linear(at: path / "atn", in: features, out: channels)
    }

    func callAsFunction(_ maps: Tensor, _ vectors: Tensor) throws -> Tensor {
        try maps * gate(vectors).unsqueeze(2).unsqueeze(3)
    }
}

/// Weighs the pixels of a map by how much they agree with a vector of an instance, and by where the instance is.
///
/// Shapes: maps `(N, channels, H, W)`, vectors `(N, features)`, roots `(N, 2)` in pixels of the map, output as the maps.
final class InstanceSpatialAttention: Sendable {
    private let gate: Linear
    private let convolution: Conv2d

    init(at path: ParameterPath, features: Int, channels: Int) throws {
        gate = try Linear(at: path / "atn", in: features, out: channels)
        convolution = try Conv2d(at: path / "conv", inChannels: 3, outChannels: 1, kernel: 5, padding: 2)
    }

    func callAsFunction(_ maps: Tensor, _ vectors: Tensor, roots: Tensor) throws -> Tensor {
        let shape = maps.shape
        let agreement = try (maps * gate(vectors).unsqueeze(2).unsqueeze(3)).sum(dims: [1], keepDim: true)
        let rows = try Tensor.arange(shape[2], dtype: .float32, device: maps.device) + 0.5
        let columns = try Tensor.arange(shape[3], dtype: .float32, device: maps.device) + 0.5
        let places = try roots.to(.float32)
        let across = try places[.all, 0].reshape([-1, 1, 1, 1]) - columns.reshape([1, 1, 1, -1])
        let down = try places[.all, 1].reshape([-1, 1, 1, 1]) - rows.reshape([1, 1, -1, 1])
        let size = [shape[0], 1, shape[2], shape[3]]
        let input = try Tensor.cat([agreement, across.expand(size) / 32, down.expand(size) / 32], dim: 1)
        return try maps * convolution(input).sigmoid()
    }
}
