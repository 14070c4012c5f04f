import PyConfig
public import Torch

/// Associative embedding (Newell et al. 2017): pulls the tags of one person together and pushes those of different
/// people apart.
public struct AssociativeEmbeddingLoss: Loss {
    private let weight: Double
    private let pushFactor: Double

    init(_ arguments: Arguments) throws {
        weight = try arguments.lossWeight()
        pushFactor = try arguments.double("push_loss_factor", default: 0.5)
    }

    /// - Parameters:
    ///   - tags: `(B, L·K, H, W)`.
    ///   - indices: for each image `(N, K, 2)`: where the keypoint is, `y · W + x`, and whether it is there.
    /// - Returns: the sums over images of both losses.
    /// - Throws: `ModelError.invalidInput` when an image lacks indices or one is outside the map, `TorchError`.
    public func callAsFunction(_ tags: Tensor, _ indices: [Tensor]) throws -> (pull: Tensor, push: Tensor) {
        guard try tags.size(0) == indices.count else {
            throw ModelError.invalidInput("tags of \(try tags.size(0)) images, but keypoints of \(indices.count)")
        }
        var pull = try Tensor.zeros([], dtype: tags.dtype, device: tags.device)
        var push = pull
        for (image, indices) in indices.enumerated() {
            let losses = try self.losses(tags.select(dim: 0, index: image), indices)
            pull = try pull + losses.pull * weight
            push = try push + losses.push * (weight * pushFactor)
        }
        return (pull, push)
    }

    private func losses(_ tags: Tensor, _ indices: Tensor) throws -> (pull: Tensor, push: Tensor) {
        let keypoints = try indices.size(1)
        // (K, H·W, L)
        let table = try tags.flatten(from: 1).unflatten(0, [-1, keypoints]).permute([1, 2, 0])
        let pixels = try table.size(1)
        let values = try indices.toArray(Int.self)
        var people: [(tags: Tensor, mean: Tensor)] = []
        for start in stride(from: 0, to: values.count, by: 2 * keypoints) {
            let visible = (0..<keypoints).filter { values[start + 2 * $0 + 1] != 0 }
            guard !visible.isEmpty else { continue }
            let places = visible.map { values[start + 2 * $0] }
            guard places.allSatisfy({ (0..<pixels).contains($0) }) else {
                throw ModelError.invalidInput("keypoint indices \(places) in a map of \(pixels) pixels")
            }
            let own = try table[Tensor(visible).to(tags.device), Tensor(places).to(tags.device)]
            people.append((own, try own.mean(dim: 0)))
        }
        let none = try Tensor.zeros([], dtype: tags.dtype, device: tags.device)
        let count = Double(people.count)
        guard count > 0 else { return (none, none) }
        let pull = try people.reduce(none) { try $0 + $1.tags.mseLoss($1.mean.expand($1.tags.shape)) }
        var push = none
        if people.count > 1 {
            let means = try Tensor.stack(people.map(\.mean))
            push = try (-(means.unsqueeze(0) - means.unsqueeze(1)).square()).exp().sum()
        }
        // The pairs of a person with themselves are in the sum, but not in the divisor, as in MMPose.
        return (try pull / (count + 1e-6), try push / ((count - 1) * count + 1e-6))
    }
}
