import Foundation
public import PoseCore
public import PyConfig

/// One volume per key point of two hands, and how the hands stand to each other (InterNet, Moon et al. 2020,
/// "InterHand2.6M").
///
/// Targets: field `heatmaps` `(K·D, H, W)`; labels `keypoint_weights` `(N, K)`, `root_depth` and `root_depth_weight` `(1)`,
/// `type` and `type_weight`. Decodes `.hands` into one pose per image whose depths are millimetres from the hand's root.
public struct Hand3DHeatmap: KeypointCodec {
    public let inputSize, heatmapSize: ImageSize
    /// Steps of the volumes along the depth.
    public let depthSize: Int
    /// Depths the volumes hold, in millimetres, half of it on either side of the root.
    public let depthBound: Double
    /// Depths between both roots, in millimetres, half of it on either side of none.
    public let rootDepthBound: Double
    public let sigma: Double
    /// Key points with volumes; all when nil.
    public let jointIndices: [Int]?
    public let maximum: Double
    private let rootSteps, decodedRootSteps, decodedDepthSize: Double
    private let useDatasetWeights: Bool
    private let scale: MapScale
    private let checks = CodecChecks(codec: "Hand3DHeatmap")

    /// Arguments: `image_size=[256, 256]`, `root_heatmap_size=64`, `heatmap_size=[64, 64, 64]`,
    /// `heatmap3d_depth_bound=400.0`, `heatmap_size_root=64`, `root_depth_bound=400.0`, `depth_size=64`,
    /// `use_different_joint_weights=False`, `sigma=2`, `joint_indices=None`, `max_bound=1.0`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        let extents = try arguments.ints("heatmap_size", default: [64, 64, 64])
        guard extents.count == 3, extents.allSatisfy({ (1...4096).contains($0) }) else {
            throw arguments.invalid("heatmap_size", "expected (width, height, depth), found \(extents)")
        }
        inputSize = arguments.has("image_size") ? try arguments.size("image_size") : ImageSize(width: 256, height: 256)
        heatmapSize = ImageSize(width: extents[0], height: extents[1])
        depthSize = extents[2]
        decodedDepthSize = try arguments.positive("depth_size", default: 64)
        depthBound = try arguments.positive("heatmap3d_depth_bound", default: 400)
        rootDepthBound = try arguments.positive("root_depth_bound", default: 400)
        rootSteps = try arguments.positive("heatmap_size_root", default: 64)
        decodedRootSteps = try arguments.positive("root_heatmap_size", default: 64)
        useDatasetWeights = try arguments.bool("use_different_joint_weights", default: false)
        sigma = try arguments.positive("sigma", default: 2)
        jointIndices = try arguments.optionalInts("joint_indices")
        maximum = try arguments.positive("max_bound", default: 1)
        scale = MapScale(input: inputSize, map: heatmapSize)
    }

    // MARK: encoding

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        let (instances, allKeypoints) = try checks.annotation(annotation, single: false)
        guard annotation.keypoints.shape[2] == 3 else {
            throw CodecError.shape(
                codec: checks.codec, array: "key points", expected: "(N, K, 3)", found: annotation.keypoints.shape)
        }
        guard let hands = annotation.hands else { throw CodecError.missing(codec: checks.codec, "a hand annotation") }
        let joints = jointIndices ?? Array(0..<allKeypoints)
        guard joints.allSatisfy({ (0..<allKeypoints).contains($0) }) else {
            throw CodecError.missing(codec: checks.codec, "the key points \(joints) of \(allKeypoints)")
        }
        let shape = [joints.count * depthSize, heatmapSize.height, heatmapSize.width]
        var volumes = try NDArray<Float>(repeating: 0, shape: shape)
        var weights: [Double] = []
        for instance in 0..<instances {
            for (volume, joint) in joints.enumerated() {
                let index = instance * allKeypoints + joint
                let center = volumeCoordinates(annotation.keypoints, index * 3)
                draw(center, in: volume, of: &volumes, annotation.keypoints.precision)
                let inside = center.z >= 0 && center.z < Double(depthSize)
                let weight = annotation.visible.elements[index] * (inside ? 1 : 0)
                weights.append(weight * (try datasetWeight(annotation, volume, count: joints.count)))
            }
        }
        if maximum != 1 { volumes = volumes.map { $0 * Float(maximum) } }
        var labels = try rootLabels(hands)
        labels["keypoint_weights"] =
            try RealArray(
                weights, shape: [instances, joints.count], precision: annotation.visible.precision
            ).array
        return EncodedTargets(labels: labels, fields: ["heatmaps": .float32(volumes)])
    }

    private func datasetWeight(_ annotation: KeypointAnnotation, _ index: Int, count: Int) throws -> Double {
        guard useDatasetWeights else { return 1 }
        guard let weights = annotation.datasetKeypointWeights, weights.count == count else {
            throw CodecError.missing(codec: checks.codec, "one weight of the dataset for each of \(count) key points")
        }
        return weights.elements[index]
    }

    /// A key point in steps of the volume.
    private func volumeCoordinates(_ keypoints: RealArray, _ start: Int) -> SIMD3<Double> {
        let precision = keypoints.precision
        func along(_ value: Double, _ map: Int, _ input: Int) -> Double {
            precision.round(precision.round(value * Double(map)) / Double(input))
        }
        let depth = precision.round(precision.round(keypoints.elements[start + 2] / precision.round(depthBound)) + 0.5)
        return SIMD3(
            along(keypoints.elements[start], heatmapSize.width, inputSize.width),
            along(keypoints.elements[start + 1], heatmapSize.height, inputSize.height),
            precision.round(depth * Double(depthSize)))
    }

    /// Raises the voxels within three sigma to the Gaussian. What would lie outside goes to the border.
    private func draw(
        _ center: SIMD3<Double>, in volume: Int, of volumes: inout NDArray<Float>, _ precision: RealPrecision
    ) {
        let xs = voxels(center.x, extent: heatmapSize.width, precision)
        let ys = voxels(center.y, extent: heatmapSize.height, precision)
        let zs = voxels(center.z, extent: depthSize, precision)
        let spread = precision.round(2 * sigma * sigma)
        for z in zs {
            for y in ys {
                for x in xs {
                    let sum = precision.round(precision.round(x.square + y.square) + z.square)
                    let exponent = precision.round(-sum / spread)
                    let value = precision == .single ? exp(Float(exponent)) : Float(exp(exponent))
                    let slice = (volume * depthSize + z.index) * heatmapSize.height
                    let place = (slice + y.index) * heatmapSize.width + x.index
                    if value > volumes.elements[place] { volumes.elements[place] = value }
                }
            }
        }
    }

    /// Steps within three sigma along one axis, with their squared distances.
    private func voxels(
        _ center: Double, extent: Int, _ precision: RealPrecision
    ) -> [(index: Int, square: Double)] {
        guard center.isFinite else { return [] }
        let radius = sigma * 3
        var seen: Set<Int> = []
        return (0..<Int((2 * radius + 1).rounded(.up))).compactMap { step in
            let offset = Double(Float(Double(Float(step)) - radius))
            let rounded = precision.round(offset + center).rounded(.toNearestOrEven)
            let voxel = min(max(rounded, 0), Double(extent - 1))
            guard seen.insert(Int(voxel)).inserted else { return nil }
            let distance = precision.round(voxel - center)
            return (Int(voxel), precision.round(distance * distance))
        }
    }

    private func rootLabels(_ hands: HandAnnotation) throws -> [String: AnyNDArray] {
        func single(_ value: Double) -> Double { RealPrecision.single.round(value) }
        let depth = single(single(single(hands.relativeRootDepth / rootDepthBound) + 0.5) * rootSteps)
        let known = depth >= 0 && depth <= rootSteps ? hands.relativeRootValid : 0
        return [
            "root_depth": .float32(NDArray([Float(depth)])), "root_depth_weight": .float32(NDArray([Float(known)])),
            "type": hands.handType.array, "type_weight": hands.handTypeValid.array,
        ]
    }

    public var packing: TargetPacking {
        TargetPacking(instances: ["keypoints", "keypoints_visible", "keypoints_cam"], heatmapMask: true)
    }

    // MARK: decoding

    /// The score as a part of `max_bound`, the value of a target's peak.
    public func confidence(score: Double) -> Double { score > 0 ? min(score / maximum, 1) : 0 }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .hands(let batchVolumes, let batchDepth, let batchType) = output else {
            throw checks.unexpected(output, expected: "hands' volumes")
        }
        let volumes = try checks.image(
            index, of: batchVolumes, named: "volumes", rank: 5, expected: "(B, K, D, H, W)")
        let rootDepth = try checks.image(index, of: batchDepth, named: "root depth", rank: 2, expected: "(B, 1)")
        let type = try checks.image(index, of: batchType, named: "hand type", rank: 2, expected: "(B, 2)")
        let (count, depth, height, width) = (volumes.shape[0], volumes.shape[1], volumes.shape[2], volumes.shape[3])
        guard depth * height * width > 0, rootDepth.count == 1 else {
            throw CodecError.shape(
                codec: checks.codec, array: "volumes", expected: "(B, K, D, H, W) with root depth (B, 1)",
                found: batchVolumes.shape)
        }
        let maps = Maps(values: volumes.values, count: count, height: depth * height, width: width)
        var keypoints = Keypoints(points: [], scores: [])
        for peak in maps.peaks() {
            let nothing = peak.x < 0
            let (y, z) = nothing ? (-1, -1) : (peak.y % height, peak.y / height)
            keypoints.points.append(scale.inputPoint(x: Float(peak.x), y: Float(y)))
            keypoints.depths.append(Double((Float(z) / Float(decodedDepthSize) - 0.5) * Float(depthBound)))
            keypoints.scores.append(Double(peak.score))
        }
        let relative = (rootDepth.values[0] / Float(decodedRootSteps) - 0.5) * Float(rootDepthBound)
        let hands = DecodedHands(relativeRootDepth: Double(relative), present: type.values.map { $0 > 0 })
        return [DecodedPose(keypoints: keypoints, hands: hands)]
    }
}
