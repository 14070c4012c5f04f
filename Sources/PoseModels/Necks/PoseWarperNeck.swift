import PyConfig
public import Torch

/// Warps heatmaps of neighbouring frames to the pose of one frame and sums them (Bertasius et al. 2019, "Learning Temporal
/// Pose Estimation from Sparsely-Labeled Videos").
///
/// What differs between two frames says where a convolution has to look in the other one to find what is here; several
/// dilations are averaged.
///
/// Keys: `trans_layer`, `offset_feats.N`, `offset_layers.N`, `deform_conv_layers.N`.
/// Shapes: maps `(B, in_channels, H, W)` of each frame; output `(B, out_channels, H, W)`.
public final class PoseWarperNeck: Neck {
    private let transition: Conv2d?
    private let differences: Sequential
    private let offsets: [Conv2d]
    private let warps: [DeformableConvolution]
    private let selection: [Int]
    private let joins: Bool

    /// Arguments: `in_channels`, `out_channels`, `inner_channels`, `deform_groups=17`, `dilations=(3, 6, 12, 18, 24)`,
    /// `trans_conv_kernel=1` (0 for none, 1, 3), `res_blocks_cfg` (`block='BASIC'` or `'BOTTLENECK'`, `num_blocks=20`),
    /// `offsets_kernel=3`, `deform_conv_kernel=3`, `in_index=0`, `input_transform=None` or `'resize_concat'`,
    /// `freeze_trans_layer=True`, `norm_eval=False`.
    init(_ arguments: Arguments, at path: ParameterPath) throws {
        let inChannels = try arguments.int("in_channels", in: 1...65536)
        let outChannels = try arguments.int("out_channels", in: 1...65536)
        let innerChannels = try arguments.int("inner_channels", in: 1...65536)
        let groups = try arguments.int("deform_groups", default: 17, in: 1...65536)
        let dilations = try arguments.ints("dilations", default: [3, 6, 12, 18, 24])
        guard outChannels % groups == 0 else {
            throw arguments.invalid("deform_groups", "\(outChannels) channels are not \(groups) equal groups")
        }
        guard !dilations.isEmpty, dilations.allSatisfy((1...4096).contains) else {
            throw arguments.invalid("dilations", "must be positive numbers, at least one")
        }
        for name in ["offsets_kernel", "deform_conv_kernel"] where try arguments.int(name, default: 3) != 3 {
            throw arguments.invalid(name, "must be 3, so that offsets and taps are as many and maps keep their size")
        }
        transition = try Self.transition(at: path / "trans_layer", arguments, inChannels, outChannels)
        differences = try Self.residualBlocks(
            at: path / "offset_feats", arguments.child("res_blocks_cfg"), outChannels, innerChannels)
        offsets = try dilations.enumerated().map { index, dilation in
            try Conv2d(
                at: path / "offset_layers" / index, inChannels: innerChannels, outChannels: 2 * 9 * groups, kernel: 3,
                padding: dilation, dilation: dilation, bias: false, initializer: .zeros)
        }
        warps = try dilations.enumerated().map { index, dilation in
            let place = path / "deform_conv_layers" / index
            let warp = try DeformableConvolution(
                at: place, inChannels: outChannels, outChannels: outChannels, kernel: 3, padding: dilation,
                dilation: dilation, offsetGroups: groups)
            // At first a warp changes nothing.
            place["weight"]?.initializer = Initializer { tensor, _ in
                try tensor.copy_(
                    from: Tensor.eye(outChannels).reshape([outChannels, outChannels, 1, 1]).pad([1, 1, 1, 1]))
            }
            return warp
        }
        (selection, joins) = try Self.selection(arguments)
        if try arguments.bool("norm_eval", default: false) { path.keepStatistics() }
        // How mmcv's kernel divides its work, and how layers begin, which is fixed.
        arguments.ignore("im2col_step", "init_cfg", "_scope_")
    }

    /// A frame by itself.
    public func callAsFunction(_ features: [Tensor]) throws -> [Tensor] { [try self(frames: [features], weights: [1])] }

