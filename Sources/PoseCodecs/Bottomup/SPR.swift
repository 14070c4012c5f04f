import Foundation
public import PoseCore
public import PyConfig

/// Roots of instances, and from there the way to every key point (single-stage structured pose representation, Nie et al.
/// 2019; as DEKR, Geng et al. 2021, uses it).
///
/// Targets: fields `heatmaps` `(1 or K + 1, H, W)`, the last channel the roots, `heatmap_weights` of the same shape,
/// `displacements` and `displacement_weights` `(2K, H, W)`. Decodes `.roots` into one pose per root found, the best first,
/// with the root's score; scores of key points are read off their maps where there are any, and are the root's otherwise.
public struct SPR: KeypointCodec {
    public let inputSize, heatmapSize: ImageSize
    /// Of the roots' Gaussians, and the radius in which displacements are learned, in pixels of the maps.
    public let rootSigma: Double
    /// Of the key points' Gaussians; nil without such maps.
    public let keypointSigma: Double?
    /// Instances with a smaller diagonal are left out.
    public let minimalDiagonal: Double
    public let backgroundWeight: Double
    /// Extent of the neighbourhood in which a root is greatest; odd.
    public let windowSize: Int
    public let maximalInstances: Int
    /// What a root's score must exceed.
    public let threshold: Double
    private let rootType: RootType
    private let scale: MapScale
    private let checks = CodecChecks(codec: "SPR")

