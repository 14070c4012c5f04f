public import PoseCore
public import PyConfig

/// Maps of all instances together, and maps of each alone (CID, Wang and Zhang 2022).
///
/// Gaussians are as wide as their instance's box allows. Targets: fields `heatmaps` `(K + 1, H, W)`, the last channel the
/// instances' roots, and `instance_heatmaps` `(M·K, H, W)` for at most `encode_max_instances` instances; labels
/// `instance_coords` `(M, 2)`, their roots' pixels, moved by up to one at random, and `keypoint_weights` `(M, K)`. Decodes
/// `.instances`; scores are a map's greatest value times the instance's score.
public struct DecoupledHeatmap: KeypointCodec {
    public let inputSize, heatmapSize: ImageSize
    /// How much two boxes must overlap that both fit the same instance.
    public let minimalOverlap: Double
    public let maximalInstances: Int
    private let rootType: RootType
    private let scale: MapScale
    private let checks = CodecChecks(codec: "DecoupledHeatmap")

    /// Arguments: `input_size`, `heatmap_size`, `root_type='kpt_center'`, `heatmap_min_overlap=0.7`,
    /// `encode_max_instances=30`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
        heatmapSize = try arguments.size("heatmap_size")
        rootType = try arguments.rootType()
        minimalOverlap = try arguments.double("heatmap_min_overlap", default: 0.7)
        guard minimalOverlap > 0, minimalOverlap < 1 else {
            throw arguments.invalid("heatmap_min_overlap", "must be between 0 and 1, found \(minimalOverlap)")
        }
        maximalInstances = try arguments.int("encode_max_instances", default: 30)
        scale = MapScale(input: inputSize, map: heatmapSize)
    }

    // MARK: encoding

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        try encode(annotation) {
            SIMD2(generator.integer(-1, 2), generator.integer(-1, 2))
        } choose: { count, size in
            // The first of a random order.
            Array((0..<count).shuffled(using: &generator).prefix(size))
        }
    }

    /// - Parameters:
    ///   - jitter: draws a step of −1, 0 or 1 along x and y for the next root.
    ///   - choose: draws so many different indices below a number.
    func encode(
        _ annotation: KeypointAnnotation, jitter: () -> SIMD2<Int>, choose: (_ count: Int, _ size: Int) -> [Int]
    ) throws -> EncodedTargets {
        let (instances, count) = try checks.annotation(annotation, single: false)
        let keypoints = try scale.mapCoordinates(annotation.keypoints)
        let visible = annotation.visible
        let geometry = InstanceGeometry(keypoints: keypoints, visible: visible, root: rootType)
        let sigmas = try sigmas(annotation, geometry)
        let together = try GaussianTargets(
            size: heatmapSize, keypoints: keypoints.appendingPoints(geometry.roots),
            visible: visible.appendingColumn(geometry.rootsVisible), sigmas: sigmas.map(Double.init),
            placement: .nearestPixel)
        let rootWeights = (0..<instances).map { together.weights.elements[$0 * (count + 1) + count] }
        var chosen = rootPixels(geometry, weights: rootWeights, jitter: jitter)
        if chosen.count > maximalInstances {
            chosen = choose(chosen.count, maximalInstances).map { chosen[$0] }
        }
        var maps: [Float] = []
        var weights: [Double] = []
        for (instance, _) in chosen {
            let alone = try GaussianTargets(
                size: heatmapSize, keypoints: keypoints.instance(instance), visible: visible.instance(instance),
                sigmas: [Double(sigmas[instance])], placement: .nearestPixel)
            maps += alone.maps.elements
            weights += alone.weights.elements
        }
        let (width, height) = (heatmapSize.width, heatmapSize.height)
        let coordinates = chosen.flatMap { [Int32(truncated($0.root.x)), Int32(truncated($0.root.y))] }
        return EncodedTargets(
            labels: [
                "instance_coords": .int32(try NDArray(coordinates, shape: [chosen.count, 2])),
                "keypoint_weights": try RealArray(
                    weights, shape: [chosen.count, count], precision: visible.precision
                ).array,
            ],
            fields: [
                "heatmaps": .float32(together.maps),
                "instance_heatmaps": .float32(try NDArray(maps, shape: [chosen.count * count, height, width])),
            ])
    }

    /// Instances with a root on the maps, the smallest first, and where it is after a random step. Of instances on the
    /// same pixel the first stays.
    private func rootPixels(
        _ geometry: InstanceGeometry, weights: [Double], jitter: () -> SIMD2<Int>
    ) -> [(instance: Int, root: SIMD2<Double>)] {
        let order = geometry.diagonals.indices.sorted {
            (geometry.diagonals[$0], $0) < (geometry.diagonals[$1], $1)
        }
        var result: [(instance: Int, root: SIMD2<Double>)] = []
        for instance in order where !(weights[instance] < 1) {
            let moved = SIMD2<Double>(geometry.roots[instance]) + SIMD2<Double>(jitter())
            let last = SIMD2(Double(heatmapSize.width - 1), Double(heatmapSize.height - 1))
            let root = moved.clamped(lowerBound: .zero, upperBound: last)
            if !result.contains(where: { $0.root == root }) { result.append((instance, root)) }
        }
        return result
    }

    // MARK: width of the Gaussians

    /// One sigma per instance: a third of the least of three radii within which a box still overlaps the instance's
    /// (CornerNet, Law and Deng 2018, with MMPose's roots of the quadratic equations, which lack a division by 2a).
    private func sigmas(_ annotation: KeypointAnnotation, _ geometry: InstanceGeometry) throws -> [Float] {
        let (boxes, precision) = try boxSides(annotation, geometry)
        let overlap = minimalOverlap
        return boxes.map { width, height in
            let sum = precision.round(height + width)
            func root(_ a: Double, _ b: Double, _ c: Double) -> Double { (b + (b * b - 4 * a * c).squareRoot()) / 2 }
            let radii = [
                root(1, sum, precision.round(width * height) * (1 - overlap) / (1 + overlap)),
                root(4, 2 * sum, (1 - overlap) * width * height),
                root(4 * overlap, -2 * overlap * sum, (overlap - 1) * width * height),
            ]
            return Float((radii.min() ?? 0) / 3)
        }
    }

    /// Lengths of two sides of every box in pixels of the maps: of the annotated ones or, without those, of the ones
    /// around the visible key points.
    private func boxSides(
        _ annotation: KeypointAnnotation, _ geometry: InstanceGeometry
    ) throws -> (sides: [(width: Double, height: Double)], precision: RealPrecision) {
        let count = annotation.keypoints.shape[0]
        let boxes = try annotation.boxes ?? tightBoxes(annotation)
        guard boxes.shape == [count, 4] || boxes.shape == [count, 4, 2] else {
            throw CodecError.shape(
                codec: checks.codec, array: "boxes", expected: "(\(count), 4) or (\(count), 4, 2)", found: boxes.shape)
        }
        let corners = try scale.mapCoordinates(boxes.rank == 3 ? boxes : boxes.corners())
        let precision = corners.precision
        func distance(_ box: Int, to corner: Int) -> Double {
            let (a, b) = (box * 8, box * 8 + corner * 2)
            let x = precision.round(corners.elements[a] - corners.elements[b])
            let y = precision.round(corners.elements[a + 1] - corners.elements[b + 1])
            return precision.round(precision.round(precision.round(x * x) + precision.round(y * y)).squareRoot())
        }
        return ((0..<count).map { (distance($0, to: 2), distance($0, to: 1)) }, precision)
    }

    private func tightBoxes(_ annotation: KeypointAnnotation) throws -> RealArray {
        let dimensions = annotation.keypoints.shape[2]
        let flat = annotation.keypoints.elements.indices.filter { $0 % dimensions < 2 }
        let keypoints = try RealArray(
            flat.map { annotation.keypoints.elements[$0] }, shape: annotation.visible.shape + [2],
            precision: annotation.keypoints.precision)
        let boxes = InstanceGeometry(keypoints: keypoints, visible: annotation.visible, root: .boxCenter).boxes
        return try RealArray(
            boxes.flatMap { [Double($0.x), Double($0.y), Double($0.z), Double($0.w)] }, shape: [boxes.count, 4])
    }

    // MARK: decoding

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .instances(let images) = output else {
            throw checks.unexpected(output, expected: "instances' heatmaps")
        }
        guard images.indices.contains(index) else {
            throw CodecError.index(codec: checks.codec, index, count: images.count)
        }
        let (heatmaps, scores) = images[index]
        let count = heatmaps.shape.first ?? 0
        guard heatmaps.rank == 4, scores.count == count else {
            throw CodecError.shape(
                codec: checks.codec, array: "instances' heatmaps and scores", expected: "(N, K, H, W) and (N)",
                found: heatmaps.shape + scores.shape)
        }
        return try (0..<count).map { instance in
            let maps = try checks.maps(heatmaps, image: instance)
            var keypoints = Keypoints(points: [], scores: [])
            for (index, peak) in maps.peaks().enumerated() {
                let offset = quarterOffset(maps[index], width: maps.width, height: maps.height, x: peak.x, y: peak.y)
                keypoints.points.append(scale.inputPoint(x: Float(peak.x) + offset.x, y: Float(peak.y) + offset.y))
                keypoints.scores.append(Double(peak.score * scores.values[instance]))
            }
            return DecodedPose(keypoints: keypoints, score: Double(scores.values[instance]))
        }
    }
}
