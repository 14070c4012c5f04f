import PyConfig
public import Torch

/// The encoder of RT-DETR (Zhao et al. 2023): self-attention within the coarsest maps, then a feature pyramid down and
/// back up.
///
/// Shapes: inputs `(B, in_channels[i], H/2ⁱ, W/2ⁱ)`; outputs those of `output_indices` with `hidden_dim` channels, or
/// what the projector makes of them.
public final class HybridEncoder: Neck {
    private let projections: [ConvModule]
    private let encoded: [Int]
    private let encoders: [[DetectionTransformerLayer]]
    private let positions: SinePositions
    private let laterals, downsamplings: [ConvModule]
    private let topDown, bottomUp: [CSPRepLayer]
    private let outputs: [Int]?
    private let projector: (any Neck)?

    init(_ arguments: Arguments, at path: ParameterPath) throws {
        let channels = try arguments.ints("in_channels", default: [512, 1024, 2048])
        let width = try arguments.int("hidden_dim", default: 256, in: 4...65536)
        let normalization = try arguments.normalization(default: Normalization())
        let activation = try arguments.activation(default: .silu)
        func convolution(
            _ path: ParameterPath, _ inChannels: Int, kernel: Int, stride: Int = 1, activation: Activation?
        ) throws -> ConvModule {
            try ConvModule(
                at: path, inChannels: inChannels, outChannels: width, kernel: kernel, stride: stride,
                padding: kernel / 2, normalization: normalization, activation: activation)
        }
        projections = try channels.enumerated().map { index, inChannels in
            try convolution(path / "input_proj" / index, inChannels, kernel: 1, activation: nil)
        }
        encoded = try arguments.ints("use_encoder_idx", default: [2])
        guard !channels.isEmpty, !encoded.isEmpty, encoded.allSatisfy(channels.indices.contains) else {
            throw arguments.invalid("use_encoder_idx", "must name some of \(channels.count) maps: \(encoded)")
        }
        let layers = try arguments.int("num_encoder_layers", default: 1, in: 0...1024)
        let style = try DetectionTransformerStyle(arguments.child("encoder_cfg"))
        encoders = try encoded.indices.map { encoder in
            try (0..<layers).map { layer in
                try DetectionTransformerLayer(at: path / "encoder" / encoder / "layers" / layer, style)
            }
        }
        guard style.width == width || layers == 0 else {
            throw arguments.invalid("encoder_cfg", "embed_dims \(style.width) must be hidden_dim \(width)")
        }
        positions = try SinePositions(
            at: path / "sincos_pos_enc", width: width / 2,
            temperature: arguments.double("pe_temperature", default: 10000),
            isLearned: arguments.bool("spe_learnable", default: false))
        let depth = try arguments.double("deepen_factor", default: 1)
        let widen = try arguments.widenFactor()
        guard depth >= 0, depth < 100 else { throw arguments.invalid("deepen_factor", "must be positive") }
        func layer(_ path: ParameterPath) throws -> CSPRepLayer {
            // Python rounds halves to even.
            try CSPRepLayer(
                at: path, inChannels: 2 * width, outChannels: width,
                blocks: Int((3 * depth).rounded(.toNearestOrEven)), widenFactor: widen, activation: activation)
        }
        let steps = 0..<channels.count - 1
        laterals = try steps.map {
            try convolution(path / "lateral_convs" / $0, width, kernel: 1, activation: activation)
        }
        topDown = try steps.map { try layer(path / "fpn_blocks" / $0) }
        downsamplings = try steps.map {
            try convolution(path / "downsample_convs" / $0, width, kernel: 3, stride: 2, activation: activation)
        }
        bottomUp = try steps.map { try layer(path / "pan_blocks" / $0) }
        projector = try arguments.child("projector").map { try Necks.build(at: path / "projector", $0) }
        outputs = try arguments.optionalInts("output_indices")
        arguments.ignore("feat_strides", "init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> [Tensor] {
        guard features.count == projections.count else {
            throw ModelError.invalidInput("the neck reads \(projections.count) maps, not \(features.count)")
        }
        var projected = try zip(projections, features).map { try $0($1) }
        for (index, layers) in zip(encoded, encoders) where !layers.isEmpty {
            projected[index] = try attend(projected[index], layers)
        }
        var pyramid = [projected[projected.count - 1]]
        for step in laterals.indices {
            let lateral = try laterals[step](pyramid[0])
            pyramid[0] = lateral
            let finer = projected[projected.count - 2 - step]
            let enlarged = try lateral.interpolate(scaleFactor: 2)
            pyramid.insert(try topDown[step](Tensor.cat([enlarged, finer], dim: 1)), at: 0)
        }
        var maps = [pyramid[0]]
        for step in downsamplings.indices {
            let smaller = try downsamplings[step](maps[step])
            maps.append(try bottomUp[step](Tensor.cat([smaller, pyramid[step + 1]], dim: 1)))
        }
        if let outputs { maps = try outputs.map { try maps.element(at: $0) } }
        return try projector?(maps) ?? maps
    }

    private func attend(_ map: Tensor, _ layers: [DetectionTransformerLayer]) throws -> Tensor {
        let (height, width) = (map.shape[2], map.shape[3])
        // All of the rows' numbers, then all of the columns'.
        let places = try positions.grid(height: height, width: width).transpose(1, 2)
            .reshape([1, height * width, -1])
        let tokens = try layers.reduce(map.flatten(from: 2).transpose(1, 2).contiguous()) {
            try $1($0, positions: places)
        }
        return try tokens.transpose(1, 2).contiguous().reshape(map.shape)
    }
}
