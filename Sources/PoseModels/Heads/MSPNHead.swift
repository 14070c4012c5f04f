public import PyConfig
public import Torch

/// Heatmaps of every unit of every stage of MSPN (Li et al. 2019) and RSN (Cai et al. 2020), all of one size.
///
/// Shapes: reads `num_stages · num_units` feature maps `(B, unitChannels, Hᵢ, Wᵢ)`, stage by stage, and gives heatmaps
/// `(B, outChannels, *outShape)` of each.
public final class MSPNHead: TrainableHead {
    private let units: [UnitHead]
    /// Of which of the codec's levels each unit learns.
    private let levels: [Int]
    private let criteria: [any TargetLoss]
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let stages = try arguments.int("num_stages", default: 4, in: 1...64)
        let count = try stages * arguments.int("num_units", default: 4, in: 1...64)
        let size = try arguments.ints("out_shape", default: [64, 48])
        guard size.count == 2, size.allSatisfy({ $0 > 0 }) else {
            throw arguments.invalid("out_shape", "must be [height, width], not \(size)")
        }
        levels = try arguments.ints("level_indices", default: [])
        guard levels.count == count else {
            throw arguments.invalid("level_indices", "needs one entry for each of \(count) units, not \(levels.count)")
        }
        let width = try arguments.int("unit_channels", default: 256)
        let outChannels = try arguments.int("out_channels", default: 17)
        let refines = try arguments.bool("use_prm", default: false)
        let normalization = try arguments.normalization(default: Normalization())
        units = try (0..<count).map {
            try UnitHead(
                at: path / "predict_layers" / $0, inChannels: width, outChannels: outChannels, size: size,
                refines: refines, normalization: normalization)
        }
        keypointCount = outChannels
        decoder = arguments.decoder()
        criteria = try arguments.losses(ofStages: count, at: path / "loss_module")
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        .stages(try stages(features))
    }

    /// Targets: fields `heatmaps` of every level, labels `keypoint_weights` `(L, 1, K)`. Gives `loss_kpt`, the sum over the
    /// units, and `acc_pose` of the last.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let outputs = try stages(features)
        // (B, L, K)
        let weights = try batch.joined(.labels, "keypoint_weights", dim: 1).transpose(0, 1)
        let last = levels.max() ?? 0
        guard levels.allSatisfy({ $0 >= 0 }), try weights.size(1) > last else {
            throw ModelError.invalidInput(
                "level_indices of the head ask for level \(last), but the codec makes \(try weights.size(1)) of them")
        }
        let targets = try (0...last).map { try batch.stacked(.fields, "heatmaps.\($0)") }
        let parts = try outputs.indices.map { unit in
            let level = levels[unit]
            return try criteria[unit](outputs[unit], targets[level], weights: weights.select(dim: 1, index: level))
        }
        var losses = TrainingLosses(["loss_kpt": try parts.dropFirst().reduce(parts[0]) { try $0 + $1 }])
        if batch.measuresAccuracy {
            let accuracy = try PoseAccuracy.heatmaps(
                outputs.element(at: -1), targets[levels[levels.count - 1]],
                mask: weights.select(dim: 1, index: -1).gt(0))
            try losses.set("acc_pose", accuracy)
        }
        return losses
    }

    private func stages(_ features: [Tensor]) throws -> [Tensor] {
        guard features.count == units.count else {
            throw ModelError.invalidInput(
                "the head reads \(units.count) feature maps, but the backbone gives \(features.count)")
        }
        return try zip(units, features).map { try $0($1) }
    }
}

/// From one feature map to heatmaps.
private final class UnitHead: Layer {
    private let layers: Sequential
    private let refinement: PoseRefineMachine?
    private let size: [Int]

    init(
        at path: ParameterPath, inChannels: Int, outChannels: Int, size: [Int], refines: Bool,
        normalization: Normalization?
    ) throws {
        refinement =
            try refines
            ? PoseRefineMachine(at: path / "prm", channels: outChannels, normalization: normalization) : nil
        let convolutions = path / "conv_layers"
        layers = Sequential([
            try ConvModule(
                at: convolutions / 0, inChannels: inChannels, outChannels: inChannels, kernel: 1,
                normalization: normalization),
            try ConvModule(
                at: convolutions / 1, inChannels: inChannels, outChannels: outChannels, kernel: 3, padding: 1,
                normalization: normalization, activation: nil),
        ])
        self.size = size
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try layers(x).interpolate(size: size, mode: .bilinear(alignCorners: true))
        return try refinement?(y) ?? y
    }
}

/// RSN's pose refine machine: weighs heatmaps by a gate for each channel times one for each pixel.
///
/// Shapes: input and output `(B, channels, H, W)`.
private final class PoseRefineMachine: Layer {
    private let input: ConvModule
    private let channelGate, pixelGate: Sequential

    init(at path: ParameterPath, channels: Int, normalization: Normalization?) throws {
        let middle = path / "middle_path"
        channelGate = Sequential([
            try Linear(at: middle / 0, in: channels, out: channels),
            try BatchNorm1d(at: middle / 1, channels: channels), ActivationLayer(.relu),
            try Linear(at: middle / 3, in: channels, out: channels),
            try BatchNorm1d(at: middle / 4, channels: channels), ActivationLayer(.relu), ActivationLayer(.sigmoid),
        ])
        let bottom = path / "bottom_path"
        pixelGate = Sequential([
            try ConvModule(
                at: bottom / 0, inChannels: channels, outChannels: channels, kernel: 1, normalization: normalization),
            try DepthwiseSeparableConvModule(
                at: bottom / 1, inChannels: channels, outChannels: 1, kernel: 9, padding: 4,
                normalization: normalization), ActivationLayer(.sigmoid),
        ])
        input = try ConvModule(
            at: path / "conv_bn_relu_prm_1", inChannels: channels, outChannels: channels, kernel: 3, padding: 1,
            normalization: normalization)
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let y = try input(x)
        let gate = try channelGate(y.adaptiveAvgPool2d([1, 1]).flatten(from: 1)).reshape([y.size(0), y.size(1), 1, 1])
        return try y * (gate * pixelGate(y) + 1)
    }
}
