public import PyConfig
public import Torch

/// Coordinates as the mean position under a heatmap's softmax (Sun et al. 2018); also the head of DSNT (Nibali et al.
/// 2018), which differs in its losses only.
///
/// Shapes: reads the last feature map `(B, inChannels, H, W)`, gives coordinates `(B, K, 2)` as parts of the input's size
/// and the heatmaps `(B, K, 2ⁿH, 2ⁿW)` after `n` transposed convolutions, each with a sum of 1.
public final class IntegralRegressionHead: TrainableHead {
    private let columns, rows: Parameter
    private let baseline: HeatmapHead?
    private let final: Conv2d?
    private let isDebiased: Bool
    private let sharpness: Double
    private let criterion: Criterion
    public let keypointCount: Int
    public let decoder: ConfigDict?

    /// What is compared with the truth.
    private enum Criterion {
        case coordinates(any TargetLoss)
        /// The heatmaps too, in the first epochs of a run or always.
        case withHeatmaps(MultipleLossWrapper, epochs: Int?)
    }

    /// - Parameter learnsHeatmaps: whether the heatmaps have a loss of their own, as DSNT's.
    init(at path: ParameterPath, _ arguments: Arguments, learnsHeatmaps: Bool = false) throws {
        keypointCount = try arguments.int("num_joints")
        isDebiased = try arguments.bool("debias", default: false)
        sharpness = try arguments.double("beta", default: 1)
        let configuration = try DeconvolutionConfiguration(arguments)
        let size = try arguments.ints("in_featuremap_size")
        let doublings = configuration.deconvolutions.count
        guard size.count == 2, size.allSatisfy({ (1...8192).contains($0) }), doublings <= 8 else {
            throw arguments.invalid(
                "in_featuremap_size", "must be [width, height] of the last feature map, not \(size)")
        }
        let (width, height) = (size[0] << doublings, size[1] << doublings)
        columns = try path.parameter(
            "linspace_x", shape: [1, 1, 1, width], initializer: .values(positions([1, 1, 1, width])), trainable: false)
        rows = try path.parameter(
            "linspace_y", shape: [1, 1, height, 1], initializer: .values(positions([1, 1, height, 1])),
            trainable: false)
        if doublings > 0 {
            var inner = arguments.all
            inner["out_channels"] = .int(keypointCount)
            inner["decoder"] = nil
            for name in ["num_joints", "debias", "beta", "in_featuremap_size", "lambda_t", "loss"] { inner[name] = nil }
            let innerArguments = Arguments(inner, at: arguments.path)
            baseline = try HeatmapHead(at: path / "simplebaseline_head", innerArguments)
            try innerArguments.finish()
            final = nil
        } else {
            baseline = nil
            final = try configuration.finalLayer(
                at: path / "final_layer", inChannels: arguments.singleInChannels(), outChannels: keypointCount)
        }
        _ = arguments.value("in_channels")
        decoder = arguments.decoder()
        criterion = try Self.criterion(at: path / "loss_module", arguments, learnsHeatmaps: learnsHeatmaps)
        arguments.ignore("init_cfg", "_scope_")
    }

    private static func criterion(
        at path: ParameterPath, _ arguments: Arguments, learnsHeatmaps: Bool
    ) throws -> Criterion {
        let smooth: ConfigDict = ["type": "SmoothL1Loss", "use_target_weight": true]
        guard learnsHeatmaps else {
            return .coordinates(try arguments.loss(at: path, default: smooth))
        }
        let divergence: ConfigDict = ["type": "JSDiscretLoss", "use_target_weight": true]
        let losses = try arguments.loss(
            as: MultipleLossWrapper.self, at: path,
            default: ["type": "MultipleLossWrapper", "losses": .list([.dict(smooth), .dict(divergence)])])
        let epochs = try arguments.int("lambda_t", default: -1)
        return .withHeatmaps(losses, epochs: epochs > 0 ? epochs : nil)
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        let (coordinates, heatmaps) = try outputs(features)
        return .integral(coordinates: coordinates, heatmaps: heatmaps)
    }

    /// Targets and losses are `CoordinateTargets`'; of DSNT also the fields `heatmaps`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let (coordinates, heatmaps) = try outputs(features)
        let targets = try CoordinateTargets(batch)
        let loss: Tensor
        switch criterion {
        case .coordinates(let criterion):
            loss = try criterion(coordinates, targets.labels, weights: targets.weights)
        case .withHeatmaps(let criterion, let epochs):
            let parts = try criterion(
                [coordinates, heatmaps], [targets.labels, batch.stacked(.fields, "heatmaps")],
                weights: targets.weights)
            let counted = epochs.map { batch.progress.epoch < $0 } ?? true ? parts : Array(parts.prefix(1))
            loss = try counted.dropFirst().reduce(counted.element(at: 0)) { try $0 + $1 }
        }
        return try targets.losses(loss, of: coordinates, batch)
    }

    private func outputs(_ features: [Tensor]) throws -> (coordinates: Tensor, heatmaps: Tensor) {
        var maps = try baseline?.maps(features) ?? features.element(at: -1)
        if let final { maps = try final(maps) }
        let shape = maps.shape
        let heatmaps = try (maps * sharpness).flatten(from: 2).softmax(dim: 2).reshape(shape)
        var x = try (heatmaps * columns.tensor).flatten(from: 2).sum(dim: 2, keepDim: true)
        var y = try (heatmaps * rows.tensor).flatten(from: 2).sum(dim: 2, keepDim: true)
        if isDebiased {
            // Every pixel has some weight, which draws the mean to the middle (Gu et al. 2021).
            let total = try maps.flatten(from: 2).exp().sum(dim: 2, keepDim: true)
            x = try debiased(x, total)
            y = try debiased(y, total)
        }
        return (try Tensor.cat([x, y], dim: -1), heatmaps)
    }

    public var conversions: [any StateDictRule] {
        guard let baseline else { return [] }
        return [MoveIntoBaseline()]
            + baseline.conversions.map { NestedRule(module: "simplebaseline_head", rule: $0) }
    }

    private func debiased(_ mean: Tensor, _ total: Tensor) throws -> Tensor {
        try total / (total - 1) * (mean - (total * 2).reciprocal())
    }
}

/// `0, 1/n, …, (n−1)/n` in a shape of `n` elements.
private func positions(_ shape: [Int]) throws -> Tensor {
    let count = shape.reduce(1, *)
    return try Tensor((0..<count).map { Float($0) / Float(count) }, shape: shape)
}

/// Weights of a heatmap head may start an integral one, which holds such a head inside.
struct MoveIntoBaseline: StateDictRule {
    let name = "heatmap head → simplebaseline_head"
    let supersededBy: Int? = nil

    func convert(_ key: String) -> String? {
        ["deconv_layers.", "conv_layers.", "final_layer."].contains(where: key.hasPrefix)
            ? "simplebaseline_head." + key : key
    }
}
