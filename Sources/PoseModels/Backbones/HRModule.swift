import Torch

/// Prepares the branches of the next HRNet stage: adapts channels and adds coarser branches from the last one.
///
/// Keys: `i.0`, `i.1` for a channel change of branch `i`; `i.k.0`, `i.k.1` for the `k`-th halving of a new branch.
final class HRTransition: Sendable {
    private let branches: [(any Layer)?]

    init(at path: ParameterPath, from previous: [Int], to current: [Int], normalization: Normalization) throws {
        branches = try current.enumerated().map { index, channels in
            if index < previous.count {
                guard channels != previous[index] else { return nil }
                return try strided3x3(
                    at: path / index, inChannels: previous[index], outChannels: channels, stride: 1, activates: true,
                    normalization: normalization)
            }
            let last = previous[previous.count - 1]
            let halvings = index + 1 - previous.count
            return try Sequential(
                (0..<halvings).map { halving in
                    try strided3x3(
                        at: path / index / halving, inChannels: last,
                        outChannels: halving == halvings - 1 ? channels : last, stride: 2, activates: true,
                        normalization: normalization)
                })
        }
    }

    func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
        try branches.enumerated().map { index, branch in
            // A branch that changes starts from the coarsest map there is; on the first transition that is the only one.
            if let branch { return try branch(inputs[inputs.count - 1]) }
            return inputs[index]
        }
    }
}

/// Residual blocks on each branch, then every branch receives the sum of all, brought to its resolution.
///
/// Shapes: branch `i` is `(B, Cᵢ, H/2ⁱ, W/2ⁱ)` on input and output; only branch 0 comes out if `keepsAllBranches` is false.
final class HRModule: Sendable {
    private let branches: [Sequential]
    /// `fusions[i][j]` brings branch `j` to the shape of branch `i`; `nil` where they are the same.
    private let fusions: [[(any Layer)?]]

    init(
        at path: ParameterPath, kind: ResidualKind, blocks: [Int], channels: [Int], keepsAllBranches: Bool,
        upsampling: Upsampling, style: ResidualStyle
    ) throws {
        branches = try channels.indices.map { index in
            try kind.stage(
                at: path / "branches" / index, count: blocks[index], inChannels: channels[index],
                outChannels: channels[index], stride: 1, style: style)
        }
        let outputs = channels.count == 1 ? 0 : keepsAllBranches ? channels.count : 1
        fusions = try (0..<outputs).map { target in
            try channels.indices.map { source in
                try Self.fusion(
                    at: path / "fuse_layers" / target / source, from: source, to: target, channels: channels,
                    upsampling: upsampling, normalization: style.normalization)
            }
        }
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

    private static func fusion(
        at path: ParameterPath, from source: Int, to target: Int, channels: [Int], upsampling: Upsampling,
        normalization: Normalization
    ) throws -> (any Layer)? {
        if source == target { return nil }
        if source > target {
            return Sequential([
                try Conv2d(
                    at: path / 0, inChannels: channels[source], outChannels: channels[target], kernel: 1, bias: false),
                try normalization.layer(at: path / 1, channels: channels[target]),
                Upsample(scaleFactor: Double(1 << (source - target)), mode: upsampling.mode),
            ])
        }
        let halvings = target - source
        return try Sequential(
            (0..<halvings).map { halving in
                let isLast = halving == halvings - 1
                return try strided3x3(
                    at: path / halving, inChannels: channels[source],
                    outChannels: channels[isLast ? target : source], stride: 2, activates: !isLast,
                    normalization: normalization)
            })
    }
}

/// A 3×3 convolution without bias at `0`, its normalisation at `1`, and a ReLU if it `activates`.
private func strided3x3(
    at path: ParameterPath, inChannels: Int, outChannels: Int, stride: Int, activates: Bool,
    normalization: Normalization
) throws -> Sequential {
    var layers: [any Layer] = [
        try Conv2d(
            at: path / 0, inChannels: inChannels, outChannels: outChannels, kernel: 3, stride: stride, padding: 1,
            bias: false),
        try normalization.layer(at: path / 1, channels: outChannels),
    ]
    if activates { layers.append(ActivationLayer(.relu)) }
    return Sequential(layers)
}
