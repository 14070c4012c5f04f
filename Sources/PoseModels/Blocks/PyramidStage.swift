import Torch

/// One stage of a pyramid vision transformer: patches, learnt positions, blocks, normalisation.
///
/// Keys: `0` (patches), `1.N` (positions, then blocks), `2` (normalisation).
/// Shapes: input `(B, inChannels, H, W)`, output `(B, width, H/stride, W/stride)`.
final class PyramidStage: Sendable {
    private let patches: PatchEmbedding
    private let positions: Parameter?
    private let grid: [Int]
    private let dropout: Dropout
    private let blocks: [PyramidBlock]
    private let normalization: (any Layer)?

    init(
        at path: ParameterPath, _ configuration: PyramidConfiguration, index: Int, inChannels: Int, dropPaths: [Double]
    ) throws {
        let width = configuration.width(index)
        patches = try PatchEmbedding(
            at: path / 0, inChannels: inChannels, width: width, kernel: configuration.patches[index],
            stride: configuration.strides[index], padding: .fixed(configuration.paddings[index]),
            normalization: configuration.normalization)
        grid = configuration.grid(index)
        let layers = path / 1
        positions =
            try configuration.hasPositions
            ? (layers / 0).parameter("pos_embed", shape: [1, grid[0] * grid[1], width]) : nil
        dropout = Dropout(at: layers, p: configuration.dropout)
        let first = configuration.hasPositions ? 1 : 0
        blocks = try dropPaths.enumerated().map { block, rate in
            try PyramidBlock(at: layers / (first + block), configuration, stage: index, dropPath: rate)
        }
        normalization =
            try configuration.normalizesStages
            ? configuration.normalization.layer(at: path / 2, channels: width) : nil
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        var (y, size) = try patches(x)
        if let positions {
            let maps = try positions.tensor.tokensAsMaps(grid)
            y = try dropout(y + maps.interpolate(size: size, mode: .bilinear(alignCorners: false)).mapsAsTokens())
        }
        for block in blocks { y = try block(y, grid: size) }
        if let normalization { y = try normalization(y) }
        return try y.tokensAsMaps(size)
    }
}

/// Attention whose keys and values come from a reduced map, then a perceptron, in version 2 with a depthwise convolution.
///
/// Keys: `norm1`, `attn.attn`, `attn.sr`, `attn.norm`, `norm2`, `ffn.layers.N`.
/// Shapes: input and output `(B, H·W, width)`.
final class PyramidBlock: Sendable {
    private let firstNorm, secondNorm: any Layer
    private let attention: MultiheadAttention
    private let reduction: Conv2d?
    private let reducedNorm: (any Layer)?
    private let expand, contract: Conv2d
    private let depthwise: Conv2d?
    private let activation: Activation
    private let dropout: Dropout
    private let dropPath: DropPath

    init(at path: ParameterPath, _ configuration: PyramidConfiguration, stage: Int, dropPath: Double) throws {
        let width = configuration.width(stage)
        let hidden = configuration.expansions[stage] * width
        let ratio = configuration.reductions[stage]
        firstNorm = try configuration.normalization.layer(at: path / "norm1", channels: width)
        let place = path / "attn"
        attention = try MultiheadAttention(
            at: place / "attn", width: width, heads: configuration.heads[stage], hasBias: configuration.hasBias,
            dropout: configuration.attentionDropout)
        reduction =
            try ratio > 1
            ? Conv2d(at: place / "sr", inChannels: width, outChannels: width, kernel: ratio, stride: ratio) : nil
        reducedNorm = try ratio > 1 ? configuration.normalization.layer(at: place / "norm", channels: width) : nil
        secondNorm = try configuration.normalization.layer(at: path / "norm2", channels: width)
        let layers = path / "ffn" / "layers"
        expand = try Conv2d(at: layers / 0, inChannels: width, outChannels: hidden, kernel: 1)
        depthwise =
            try configuration.usesConvolution
            ? Conv2d(at: layers / 1, inChannels: hidden, outChannels: hidden, kernel: 3, padding: 1, groups: hidden)
            : nil
        contract = try Conv2d(
            at: layers / (configuration.usesConvolution ? 4 : 3), inChannels: hidden, outChannels: width, kernel: 1)
        activation = configuration.activation
        dropout = Dropout(at: place, p: configuration.dropout)
        self.dropPath = DropPath(at: place, p: dropPath)
    }

    func callAsFunction(_ x: Tensor, grid: [Int]) throws -> Tensor {
        let y = try x + dropPath(dropout(attend(firstNorm(x), grid: grid)))
        return try y + dropPath(transform(secondNorm(y), grid: grid))
    }

    private func attend(_ x: Tensor, grid: [Int]) throws -> Tensor {
        var source = x
        if let reduction, let reducedNorm {
            source = try reducedNorm(reduction(x.tokensAsMaps(grid)).mapsAsTokens())
        }
        return try attention(query: x, key: source, value: source)
    }

    private func transform(_ x: Tensor, grid: [Int]) throws -> Tensor {
        var y = try expand(x.tokensAsMaps(grid))
        if let depthwise { y = try depthwise(y) }
        return try dropout(contract(dropout(activation(y)))).mapsAsTokens()
    }
}
