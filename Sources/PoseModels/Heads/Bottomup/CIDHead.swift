public import PoseCore
public import PyConfig
public import Torch

/// Finds the roots of all instances, and from the features there makes heatmaps of each instance alone (contextual
/// instance decoupling, Wang and Zhang 2022).
///
/// Shapes: reads the last feature map `(1, inChannels, H, W)`; gives heatmaps `(N, K, H, W)` of the `N` instances found.
public final class CIDHead: BottomupHead, TrainableHead {
    private let roots: Conv2d
    private let decoupling: FeatureDecoupling
    private let coupledCriterion, decoupledCriterion: any MaskableLoss
    private let contrast: InfoNCELoss
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_keypoints", in: 1...65536)
        let channels = try arguments.singleInChannels()
        roots = try Conv2d(
            at: path / "iia_module" / "keypoint_root_conv", inChannels: channels, outChannels: keypointCount + 1,
            kernel: 1)
        decoupling = try FeatureDecoupling(
            at: path / "gfd_module", inChannels: channels, outChannels: keypointCount,
            middle: arguments.int("gfd_channels", in: 1...65536))
        decoder = arguments.decoder()
        let losses = path / "loss_module"
        coupledCriterion = try arguments.loss(
            "coupled_heatmap_loss", at: losses / "heatmap_coupled", default: ["type": "FocalHeatmapLoss"])
        decoupledCriterion = try arguments.loss(
            "decoupled_heatmap_loss", at: losses / "heatmap_decoupled", default: ["type": "FocalHeatmapLoss"])
        contrast = try arguments.loss(
            "contrastive_loss", at: losses / "contrastive", default: ["type": "InfoNCELoss"])
        arguments.ignore("prior_prob", "init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        let x = try features.element(at: -1)
        let found = try instances(x, BottomupSettings())
        let images = try Tensor.zeros([found.count], dtype: .int64)
        let heatmaps = try decoupling(x, found.features, roots: found.roots, images: images)
        return .instances(heatmaps: heatmaps, scores: found.scores)
    }

    /// Instances by falling score of their roots.
    private struct Instances {
        let count: Int
        /// `(B·N, inChannels)`: of the first image, then of the second.
        let features: Tensor
        /// `(N, 2)`, x first, and `(N)`.
        let roots, scores: Tensor
    }

    /// Shapes: `(B, inChannels, H, W)`; with two images, the second is the first run mirrored, mapped back.
    private func instances(_ x: Tensor, _ settings: BottomupSettings) throws -> Instances {
        let shape = x.shape
        var map = try CIDHead.probability(roots(x)).narrow(dim: 1, start: keypointCount, length: 1)
        if shape[0] > 1 { map = try map.mean(dims: [0], keepDim: true) }
        map = try Self.smoothed(map, settings.blurKernel)
        // The larger the map, the larger the neighbourhood in which there is one root.
        let extent = Double(shape[2] + shape[3]) / 2
        let radius = extent > 300 ? 3 : extent > 200 ? 2 : 1
        let kernel = 2 * radius + 1
        let maxima = try map.maxPool2d(kernel: [kernel, kernel], stride: [1, 1], padding: [radius, radius])
        let peaks = try (map * maxima.eq(map).to(.float32)).flatten()
        let best = try peaks.topk(min(settings.maximalInstances, peaks.count))
        let chosen = try best.values.gt(settings.rootThreshold).nonzero().flatten()
        let places = try best.indices.indexSelect(dim: 0, index: chosen)
        let positions = try places.toArray(Int.self)
        let vectors = try x.flatten(from: 2).indexSelect(dim: 2, index: places).permute([0, 2, 1])
        return Instances(
            count: positions.count, features: try vectors.reshape([shape[0] * positions.count, shape[1]]),
            roots: try Tensor(
                positions.flatMap { [$0 % shape[3], $0 / shape[3]] }, shape: [positions.count, 2]),
            scores: try best.values.indexSelect(dim: 0, index: chosen))
    }

