import Torch

/// Position embeddings learnt for another image size are resized to this model's grid of patches; a class token this
/// model does not use is dropped.
struct ResizePositionEmbedding: StateDictRule {
    /// Rows and columns of patches.
    let grid: [Int]
    let hasClassToken: Bool
    let mode: Interpolation

    let name = "pos_embed resized to the model's grid"
    let supersededBy: Int? = nil

    func convert(_ key: String) -> String? { key }

    func convert(_ tensor: Tensor, of key: String) throws -> Tensor {
        guard key == "pos_embed", tensor.rank == 3 else { return tensor }
        let extra = hasClassToken ? 1 : 0
        let wanted = grid[0] * grid[1] + extra
        var embedding = tensor
        if !hasClassToken, tensor.shape[1] == wanted + 1 {
            embedding = try tensor.narrow(dim: 1, start: 1, length: wanted)
        }
        let patches = embedding.shape[1] - extra
        let side = Int(Double(max(patches, 0)).squareRoot())
        // Without the size it was learnt for, only a square grid can be told from the number of patches.
        guard embedding.shape[1] != wanted, side * side == patches, side > 0 else { return embedding }
        return try resizePositions(embedding, from: [side, side], to: grid, mode: mode)
    }
}

/// Position embeddings `(1, extra + rows·columns, C)` for another grid of patches. Tokens before the patches stay.
func resizePositions(
    _ positions: Tensor, from source: [Int], to target: [Int], mode: Interpolation
) throws -> Tensor {
    if source == target { return positions }
    let count = source[0] * source[1]
    let extra = positions.shape[1] - count
    let maps = try positions.narrow(dim: 1, start: extra, length: count).tokensAsMaps(source)
    let resized = try maps.interpolate(size: target, mode: mode).flatten(from: 2).transpose(1, 2)
    return try Tensor.cat([positions.narrow(dim: 1, start: 0, length: extra), resized], dim: 1)
}
