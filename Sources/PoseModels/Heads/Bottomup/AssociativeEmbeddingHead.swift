public import PoseCore
public import PyConfig
public import Torch

/// Heatmaps of everybody together, and maps of numbers that are alike for the keypoints of one person (associative
/// embedding, Newell et al. 2017).
///
/// Shapes: reads the last feature map `(B, inChannels, H, W)`; gives heatmaps `(B, K, 2ⁿH, 2ⁿW)` and tags
/// `(B, L·K, 2ⁿH, 2ⁿW)` after `n` transposed convolutions; without `tag_per_keypoint` tags `(B, L, …)`.
public final class AssociativeEmbeddingHead: BottomupHead, TrainableHead {
    private let layers: DeconvolutionLayers
    private let hiddenLayers, tagLength: Int
    private let tagsPerKeypoint: Bool
    private let heatmapCriterion: any MaskableLoss
    private let tagCriterion: AssociativeEmbeddingLoss
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_keypoints", in: 1...65536)
        tagLength = try arguments.int("tag_dim", default: 1, in: 1...1024)
        tagsPerKeypoint = try arguments.bool("tag_per_keypoint", default: true)
        let configuration = try DeconvolutionConfiguration(arguments)
        layers = try DeconvolutionLayers(
            at: path, inChannels: arguments.singleInChannels(),
            outChannels: keypointCount + (tagsPerKeypoint ? keypointCount * tagLength : tagLength), configuration)
        hiddenLayers = 3 * configuration.convolutions.count
        decoder = arguments.decoder()
        heatmapCriterion = try arguments.loss(
            "keypoint_loss", at: path / "loss_module" / "keypoint_loss", default: ["type": "KeypointMSELoss"])
        tagCriterion = try arguments.loss(
            "tag_loss", at: path / "loss_module" / "tag_loss", default: ["type": "AssociativeEmbeddingLoss"])
        arguments.ignore("init_cfg", "_scope_")
    }

    public func callAsFunction(_ features: [Tensor]) throws -> HeadTensors {
        let (heatmaps, tags) = try maps(features)
        return .tagged(heatmaps: heatmaps, tags: tags)
    }

    private func maps(_ features: [Tensor]) throws -> (heatmaps: Tensor, tags: Tensor) {
        let parts = try layers(features.element(at: -1))
            .split([keypointCount, layers.outChannels - keypointCount], dim: 1)
        return (parts[0], parts[1])
    }

    public var conversions: [any StateDictRule] { [SplitFinalLayer(hiddenLayers: hiddenLayers)] }

    /// Targets: fields `heatmaps` and, where people are not annotated, `heatmap_mask`; labels `keypoint_indices` and, of
    /// images with a single person, `keypoint_weights`. Gives `loss_kpt`, `loss_pull`, `loss_push`.
    public func loss(_ features: [Tensor], _ batch: TrainingBatch) throws -> TrainingLosses {
        let output = try maps(features)
        let tags = try tagsPerKeypoint ? output.tags : output.tags.repeat([1, keypointCount, 1, 1])
        // On maps of several people a keypoint's weight belongs to none of the maps.
        let weights = try batch.has(.labels, "keypoint_weights") ? batch.each(.labels, "keypoint_weights") : []
        let single = !weights.isEmpty && weights.allSatisfy { $0.shape.first == 1 }
        let kept = try batch.heatmapMask()
        let embedding = try tagCriterion(tags, batch.each(.labels, "keypoint_indices"))
        return TrainingLosses([
            "loss_kpt": try heatmapCriterion(
                output.heatmaps, batch.stacked(.fields, "heatmaps"), weights: single ? Tensor.cat(weights) : nil,
                mask: kept),
            "loss_pull": embedding.pull, "loss_push": embedding.push,
        ])
    }

    // MARK: test time

    public var augmentations: TestTimeAugmentations { [.flip, .scales] }

    /// Heatmaps are the mean over the image, its mirror image and other scales; tags are those of image and mirror image at
    /// the first scale, side by side.
    public func people(_ scales: [TestTimeFeatures], _ test: BottomupTest) throws -> [DecodedPose] {
        let wanted = test.settings.restoresSize ? [test.inputSize.height, test.inputSize.width] : nil
        var heatmaps: [Tensor] = []
        var tags: Tensor?
        for features in scales {
            let original = try maps(features.maps)
            var (scaleMaps, scaleTags) = ([original.heatmaps], [original.tags])
            if let mirrored = features.mirrored {
                let indices = try test.flipIndexTensor(count: keypointCount)
                let flip = FlipTest(.heatmap, shiftsHeatmap: test.settings.shiftsHeatmap)
                let other = try maps(mirrored)
                scaleMaps.append(try flip.unmirror(other.heatmaps, indices))
                scaleTags.append(try unmirror(other.tags, flip, indices))
            }
            let size = wanted ?? Array(original.heatmaps.shape.suffix(2))
            heatmaps.append(try Self.mean(scaleMaps.map { try resized($0, to: size, test) }))
            if tags == nil { tags = try Tensor.cat(scaleTags.map { try resized($0, to: size, test) }, dim: 1) }
        }
        guard let first = heatmaps.first, let tags else { return [] }
        let size = Array(first.shape.suffix(2))
        let mean = try Self.mean(heatmaps.map { try resized($0, to: size, test) })
        return try test.decode(.tagged(heatmaps: mean, tags: tags))
    }

    /// Tags that belong to no keypoint stay what they are in the mirror.
    private func unmirror(_ tags: Tensor, _ flip: FlipTest, _ indices: Tensor) throws -> Tensor {
        let shape = tags.shape
        guard tagsPerKeypoint else {
            return try flip.unmirror(tags, Tensor.arange(shape[1]))
        }
        let grouped = try tags.reshape([shape[0] * tagLength, keypointCount, shape[2], shape[3]])
        return try flip.unmirror(grouped, indices).reshape(shape)
    }

    private func resized(_ maps: Tensor, to size: [Int], _ test: BottomupTest) throws -> Tensor {
        if Array(maps.shape.suffix(2)) == size { return maps }
        return try maps.interpolate(size: size, mode: .bilinear(alignCorners: test.settings.alignsCorners))
    }

    private static func mean(_ maps: [Tensor]) throws -> Tensor {
        guard let first = maps.first, maps.count > 1 else { return try maps.element(at: 0) }
        return try maps.dropFirst().reduce(first) { try $0 + $1 } / Double(maps.count)
    }
}