    public var conversions: [any StateDictRule] { [RenameDecouplingParts()] }

    /// Targets: fields `heatmaps`, `instance_heatmaps` and maybe `heatmap_mask`; labels `instance_coords` and
    /// `keypoint_weights`. Gives `loss/heatmap_coupled` and, unless there is nobody in the batch, `loss/heatmap_decoupled`
    /// and `loss/contrastive`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let x = try features.element(at: -1)
        var losses = TrainingLosses([
            "loss/heatmap_coupled": try coupledCriterion(
                CIDHead.probability(roots(x)), batch.stacked(.fields, "heatmaps"), weights: nil,
                mask: batch.heatmapMask())
        ])
        let coordinates = try batch.each(.labels, "instance_coords").map { try $0.to(.int64) }
        let counts = coordinates.map { $0.shape.first ?? 0 }
        let total = counts.reduce(0, +)
        guard total > 0 else { return losses }
        let ids = counts.enumerated().flatMap { Array(repeating: $0, count: $1) }
        var images = try Tensor(ids, shape: [total])
        var places = try Tensor.cat(coordinates)
        let pixels = try places[.all, 1] * x.size(3) + places[.all, 0]
        let all = try x.flatten(from: 2).permute([0, 2, 1])
        guard try pixels.lt(0).logicalOr(pixels.ge(all.size(1))).any().item() == 0 else {
            throw ModelError.invalidInput("gt_instance_labels/instance_coords has a root outside of the map")
        }
        var vectors = try all[images, pixels]
        var contrastive = try Tensor.zeros([])
        for own in try vectors.split(counts, dim: 0) where own.shape[0] > 0 {
            contrastive = try contrastive + contrast(own)
        }
        let maps = try batch.each(.fields, "instance_heatmaps").map { try $0.unflatten(0, [-1, keypointCount]) }
        var (targets, weights) = (try Tensor.cat(maps), try batch.joined(.labels, "keypoint_weights"))
        if let limit = batch.maximalInstances, limit > 0, total > limit {
            let chosen = try Tensor.randperm(total).narrow(dim: 0, start: 0, length: limit)
            func kept(_ tensor: Tensor) throws -> Tensor { try tensor.indexSelect(dim: 0, index: chosen) }
            (images, places, vectors) = (try kept(images), try kept(places), try kept(vectors))
            (targets, weights) = (try kept(targets), try kept(weights))
        }
        let heatmaps = try decoupling(x, vectors, roots: places, images: images)
        losses.set("loss/heatmap_decoupled", try decoupledCriterion(heatmaps, targets, weights: weights, mask: nil))
        losses.set("loss/contrastive", try contrastive / Double(total))
        return losses
    }

    // MARK: test time

    public var augmentations: TestTimeAugmentations { [.flip] }

    /// Roots are those of image and mirror image together; each instance's heatmaps are the mean of both.
    public func people(_ scales: [TestTimeFeatures], _ test: BottomupTest) throws -> [DecodedPose] {
        let features = try scales.atOwnScale()
        var x = try features.maps.element(at: -1)
        if let mirrored = features.mirrored { x = try Tensor.cat([x, mirrored.element(at: -1).flip([-1])]) }
        let found = try instances(x, test.settings)
        guard found.count > 0 else { return [] }
        let runs = x.shape[0]
        let images = try Tensor.arange(runs).repeatInterleave(found.count, dim: 0)
        let roots = try Tensor.cat(Array(repeating: found.roots, count: runs))
        var heatmaps = try decoupling(x, found.features, roots: roots, images: images)
        if runs > 1 {
            let parts = try heatmaps.chunk(2, dim: 0)
            let indices = try test.flipIndexTensor(count: keypointCount)
            heatmaps = try (parts[0] + parts[1].indexSelect(dim: 1, index: indices)) / 2
        }
        heatmaps = try Self.smoothed(heatmaps, test.settings.blurKernel)
        let shape = heatmaps.shape
        // The codec counts from the upper left corner of a pixel of the maps; the middle is meant.
        let shift = SIMD2(
            Double(test.inputSize.width) / Double(shape[3]) / 2, Double(test.inputSize.height) / Double(shape[2]) / 2)
        return try test.decode(.instances(heatmaps: heatmaps, scores: found.scores)).map { pose in
            var keypoints = pose.keypoints
            keypoints.points = keypoints.points.map {
                SIMD2(Double(Float($0.x + shift.x)), Double(Float($0.y + shift.y)))
            }
            return DecodedPose(keypoints: keypoints)
        }
    }

    /// The mean of maps and of their mean over a square around each pixel.
    private static func smoothed(_ maps: Tensor, _ kernel: Int) throws -> Tensor {
        let mean = try maps.avgPool2d(
            kernel: [kernel, kernel], stride: [1, 1], padding: [(kernel - 1) / 2, (kernel - 1) / 2])
        return try (maps + mean) / 2
    }

    /// The sigmoid, kept away from 0 and 1, where the loss has no bounds.
    fileprivate static func probability(_ logits: Tensor) throws -> Tensor {
        try logits.sigmoid().clamp(min: 1e-4, max: 1 - 1e-4)
    }
}