    /// - Parameters:
    ///   - frames: the maps of every frame, those of the frame to warp to first.
    ///   - weights: how much each frame counts; a frame that counts nothing is not computed.
    /// - Throws: `ModelError.invalidInput` for no frames, weights that are not as many, or maps that the config does not
    ///   select; `TorchError` for sizes that differ.
    public func callAsFunction(frames: [[Tensor]], weights: [Double]) throws -> Tensor {
        guard let first = frames.first, frames.count == weights.count else {
            throw ModelError.invalidInput("\(weights.count) weights of \(frames.count) frames")
        }
        let reference = try map(first)
        var sum = try reference.zerosLike()
        for (index, weight) in weights.enumerated() where weight != 0 {
            let frame = try index == 0 ? reference : map(frames[index])
            let change = try differences(reference - frame)
            for (offset, warp) in zip(offsets, warps) {
                sum = try sum + warp(frame, offsets: offset(change)) * (weight / Double(warps.count))
            }
        }
        return sum
    }

    /// The one map that a frame is reduced to, with `out_channels`.
    private func map(_ features: [Tensor]) throws -> Tensor {
        let maps = try selection.map { try features.element(at: $0) }
        let size = Array(maps[0].shape.suffix(2))
        let x =
            joins
            ? try Tensor.cat(
                maps.map { try $0.interpolate(size: size, mode: .bilinear(alignCorners: false)) }, dim: 1)
            : maps[0]
        return try transition?(x) ?? x
    }

    private static func selection(_ arguments: Arguments) throws -> (indices: [Int], joins: Bool) {
        let indices = try arguments.ints("in_index", default: [0], orScalar: true)
        switch try arguments.optionalString("input_transform") {
        case nil:
            guard indices.count == 1 else {
                throw arguments.invalid("in_index", "must be one number without input_transform='resize_concat'")
            }
            return (indices, false)
        case "resize_concat" where !indices.isEmpty: return (indices, true)
        default:
            throw arguments.invalid("input_transform", "must be None or 'resize_concat' of some maps")
        }
    }

    private static func transition(
        at path: ParameterPath, _ arguments: Arguments, _ inChannels: Int, _ outChannels: Int
    ) throws -> Conv2d? {
        let kernel = try arguments.int("trans_conv_kernel", default: 1)
        guard [0, 1, 3].contains(kernel) else { throw arguments.invalid("trans_conv_kernel", "must be 0, 1 or 3") }
        let isFrozen = try arguments.bool("freeze_trans_layer", default: true)
        guard kernel > 0 else {
            guard inChannels == outChannels else {
                throw arguments.invalid("trans_conv_kernel", "0 changes no channels: \(inChannels) to \(outChannels)")
            }
            return nil
        }
        let layer = try Conv2d(
            at: path, inChannels: inChannels, outChannels: outChannels, kernel: kernel, padding: kernel / 2,
            initializer: .normal(std: 0.001))
        layer.bias?.initializer = .zeros
        if isFrozen { try path.setTrainable(false) }
        return layer
    }

    private static func residualBlocks(
        at path: ParameterPath, _ arguments: Arguments?, _ inChannels: Int, _ outChannels: Int
    ) throws -> Sequential {
        let name = try arguments?.string("block", default: "BASIC") ?? "BASIC"
        let count = try arguments?.int("num_blocks", default: 20, in: 1...1024) ?? 20
        guard let kind = ["BASIC": ResidualKind.basic, "BOTTLENECK": .bottleneck][name] else {
            throw ModelError.unknownType(name, at: arguments?.path ?? "", known: ["BASIC", "BOTTLENECK"])
        }
        try arguments?.finish()
        let layers: [any Layer] = try (0..<count).map { index in
            try kind.block(
                at: path / index,
                ResidualShape(
                    inChannels: index == 0 ? inChannels : outChannels, outChannels: outChannels,
                    hasShortcut: index == 0), style: ResidualStyle())
        }
        for module in path.modules where module.layerType == "Conv2d" {
            module["weight"]?.initializer = .normal(std: 0.001)
        }
        return Sequential(layers)
    }
}
