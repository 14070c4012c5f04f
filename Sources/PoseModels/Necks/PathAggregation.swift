import PyConfig
public import Torch

/// Path aggregation feature pyramid (Liu et al. 2018) of cross-stage partial layers: coarse maps go down the pyramid to
/// the fine ones, and back up.
///
/// Shapes: inputs `(B, in_channels[i], H/2ⁱ, W/2ⁱ)`; outputs the same sizes with `out_channels`, or with `in_channels` if
/// that is `None`; of CSPNeXtPAFPN only those of `out_indices`.
public final class PathAggregation: Neck {
    /// The two published forms.
    public enum Variant: Sendable {
        /// Darknet blocks, and 1×1 convolutions at the end.
        case yolox
        /// CSPNeXt blocks, and 3×3 convolutions at the end.
        case next
    }

    private let reductions: [ConvModule]
    private let topDown, bottomUp: [CSPLayer]
    private let downsamplings: [any Layer]
    private let finals: [any Layer]
    private let outputs: [Int]
    private let upsampling: Upsample

    init(_ arguments: Arguments, at path: ParameterPath, variant: Variant) throws {
        let channels = try arguments.ints("in_channels")
        let isNext = variant == .next
        let style = CSPStyle(
            normalization: try arguments.normalization(default: .yolo),
            activation: try arguments.activation(default: .swish),
            usesDepthwise: try arguments.bool("use_depthwise", default: false),
            expandRatio: isNext ? try arguments.double("expand_ratio", default: 0.5) : 0.5,
            block: isNext ? .next : .darknet)
        let blocks = try arguments.int("num_csp_blocks", default: 3)
        func layer(_ path: ParameterPath, _ inChannels: Int, _ outChannels: Int) throws -> CSPLayer {
            try CSPLayer(
                at: path, inChannels: inChannels, outChannels: outChannels, blocks: blocks, addsIdentity: false,
                style: style)
        }
        let last = channels.count - 1
        guard last >= 0, channels.allSatisfy({ $0 > 1 }) else {
            throw ConfigError.invalidArgument(path: "\(arguments.path).in_channels", reason: "must list channel counts")
        }
        reductions = try (0..<last).map { step in
            try style.plain(
                at: path / "reduce_layers" / step, inChannels: channels[last - step],
                outChannels: channels[last - step - 1], kernel: 1)
        }
        topDown = try (0..<last).map { step in
            let width = channels[last - step - 1]
            return try layer(path / "top_down_blocks" / step, 2 * width, width)
        }
        downsamplings = try (0..<last).map { step in
            try style.convolution(
                at: path / "downsamples" / step, inChannels: channels[step], outChannels: channels[step], kernel: 3,
                stride: 2)
        }
        bottomUp = try (0..<last).map { step in
            try layer(path / "bottom_up_blocks" / step, 2 * channels[step], channels[step + 1])
        }
        finals = try Self.finals(arguments, at: path / "out_convs", channels, style, kernel: isNext ? 3 : 1)
        outputs =
            isNext
            ? try arguments.ints("out_indices", default: Array(channels.indices)) : Array(channels.indices)
        upsampling = try Self.upsampling(arguments)
        try arguments.requirePlainConvolution()
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> [Tensor] {
        guard features.count == reductions.count + 1 else {
            throw ModelError.invalidInput("the neck reads \(reductions.count + 1) maps, not \(features.count)")
        }
        var pyramid = [features[features.count - 1]]
        for (step, reduction) in reductions.enumerated() {
            let reduced = try reduction(pyramid[0])
            pyramid[0] = reduced
            let finer = features[features.count - 2 - step]
            pyramid.insert(try topDown[step](Tensor.cat([upsampling(reduced), finer], dim: 1)), at: 0)
        }
        var maps = [pyramid[0]]
        for (step, downsampling) in downsamplings.enumerated() {
            maps.append(try bottomUp[step](Tensor.cat([downsampling(maps[step]), pyramid[step + 1]], dim: 1)))
        }
        if !finals.isEmpty { maps = try zip(finals, maps).map { try $0($1) } }
        return try outputs.map { try maps.element(at: $0) }
    }

    private static func finals(
        _ arguments: Arguments, at path: ParameterPath, _ channels: [Int], _ style: CSPStyle, kernel: Int
    ) throws -> [any Layer] {
        guard let width = try arguments.optionalInt("out_channels") else { return [] }
        return try channels.enumerated().map { index, inChannels in
            let place = path / index
            return kernel == 1
                ? try style.plain(at: place, inChannels: inChannels, outChannels: width, kernel: 1)
                : try style.convolution(at: place, inChannels: inChannels, outChannels: width, kernel: kernel)
        }
    }

    private static func upsampling(_ arguments: Arguments) throws -> Upsample {
        guard let configuration = try arguments.child("upsample_cfg") else { return Upsample(scaleFactor: 2) }
        let factor = try configuration.double("scale_factor", default: 2)
        let name = try configuration.string("mode", default: "nearest")
        guard ["nearest", "bilinear"].contains(name) else {
            throw ModelError.unknownType(name, at: "\(configuration.path).mode", known: ["nearest", "bilinear"])
        }
        let aligns = try configuration.optionalBool("align_corners") ?? false
        try configuration.finish()
        return Upsample(scaleFactor: factor, mode: name == "nearest" ? .nearest : .bilinear(alignCorners: aligns))
    }
}
