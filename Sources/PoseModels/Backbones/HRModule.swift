import Torch

/// The convolutions that bring a branch to the size and channels of another.
enum HRExchange: Sendable {
    /// One 3×3 convolution over all channels; keys `0`, `1`.
    case dense
    /// A 3×3 convolution of each channel and one over channels of each pixel; keys `0` to `3`.
    case separable

    /// The convolutions and their normalisations, and a ReLU if it `activates`.
    func layers(
        at path: ParameterPath, inChannels: Int, outChannels: Int, stride: Int, activates: Bool,
        normalization: Normalization
    ) throws -> Sequential {
        let isDense = self == .dense
        var layers: [any Layer] = [
            try Conv2d(
                at: path / 0, inChannels: inChannels, outChannels: isDense ? outChannels : inChannels, kernel: 3,
                stride: stride, padding: 1, groups: isDense ? 1 : inChannels, bias: false),
            try normalization.layer(at: path / 1, channels: isDense ? outChannels : inChannels),
        ]
        if !isDense {
            layers += [
                try Conv2d(
                    at: path / 2, inChannels: inChannels, outChannels: outChannels, kernel: 1, bias: false),
                try normalization.layer(at: path / 3, channels: outChannels),
            ]
        }
        if activates { layers.append(ActivationLayer(.relu)) }
        return Sequential(layers)
    }
}

/// Prepares the branches of the next HRNet stage: adapts channels and adds coarser branches from the last one.
///
/// Keys: `i.0`, `i.1` … for a channel change of branch `i`; `i.k.0`, `i.k.1` … for the `k`-th halving of a new branch.
final class HRTransition: Sendable {
    private let branches: [(any Layer)?]

    init(
        at path: ParameterPath, from previous: [Int], to current: [Int], exchange: HRExchange = .dense,
        normalization: Normalization
    ) throws {
        branches = try current.enumerated().map { index, channels in
            if index < previous.count {
                guard channels != previous[index] else { return nil }
                return try exchange.layers(
                    at: path / index, inChannels: previous[index], outChannels: channels, stride: 1, activates: true,
                    normalization: normalization)
            }
            let last = previous[previous.count - 1]
            let halvings = index + 1 - previous.count
            return try Sequential(
                (0..<halvings).map { halving in
                    try exchange.layers(
                        at: path / index / halving, inChannels: last,
                        outChannels: halving == halvings - 1 ? channels : last, stride: 2, activates: true,
                        normalization: normalization)
                })
        }
    }

    func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
        try branches.enumerated().map { index, branch in
            // A new branch starts from the coarsest map there is.
            let input = inputs[min(index, inputs.count - 1)]
            return try branch?(input) ?? input
        }
    }
}

/// Blocks on each branch, then every branch receives the sum of all, brought to its resolution.
///
/// Shapes: branch `i` is `(B, Cᵢ, H/2ⁱ, W/2ⁱ)` on input and output; only branch 0 comes out if `keepsAllBranches` is false.
final class HRModule: Sendable {
    /// What the modules of a network share.
    struct Parts {
        let branch: HRNet.Design.Branch
        let upsampling: Upsampling
        let exchange: HRExchange
        let normalization: Normalization
    }

    private let branches: [any Layer]
    /// `fusions[i][j]` brings branch `j` to the shape of branch `i`; `nil` where they are the same.
    private let fusions: [[(any Layer)?]]

    /// - Parameter index: the module's position in its stage.
    init(
        at path: ParameterPath, _ stage: HRStageConfiguration, index: Int, keepsAllBranches: Bool, _ parts: Parts
    ) throws {
        let channels = stage.channels
        branches = try channels.indices.map { try parts.branch(path / "branches" / $0, stage, index, $0) }
        fusions = try hrFusions(
            at: path / "fuse_layers", channels: channels, keepsAllBranches: keepsAllBranches, parts.exchange,
            upsampling: parts.upsampling.mode, parts.normalization)
    }

    func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
        let maps = try zip(branches, inputs).map { try $0($1) }
        guard !fusions.isEmpty else { return maps }
        return try fusions.map { row in
            var sum: Tensor?
            for (fusion, map) in zip(row, maps) {
                let term = try fusion?(map) ?? map
                sum = try sum.map { try $0 + term } ?? term
            }
            return try (sum ?? maps[0]).relu()
        }
    }
}

/// For each output branch `i` and input branch `j` what brings `j` to the shape of `i`, `nil` where they are the same;
/// empty with one branch.
///
/// Keys: `i.j.0`, `i.j.1` where `j` is coarser; `i.j.k.0`, `i.j.k.1` … for the `k`-th halving of a finer one.
func hrFusions(
    at path: ParameterPath, channels: [Int], keepsAllBranches: Bool, _ exchange: HRExchange,
    upsampling: Interpolation, _ normalization: Normalization
) throws -> [[(any Layer)?]] {
    func fusion(at path: ParameterPath, from source: Int, to target: Int) throws -> (any Layer)? {
        if source == target { return nil }
        if source > target {
            return Sequential([
                try Conv2d(
                    at: path / 0, inChannels: channels[source], outChannels: channels[target], kernel: 1, bias: false),
                try normalization.layer(at: path / 1, channels: channels[target]),
                Upsample(scaleFactor: Double(1 << (source - target)), mode: upsampling),
            ])
        }
        let halvings = target - source
        return try Sequential(
            (0..<halvings).map { halving in
                let isLast = halving == halvings - 1
                return try exchange.layers(
                    at: path / halving, inChannels: channels[source], outChannels: channels[isLast ? target : source],
                    stride: 2, activates: !isLast, normalization: normalization)
            })
    }
    let outputs = channels.count == 1 ? 0 : keepsAllBranches ? channels.count : 1
    return try (0..<outputs).map { target in
        try channels.indices.map { try fusion(at: path / target / $0, from: $0, to: target) }
    }
}
