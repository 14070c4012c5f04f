public import PoseCore
public import PyConfig
public import Torch

/// Maps of keypoints and of instances' roots, and from each root the way to every keypoint, regressed by a branch for each
/// keypoint (DEKR, Geng et al. 2021).
///
/// Shapes: reads the last feature map `(B, inChannels, H, W)`; gives maps `(B, K + 1, H, W)`, the roots last, and
/// displacements `(B, 2K, H, W)` in pixels of the map.
public final class DEKRHead: BottomupHead, TrainableHead {
    private let heatmapLayers, displacementLayers: Sequential
    private let rescoring: RescoreNet?
    private let heatmapCriterion: any MaskableLoss
    private let displacementCriterion: any TargetLoss
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let keypoints = try arguments.int("num_keypoints", in: 1...65536)
        let channels = try arguments.singleInChannels()
        heatmapLayers = try Self.makeHeatmapLayers(
            at: path / "heatmap_conv_layers", inChannels: channels, outChannels: keypoints + 1,
            filters: arguments.int("num_heatmap_filters", default: 32, in: 1...65536))
        displacementLayers = try Self.makeDisplacementLayers(
            at: path / "displacement_conv_layers", inChannels: channels, keypoints: keypoints,
            filters: arguments.int("num_displacement_filters_per_keypoint", default: 15, in: 1...65536))
        rescoring = try arguments.child("rescore_cfg").map { try RescoreNet(at: path / "rescore_net", $0) }
        keypointCount = keypoints
        decoder = arguments.decoder()
        heatmapCriterion = try arguments.loss(
            "heatmap_loss", at: path / "loss_module" / "heatmap",
            default: ["type": "KeypointMSELoss", "use_target_weight": true])
        displacementCriterion = try arguments.loss(
            "displacement_loss", at: path / "loss_module" / "displacement",
            default: ["type": "SoftWeightSmoothL1Loss", "use_target_weight": true, "supervise_empty": false])
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        let (heatmaps, displacements) = try maps(features)
        return .roots(heatmaps: heatmaps, displacements: displacements)
    }

    private func maps(_ features: [Tensor]) throws -> (heatmaps: Tensor, displacements: Tensor) {
        let x = try features.element(at: -1)
        return (try heatmapLayers(x), try displacementLayers(x))
    }

    public var conversions: [any StateDictRule] { [TurnDisplacements()] }

    public var modelConversions: [any StateDictRule] { rescoring == nil ? [] : [MoveRescoreNet()] }

    /// Targets: fields `heatmaps`, `heatmap_weights`, `displacements`, `displacement_weights` and maybe `heatmap_mask`.
    /// Gives `loss/heatmap` and `loss/displacement`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let (heatmaps, displacements) = try maps(features)
        return TrainingLosses([
            "loss/heatmap": try heatmapCriterion(
                heatmaps, batch.stacked(.fields, "heatmaps"), weights: batch.stacked(.fields, "heatmap_weights"),
                mask: batch.heatmapMask()),
            "loss/displacement": try displacementCriterion(
                displacements, batch.stacked(.fields, "displacements"),
                weights: batch.stacked(.fields, "displacement_weights")),
        ])
    }

    // MARK: test time

    public var augmentations: TestTimeAugmentations { [.flip] }

    public func people(_ scales: [TestTimeFeatures], _ test: BottomupTest) throws -> [DecodedPose] {
        let features = try scales.atOwnScale()
        var (heatmaps, displacements) = try maps(features.maps)
        if let mirrored = features.mirrored {
            let other = try maps(mirrored)
            let indices = try test.flipIndexTensor(count: keypointCount)
            let last = try Tensor([keypointCount], shape: [1])
            let mirroredMaps = try FlipTest(.heatmap, shiftsHeatmap: test.settings.shiftsHeatmap)
                .unmirror(other.heatmaps, Tensor.cat([indices, last]))
            heatmaps = try (heatmaps + mirroredMaps) / 2
            // A pixel of the map covers several of the input: its mirror image is where it ends, not where it begins.
            let step = Double(test.inputSize.width) / Double(heatmaps.shape[3])
            let amendment = try Tensor([Float((step - 1) / step), 0]).repeat([keypointCount]).reshape([-1, 1, 1])
            let turned = try FlipTest(.offset, shiftsHeatmap: false).unmirror(other.displacements, indices) + amendment
            displacements = try (displacements + turned) / 2
        }
        return try suppressed(
            rescored(test.decode(.roots(heatmaps: heatmaps, displacements: displacements)), test), test)
    }

    /// Poses with what their scores are multiplied by.
    private func rescored(
        _ poses: [DecodedPose], _ test: BottomupTest
    ) throws -> [(keypoints: Keypoints, factor: Float)] {
        var factors = poses.map { Float($0.score ?? 1) }
        if let rescoring, !test.links.isEmpty, !poses.isEmpty {
            let points = poses.flatMap { $0.keypoints.points.flatMap { [Float($0.x), Float($0.y)] } }
            let scores = poses.flatMap { $0.keypoints.scores.map(Float.init) }
            let quality = try rescoring(
                Tensor(points, shape: [poses.count, keypointCount, 2]),
                Tensor(scores, shape: [poses.count, keypointCount]), links: test.links)
            factors = zip(factors, try quality.toArray(Float.self)).map { $1.isNaN ? 0 : $0 * $1 }
        }
        return zip(poses, factors).map { ($0.keypoints, $1) }
    }

    /// Which pose is the better one is decided by the keypoints' own scores.
    private func suppressed(_ poses: [(keypoints: Keypoints, factor: Float)], _ test: BottomupTest) -> [DecodedPose] {
        var kept = Array(poses.indices)
        if test.settings.nearbyDistance > 0 {
            kept = Suppression.nearbyKeypoints(
                poses.map(\.keypoints.points), scores: poses.map(\.keypoints.meanScore),
                distance: test.settings.nearbyDistance, keypoints: test.settings.nearbyKeypoints,
                limit: test.settings.maximalPeople)
        }
        return kept.map { index in
            var keypoints = poses[index].keypoints
            keypoints.scores = keypoints.scores.map { Double(poses[index].factor * Float($0)) }
            return DecodedPose(keypoints: keypoints)
        }
    }

    // MARK: layers

    private static func makeHeatmapLayers(
        at path: ParameterPath, inChannels: Int, outChannels: Int, filters: Int
    ) throws -> Sequential {
        let shape = ResidualShape(inChannels: filters, outChannels: filters)
        return Sequential([
            try ConvModule(
                at: path / 0, inChannels: inChannels, outChannels: filters, kernel: 1, normalization: Normalization()),
            try BasicBlock(at: path / 1, shape, style: ResidualStyle()),
            try Conv2d(at: path / 2, inChannels: filters, outChannels: outChannels, kernel: 1),
        ])
    }

    private static func makeDisplacementLayers(
        at path: ParameterPath, inChannels: Int, keypoints: Int, filters: Int
    ) throws -> Sequential {
        let channels = keypoints * filters
        return Sequential([
            try ConvModule(
                at: path / 0, inChannels: inChannels, outChannels: channels, kernel: 1, normalization: Normalization()),
            try AdaptiveActivationBlock(at: path / 1, channels: channels, groups: keypoints),
            try AdaptiveActivationBlock(at: path / 2, channels: channels, groups: keypoints),
            try Conv2d(
                at: path / 3, inChannels: channels, outChannels: 2 * keypoints, kernel: 1, groups: keypoints),
        ])
    }
}

