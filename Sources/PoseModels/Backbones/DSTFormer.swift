import PyConfig
public import Torch

/// Dual-stream spatio-temporal transformer of MotionBERT (Zhu et al. 2023): one stream attends to the joints of a frame
/// first, the other to the frames of a joint; learnt weights mix the two.
///
/// Shapes: input `(B, T, K, in_channels)` or `(T, K, in_channels)`; one output `(B, T, K, feat_size)`.
public final class DSTFormer: Backbone {
    private let embedding: Linear
    private let framePositions, jointPositions: Parameter
    private let spatialFirst, temporalFirst: [SpatioTemporalBlock]
    private let mixers: [Linear]
    private let normalization: LayerNorm
    private let dropout: Dropout
    private let longest: Int

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let width = try arguments.int("feat_size", default: 256, in: 1...65536)
        let depth = try arguments.int("depth", default: 5, in: 1...256)
        longest = try arguments.int("seq_len", default: 243, in: 1...65536)
        let style = try SpatioTemporalBlock.Style(arguments, width: width)
        framePositions = try path.parameter(
            "temp_embed", shape: [1, longest, 1, width], initializer: .truncNormal(std: 0.02))
        jointPositions = try path.parameter(
            "spat_embed", shape: [1, arguments.int("num_keypoints", default: 17, in: 1...65536), width],
            initializer: .truncNormal(std: 0.02))
        embedding = try Linear(at: path / "joints_embed", in: arguments.int("in_channels"), out: width)
        let rates = dropPathRates(try arguments.double("drop_path_rate", default: 0), count: depth)
        spatialFirst = try rates.enumerated().map { index, rate in
            try SpatioTemporalBlock(at: path / "blocks_st" / index, style, spatialFirst: true, dropPath: rate)
        }
        temporalFirst = try rates.enumerated().map { index, rate in
            try SpatioTemporalBlock(at: path / "blocks_ts" / index, style, spatialFirst: false, dropPath: rate)
        }
        normalization = try LayerNorm(at: path / "norm", shape: [width], eps: 1e-6)
        mixers =
            try arguments.bool("att_fuse", default: true)
            ? (0..<depth).map { index in
                let mixer = try Linear(
                    at: path / "attn_regress" / index, in: 2 * width, out: 2, initializer: .zeros)
                mixer.bias?.initializer = .constant(0.5)
                return mixer
            } : []
        dropout = Dropout(at: path, p: style.dropout)
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ input: Tensor) throws -> [Tensor] {
        let x = input.rank == 3 ? try input.unsqueeze(0) : input
        guard x.rank == 4, x.shape[1] <= longest else {
            throw ModelError.invalidInput(
                "the lifter reads (B, T, K, C) with at most \(longest) frames, not \(x.shape)")
        }
        let (batch, frames, joints) = (x.shape[0], x.shape[1], x.shape[2])
        var y = try embedding(x.reshape([batch * frames, joints, x.shape[3]])) + jointPositions.tensor
        let width = y.shape[2]
        let positions = try framePositions.tensor.narrow(dim: 1, start: 0, length: frames)
        y = try dropout((y.reshape([batch, frames, joints, width]) + positions).reshape([-1, joints, width]))
        for index in spatialFirst.indices {
            let one = try spatialFirst[index](y, frames: frames)
            let other = try temporalFirst[index](y, frames: frames)
            if mixers.isEmpty {
                y = try (one + other) * 0.5
            } else {
                let weights = try mixers[index](Tensor.cat([one, other], dim: -1)).softmax(dim: -1).split(1, dim: -1)
                y = try one * weights[0] + other * weights[1]
            }
        }
        return [try normalization(y).reshape([batch, frames, joints, width])]
    }
}
