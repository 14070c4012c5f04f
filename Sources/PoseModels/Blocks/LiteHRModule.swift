import Torch

/// A module of Lite-HRNet: blocks over all branches, then exchange between them.
///
/// Keys: `layers.N`, `fuse_layers.i.j`.
/// Shapes: branch `i` is `(B, Cᵢ, H/2ⁱ, W/2ⁱ)` on input and output.
final class LiteHRModule: Sendable {
    private enum Blocks {
        case weighting([ConditionalWeighting])
        case shuffling([Sequential])
    }

    private let blocks: Blocks
    private let fusions: [[(any Layer)?]]
    private let path: ParameterPath

    init(at path: ParameterPath, _ stage: LiteStage, _ norm: Normalization) throws {
        let layers = path / "layers"
        if stage.isLite {
            blocks = .weighting(
                try (0..<stage.blocks).map {
                    try ConditionalWeighting(at: layers / $0, channels: stage.channels, ratio: stage.ratio, norm)
                })
        } else {
            blocks = .shuffling(
                try stage.channels.enumerated().map { branch, width in
                    Sequential(
                        try (0..<stage.blocks).map {
                            try ShuffleUnit(
                                at: layers / branch / $0, inChannels: width, outChannels: width, normalization: norm)
                        })
                })
        }
        fusions =
            try stage.fuses
            ? hrFusions(
                at: path / "fuse_layers", channels: stage.channels, keepsAllBranches: true, .separable,
                upsampling: .nearest, norm) : []
        self.path = path
    }

    func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
        let maps: [Tensor]
        switch blocks {
        case .weighting(let blocks): maps = try blocks.reduce(inputs) { try $1($0) }
        case .shuffling(let blocks): maps = try zip(blocks, inputs).map { try $0($1) }
        }
        return fusions.isEmpty ? maps : try fuse(maps)
    }

    /// MMPose adds in place, and its weights were trained that way: the finest branch counts twice everywhere, and the
    /// other branches read of it what the finest output is before its ReLU.
    private func fuse(_ maps: [Tensor]) throws -> [Tensor] {
        var finest = try maps[0] * 2
        for (fusion, map) in zip(fusions[0], maps).dropFirst() { finest = try finest + (fusion?(map) ?? map) }
        return try [finest.relu()]
            + fusions.dropFirst().map { row in
                var sum = try twice(row[0], finest)
                for (fusion, map) in zip(row, maps).dropFirst() { sum = try sum + (fusion?(map) ?? map) }
                return try sum.relu()
            }
    }

    /// Runs the layer a second time only where that moves running statistics on.
    private func twice(_ layer: (any Layer)?, _ x: Tensor) throws -> Tensor {
        guard let layer else { return try x * 2 }
        return path.updatesStatistics ? try layer(x) + layer(x) : try layer(x) * 2
    }
}

/// Half of each branch's channels pass, the other half is weighed across resolutions, filtered, and weighed again by
/// itself; then both mix.
///
/// Keys: `cross_resolution_weighting`, `depthwise_convs.N`, `spatial_weighting.N`.
private final class ConditionalWeighting: Sendable {
    private let across: CrossResolutionWeighting
    private let filters: [ConvModule]
    private let weights: [SqueezeExcitation]

    init(at path: ParameterPath, channels: [Int], ratio: Int, _ norm: Normalization) throws {
        let halves = channels.map { $0 / 2 }
        across = try CrossResolutionWeighting(
            at: path / "cross_resolution_weighting", channels: halves, ratio: ratio, norm)
        filters = try halves.enumerated().map { index, width in
            try ConvModule(
                at: path / "depthwise_convs" / index, inChannels: width, outChannels: width, kernel: 3, padding: 1,
                groups: width, normalization: norm, activation: nil)
        }
        weights = try halves.enumerated().map { index, width in
            try SqueezeExcitation(at: path / "spatial_weighting" / index, channels: width, ratio: 4)
        }
    }

    func callAsFunction(_ branches: [Tensor]) throws -> [Tensor] {
        let halves = try branches.map { try $0.chunk(2, dim: 1) }
        let weighed = try across(halves.map { $0[1] })
        return try halves.indices.map { index in
            let own = try weights[index](filters[index](weighed[index]))
            return try Tensor.cat([halves[index][0], own], dim: 1).shuffleChannels(groups: 2)
        }
    }
}

/// Weighs every channel of every branch at each pixel of the coarsest resolution, by what all branches show there.
///
/// Keys: `conv1`, `conv2`.
private final class CrossResolutionWeighting: Sendable {
    private let squeeze, excite: ConvModule
    private let channels: [Int]

    init(at path: ParameterPath, channels: [Int], ratio: Int, _ norm: Normalization) throws {
        let total = channels.reduce(0, +)
        squeeze = try ConvModule(
            at: path / "conv1", inChannels: total, outChannels: total / ratio, kernel: 1, normalization: norm)
        excite = try ConvModule(
            at: path / "conv2", inChannels: total / ratio, outChannels: total, kernel: 1, normalization: norm,
            activation: .sigmoid)
        self.channels = channels
    }

    func callAsFunction(_ branches: [Tensor]) throws -> [Tensor] {
        guard let coarsest = branches.last else { return [] }
        let size = Array(coarsest.shape.suffix(2))
        let seen = try branches.dropLast().map { try $0.adaptiveAvgPool2d(size) } + [coarsest]
        let gates = try excite(squeeze(Tensor.cat(seen, dim: 1))).split(channels, dim: 1)
        return try zip(branches, gates).map { branch, gate in
            try branch * gate.interpolate(size: Array(branch.shape.suffix(2)))
        }
    }
}