/// 0.x regressed the way from the keypoint to the root, and had the root's map first.
///
/// Only the keys tell: a file of 1.x that lacks its version must not be turned around once more.
struct TurnDisplacements: StateDictRule {
    let name = "offset_conv_layers → displacement_conv_layers, turned around; root map first → last"
    let supersededBy: Int? = 2
    private let old = "offset_conv_layers."

    func concerns(_ keys: [String]) -> Bool { keys.contains { $0.hasPrefix(old) } }

    func convert(_ key: String) -> String? {
        key.hasPrefix(old) ? "displacement_conv_layers." + key.dropFirst(old.count) : key
    }

    func convert(_ tensor: Tensor, of key: String) throws -> Tensor {
        if key.hasPrefix(old + "3.") { return try -tensor }
        guard key.hasPrefix("heatmap_conv_layers.2."), tensor.rank > 0, let count = tensor.shape.first, count > 1 else {
            return tensor
        }
        return try tensor.roll([-1], dims: [0])
    }
}

/// 0.x had the net beside the head.
struct MoveRescoreNet: StateDictRule {
    let name = "rescore_net → head.rescore_net"
    let supersededBy: Int? = nil

    func convert(_ key: String) -> String? { key.hasPrefix("rescore_net.") ? "head." + key : key }
}