/// Heatmaps of single instances: the features of the image, weighed by an instance's own along channels and pixels.
private final class FeatureDecoupling: Sendable {
    private let reduce, fuse, heatmaps: Conv2d
    private let channelAttention: InstanceChannelAttention
    private let spatialAttention: InstanceSpatialAttention

    init(at path: ParameterPath, inChannels: Int, outChannels: Int, middle: Int) throws {
        reduce = try Conv2d(at: path / "conv_down", inChannels: inChannels, outChannels: middle, kernel: 1)
        channelAttention = try InstanceChannelAttention(
            at: path / "channel_attention", features: inChannels, channels: middle)
        spatialAttention = try InstanceSpatialAttention(
            at: path / "spatial_attention", features: inChannels, channels: middle)
        fuse = try Conv2d(at: path / "fuse_attention", inChannels: 2 * middle, outChannels: middle, kernel: 1)
        heatmaps = try Conv2d(at: path / "heatmap_conv", inChannels: middle, outChannels: outChannels, kernel: 1)
    }

    /// Shapes: map `(B, inChannels, H, W)`, vectors `(N, inChannels)`, roots `(N, 2)`, images `(N)`: to which map each
    /// instance belongs; output `(N, outChannels, H, W)`.
    func callAsFunction(_ x: Tensor, _ vectors: Tensor, roots: Tensor, images: Tensor) throws -> Tensor {
        let maps = try reduce(x).indexSelect(dim: 0, index: images)
        let weighed = try Tensor.cat(
            [channelAttention(maps, vectors), spatialAttention(maps, vectors, roots: roots)], dim: 1)
        return try CIDHead.probability(heatmaps(fuse(weighed).relu()))
    }
}

/// 0.x had the parts of the head side by side, under shorter names.
struct RenameDecouplingParts: StateDictRule {
    let name = "parts of CIDHead → iia_module, gfd_module"
    let supersededBy: Int? = 2

    private static let parts = [
        "keypoint_center_conv": "iia_module.keypoint_root_conv", "conv_down": "gfd_module.conv_down",
        "c_attn": "gfd_module.channel_attention", "s_attn": "gfd_module.spatial_attention",
        "fuse_attn": "gfd_module.fuse_attention", "heatmap_conv": "gfd_module.heatmap_conv",
    ]

    func convert(_ key: String) -> String? {
        let end = key.firstIndex(of: ".") ?? key.endIndex
        guard let part = Self.parts[String(key[..<end])] else { return key }
        return part + key[end...]
    }
}
