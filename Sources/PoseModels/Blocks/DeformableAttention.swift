import Foundation
import PyConfig
import Torch

/// Attention that looks at a few places of every map of a pyramid instead of everywhere (Zhu et al. 2021, "Deformable
/// DETR"), with its shortcut; in plain operators.
///
/// Each query says, for every head and level, where to look relative to its reference and how much each place counts.
///
/// Keys: `sampling_offsets.*`, `attention_weights.*`, `value_proj.*`, `output_proj.*`.
/// Shapes: queries `(B, Q, width)`; values `(B, ΣHᵢWᵢ, width)`, the maps one after the other, row by row; references, as
/// parts of the maps, `(B, Q, 2)` for points or `(B, Q, 4)` for boxes by centre and size; output `(B, Q, width)`.
final class DeformableAttention: Sendable {
    private let offsets, weights, projection, output: Linear
    private let style: DeformableAttentionStyle
    private let dropout: Dropout

    init(at path: ParameterPath, _ style: DeformableAttentionStyle) throws {
        self.style = style
        let samples = style.heads * style.levels * style.points
        offsets = try Linear(
            at: path / "sampling_offsets", in: style.width, out: 2 * samples, initializer: .constant(0))
        offsets.bias?.initializer = .values(try style.initialOffsets())
        weights = try Linear(at: path / "attention_weights", in: style.width, out: samples, initializer: .constant(0))
        projection = try Linear(
            at: path / "value_proj", in: style.width, out: style.valueWidth, initializer: .xavierUniform())
        output = try Linear(
            at: path / "output_proj", in: style.valueWidth, out: style.width, initializer: .xavierUniform())
        for layer in [weights, projection, output] { layer.bias?.initializer = .zeros }
        dropout = Dropout(at: path, p: style.dropout)
    }

    /// - Parameters:
    ///   - positions: added to the queries to find the places, not in the shortcut.
    ///   - sizes: of the maps.
    func callAsFunction(
        _ query: Tensor, positions: Tensor, values: Tensor, references: Tensor, sizes: [MapSize]
    ) throws -> Tensor {
        guard sizes.count == style.levels, values.rank == 3, values.shape[1] == sizes.reduce(0, { $0 + $1.count })
        else {
            throw ModelError.invalidInput(
                "values of shape \(values.shape) for \(sizes.count) maps where attention reads \(style.levels)")
        }
        let placed = try query + positions
        let (batch, count) = (query.shape[0], query.shape[1])
        let (heads, levels, points) = (style.heads, style.levels, style.points)
        let places = try offsets(placed).reshape([batch, count, heads, levels, points, 2])
        let shares = try weights(placed).reshape([batch, count, heads, levels * points]).softmax(dim: -1)
            .reshape([batch, count, heads, levels, points])
        let channels = style.valueWidth / heads
        let maps = try projection(values).reshape([batch, values.shape[1], heads, channels]).split(
            sizes.map(\.count), dim: 1)
        var mixed: Tensor?
        for (level, size) in sizes.enumerated() {
            let map = try maps[level].permute([0, 2, 3, 1]).reshape([batch * heads, channels, size.height, size.width])
            let grid = try locations(places.select(dim: 3, index: level), references, size) * 2 - 1
            let samples = try map.gridSample(
                grid.transpose(1, 2).reshape([batch * heads, count, points, 2]))
            let share = try shares.select(dim: 3, index: level).transpose(1, 2)
                .reshape([batch * heads, 1, count, points])
            let part = try (samples * share).sum(dim: -1)
            mixed = try mixed.map { try $0 + part } ?? part
        }
        guard let mixed else { throw ModelError.invalidInput("deformable attention needs at least one map") }
        let result = try mixed.reshape([batch, heads * channels, count]).transpose(1, 2)
        return try query + dropout(output(result))
    }

    /// Where a level is sampled, as parts of its map: `(B, Q, heads, points, 2)`.
    private func locations(_ offsets: Tensor, _ references: Tensor, _ size: MapSize) throws -> Tensor {
        let centers = try references[.ellipsis, ..<2].unsqueeze(2).unsqueeze(2)
        guard references.shape[2] == 4 else {
            let extent = try Tensor([Float(size.width), Float(size.height)], shape: [2]).to(device: offsets.device)
            return try centers + offsets / extent
        }
        let extents = try references[.ellipsis, 2...].unsqueeze(2).unsqueeze(2)
        return try centers + offsets / Double(style.points) * extents * 0.5
    }
}

/// Height and width of a feature map.
struct MapSize: Hashable, Sendable {
    let height, width: Int

    /// Number of pixels.
    var count: Int { height * width }
}

/// How deformable attention is built: mmcv's `MultiScaleDeformableAttention`.
struct DeformableAttentionStyle: Sendable {
    var width = 256
    var heads = 8
    var levels = 4
    var points = 4
    var valueWidth = 256
    var dropout = 0.1

    init(_ arguments: Arguments?) throws {
        guard let arguments else { return }
        width = try arguments.int("embed_dims", default: 256, in: 1...65536)
        heads = try arguments.int("num_heads", default: 8, in: 1...4096)
        levels = try arguments.int("num_levels", default: 4, in: 1...64)
        points = try arguments.int("num_points", default: 4, in: 1...1024)
        dropout = try arguments.double("dropout", default: 0.1)
        let ratio = try arguments.double("value_proj_ratio", default: 1)
        guard ratio > 0, ratio <= 64 else {
            throw arguments.invalid("value_proj_ratio", "must be over 0 and at most 64")
        }
        valueWidth = Int(Double(width) * ratio)
        guard width % heads == 0, valueWidth % heads == 0, valueWidth > 0 else {
            throw arguments.invalid("num_heads", "\(width) channels cannot be divided among \(heads) heads")
        }
        guard try arguments.bool("batch_first", default: true) else {
            throw arguments.invalid("batch_first", "must be True")
        }
        arguments.ignore("im2col_step", "norm_cfg", "init_cfg", "type")
        try arguments.finish()
    }

    /// The heads look in directions around the clock, their points further and further away.
    func initialOffsets() throws -> Tensor {
        let values = (0..<heads).flatMap { head -> [Float] in
            let angle = Double(head) * 2 * Double.pi / Double(heads)
            let longest = max(abs(cos(angle)), abs(sin(angle)))
            let direction = [cos(angle) / longest, sin(angle) / longest]
            return (0..<levels * points).flatMap { place in
                direction.map { Float($0 * Double(place % points + 1)) }
            }
        }
        return try Tensor(values, shape: [values.count])
    }
}
