import PoseCore
import PyConfig
import Torch

/// Tells from a pose's shape and scores how good it is (Geng et al. 2021): a perceptron on the limbs' directions and
/// lengths, in units of the trunk's, and the keypoints' scores.
///
/// Keys: `l1`, `l2`, `l3`.
final class RescoreNet: Sendable {
    private let layers: [Linear]
    /// The two limbs whose mean length is the unit.
    private let trunk: [Int]
    private let features: Int

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        features = try arguments.int("in_channels", in: 1...1 << 20)
        trunk = try arguments.ints("norm_indexes")
        guard trunk.count == 2, trunk.allSatisfy({ $0 >= 0 }) else {
            throw arguments.invalid("norm_indexes", "must name two links of the skeleton")
        }
        let hidden = 256
        layers = [
            try Linear(at: path / "l1", in: features, out: hidden),
            try Linear(at: path / "l2", in: hidden, out: hidden), try Linear(at: path / "l3", in: hidden, out: 1),
        ]
        // The weights come with the model's.
        arguments.ignore("init_cfg")
        try arguments.finish()
    }

    /// Shapes: points `(N, K, 2)`, scores `(N, K)`, output `(N)`.
    ///
    /// - Throws: `ModelError.invalidInput` when the links are not those the net was made for.
    func callAsFunction(_ points: Tensor, _ scores: Tensor, links: [SIMD2<Int>]) throws -> Tensor {
        let keypoints = points.shape[1]
        guard links.count * 3 + keypoints == features, trunk.allSatisfy(links.indices.contains),
            links.allSatisfy({ (0..<keypoints).contains($0.x) && (0..<keypoints).contains($0.y) })
        else {
            throw ModelError.invalidInput(
                "the rescore net reads \(features) numbers, but \(links.count) links of \(keypoints) keypoints give"
                    + " \(links.count * 3 + keypoints)")
        }
        let starts = try points.indexSelect(dim: 1, index: Tensor(links.map(\.x), shape: [links.count]))
        let ends = try points.indexSelect(dim: 1, index: Tensor(links.map(\.y), shape: [links.count]))
        let directions = try starts - ends
        let lengths = try directions.norm(dim: 2)
        let unit = try ((lengths[.all, trunk[0]] + lengths[.all, trunk[1]]) / 2).clamp(min: 1).unsqueeze(1)
        var x = try Tensor.cat([(directions / unit.unsqueeze(-1)).flatten(from: 1), lengths / unit, scores], dim: 1)
        for layer in layers.dropLast() { x = try layer(x).relu() }
        return try layers[layers.count - 1](x).squeeze(1)
    }
}