    /// Arguments: `input_size`, `heatmap_size`, `sigma=None` (a number, or one for roots and one for key points),
    /// `generate_keypoint_heatmaps=False`, `root_type='kpt_center'`, `minimal_diagonal_length=5`,
    /// `background_weight=0.1`, `decode_nms_kernel=5`, `decode_max_instances=30`, `decode_thr=0.01`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
        heatmapSize = try arguments.size("heatmap_size")
        let withKeypoints = try arguments.bool("generate_keypoint_heatmaps", default: false)
        if let sigmas = try arguments.optionalDoubles("sigma", orScalar: true) {
            guard let root = sigmas.first, sigmas.allSatisfy({ $0 > 0 }), !withKeypoints || sigmas.count == 2 else {
                let expected = withKeypoints ? "two numbers above 0, for roots and key points" : "a number above 0"
                throw arguments.invalid("sigma", "expected \(expected), found \(sigmas)")
            }
            (rootSigma, keypointSigma) = (root, withKeypoints ? sigmas[1] : nil)
        } else {
            rootSigma = Double(heatmapSize.area).squareRoot() / 32
            keypointSigma = withKeypoints ? (rootSigma / 2).rounded(.down) : nil
            if let keypointSigma, keypointSigma < 1 {
                throw arguments.invalid("sigma", "must be given for maps as small as \(heatmapSize)")
            }
        }
        rootType = try arguments.rootType()
        minimalDiagonal = try arguments.double("minimal_diagonal_length", default: 5)
        backgroundWeight = try arguments.double("background_weight", default: 0.1)
        windowSize = try arguments.kernelSize("decode_nms_kernel", default: 5)
        maximalInstances = try arguments.int("decode_max_instances", default: 30)
        threshold = try arguments.double("decode_thr", default: 0.01)
        scale = MapScale(input: inputSize, map: heatmapSize)
    }

    // MARK: encoding

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        _ = try checks.annotation(annotation, single: false)
        let keypoints = try scale.mapCoordinates(annotation.keypoints)
        let visible = annotation.visible
        var geometry = InstanceGeometry(keypoints: keypoints, visible: visible, root: rootType)
        for (index, diagonal) in geometry.diagonals.enumerated() where Double(diagonal) < minimalDiagonal {
            geometry.rootsVisible[index] = 0
        }
        let count = geometry.roots.count
        let roots = try GaussianTargets(
            size: heatmapSize, keypoints: RealArray(geometry.rootArray.elements, shape: [count, 1, 2]),
            visible: RealArray(geometry.rootsVisible, shape: [count, 1]),
            sigmas: Array(repeating: rootSigma, count: count), placement: .nearestPixel
        ).maps
        var maps: [Float] = []
        if let keypointSigma {
            maps = try GaussianTargets(
                size: heatmapSize, keypoints: keypoints, visible: visible,
                sigmas: Array(repeating: keypointSigma, count: count), placement: .nearestPixel
            ).maps.elements
        }
        maps += roots.elements
        let shape = [maps.count / heatmapSize.area, heatmapSize.height, heatmapSize.width]
        let weights = maps.map { $0 > 0 ? 1 : Float(backgroundWeight) }
        let displacements = try DisplacementTargets(
            size: heatmapSize, keypoints: keypoints, visible: visible, geometry: geometry, radius: rootSigma)
        return EncodedTargets(fields: [
            "heatmaps": .float32(try NDArray(maps, shape: shape)),
            "heatmap_weights": .float32(try NDArray(weights, shape: shape)),
            "displacements": .float32(displacements.values), "displacement_weights": .float32(displacements.weights),
        ])
    }

    public var packing: TargetPacking { TargetPacking(visibleWeights: true) }

    // MARK: decoding

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .roots(let heatmaps, let displacements) = output else {
            throw checks.unexpected(output, expected: "roots and displacements")
        }
        let maps = try checks.maps(heatmaps, image: index)
        let ways = try checks.maps(displacements, image: index, named: "displacements")
        guard maps.count > 0, ways.count % 2 == 0, (ways.width, ways.height) == (maps.width, maps.height) else {
            throw CodecError.shape(
                codec: checks.codec, array: "displacements", expected: "(B, 2K, \(maps.height), \(maps.width))",
                found: displacements.shape)
        }
        let count = ways.count / 2
        let roots = localMaxima(
            maps[maps.count - 1], width: maps.width, window: windowSize, limit: maximalInstances,
            threshold: Double(Float(threshold)))
        return roots.map { root in
            let (x, y) = (Float(root.index % maps.width), Float(root.index / maps.width))
            var keypoints = Keypoints(points: [], scores: [])
            for keypoint in 0..<count {
                let point = SIMD2(x + ways[2 * keypoint][root.index], y + ways[2 * keypoint + 1][root.index])
                keypoints.points.append(scale.inputPoint(x: point.x, y: point.y))
                let hasMap = keypointSigma != nil && maps.count == count + 1
                keypoints.scores.append(Double(hasMap ? sample(maps, keypoint, at: point) : root.value))
            }
            return DecodedPose(keypoints: keypoints, score: Double(root.value))
        }
    }

    /// A map's value between pixels, as PyTorch's `grid_sample` gives it for coordinates that were normalised for aligned
    /// corners but are read without them, as MMPose does: the map
    /// appears slightly enlarged about its centre. Products are fused into sums where PyTorch's are.
    private func sample(_ maps: Maps, _ index: Int, at point: SIMD2<Float>) -> Float {
        func place(_ coordinate: Float, _ extent: Int) -> (low: Int, high: Int, share: Float) {
            let normalized = coordinate / Float(extent - 1) * 2 - 1
            let unclipped = Float(-0.5).addingProduct(normalized + 1, Float(extent) / 2)
            // Also takes what is not a number to the border.
            let clipped = unclipped > 0 ? min(unclipped, Float(extent - 1)) : 0
            let low = clipped.rounded(.down)
            return (Int(low), min(Int(low) + 1, extent - 1), clipped - low)
        }
        let (column, row) = (place(point.x, maps.width), place(point.y, maps.height))
        let map = maps[index]
        func value(_ x: Int, _ y: Int) -> Float { map[y * maps.width + x] }
        let (left, top) = (1 - column.share, 1 - row.share)
        return (value(column.low, row.low) * (left * top))
            .addingProduct(value(column.high, row.low), column.share * top)
            .addingProduct(value(column.low, row.high), left * row.share)
            .addingProduct(value(column.high, row.high), column.share * row.share)
    }
}
