public import PoseCore
public import PyConfig

/// Key points of all instances on the same maps, told apart by tags (associative embedding, Newell et al. 2017).
///
/// Targets: field `heatmaps` `(K, H, W)`, labels `keypoint_weights` `(N, K)` and `keypoint_indices` `(N, K, 2)`: where on
/// its map a key point is (`y * W + x`), and whether it is there. Decodes `.tagged` into one pose per instance found.
public struct AssociativeEmbedding: KeypointCodec {
    public let inputSize, heatmapSize: ImageSize
    /// Of the Gaussians, in pixels of the maps.
    public let sigma: Double
    /// Whether first and last pixels of map and input coincide, and decoding expands in a Taylor series.
    public let useUDP: Bool
    private let grouping: TagGrouping
    private let windowSize, blurKernelSize, candidates: Int
    private let centerShift: Double
    private let scale: MapScale
    private let checks = CodecChecks(codec: "AssociativeEmbedding")

    /// Arguments: `input_size`, `heatmap_size`, `sigma=None`, `use_udp=False`, `decode_keypoint_order=[]` (the order of
    /// the maps when empty), `decode_nms_kernel=5`, `decode_gaussian_kernel=3`, `decode_keypoint_thr=0.1`,
    /// `decode_tag_thr=1.0`, `decode_topk=30`, `decode_center_shift=0.0`, `decode_max_instances=None`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        inputSize = try arguments.size("input_size")
        heatmapSize = try arguments.size("heatmap_size")
        useUDP = try arguments.bool("use_udp", default: false)
        if useUDP, min(heatmapSize.width, heatmapSize.height) < 2 {
            throw arguments.invalid("heatmap_size", "unbiased maps need two pixels or more along each axis")
        }
        sigma = try arguments.optionalDouble("sigma") ?? Double(heatmapSize.area).squareRoot() / 64
        guard sigma > 0, sigma.isFinite else { throw arguments.invalid("sigma", "must be more than 0, found \(sigma)") }
        windowSize = try arguments.kernelSize("decode_nms_kernel", default: 5)
        blurKernelSize = try arguments.kernelSize("decode_gaussian_kernel", default: 3)
        candidates = try arguments.int("decode_topk", default: 30)
        centerShift = try arguments.double("decode_center_shift", default: 0)
        grouping = TagGrouping(
            order: try arguments.ints("decode_keypoint_order", default: []),
            scoreThreshold: try arguments.double("decode_keypoint_thr", default: 0.1),
            tagThreshold: try arguments.double("decode_tag_thr", default: 1),
            maximalGroups: try arguments.optionalInt("decode_max_instances"))
        guard Set(grouping.order) == Set(0..<grouping.order.count) else {
            throw arguments.invalid("decode_keypoint_order", "must name every key point once: \(grouping.order)")
        }
        scale =
            useUDP
            ? MapScale(unbiasedInput: inputSize, map: heatmapSize) : MapScale(input: inputSize, map: heatmapSize)
    }

    // MARK: encoding

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        let (instances, count) = try checks.annotation(annotation, single: false)
        let keypoints = try scale.mapCoordinates(annotation.keypoints)
        let targets = try GaussianTargets(
            size: heatmapSize, keypoints: keypoints, visible: annotation.visible,
            sigmas: Array(repeating: sigma, count: instances), placement: useUDP ? .subpixel : .nearestPixel)
        var indices: [Int64] = []
        for index in 0..<instances * count {
            let x = truncated(keypoints.precision.round(keypoints.elements[2 * index] + 0.5))
            let y = truncated(keypoints.precision.round(keypoints.elements[2 * index + 1] + 0.5))
            let inside = (0..<heatmapSize.width).contains(x) && (0..<heatmapSize.height).contains(y)
            // Far outside the product need not fit; nobody looks at it then.
            indices.append(Int64(y &* heatmapSize.width &+ x))
            indices.append(inside && annotation.visible.elements[index] > 0.5 ? 1 : 0)
        }
        return EncodedTargets(
            labels: [
                "keypoint_weights": targets.weights.array,
                "keypoint_indices": .int64(try NDArray(indices, shape: [instances, count, 2])),
            ],
            fields: ["heatmaps": .float32(targets.maps)])
    }

    public var packing: TargetPacking { TargetPacking(visibleWeights: true, heatmapMask: true) }

    // MARK: decoding

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        guard case .tagged(let heatmaps, let tagmaps) = output else {
            throw checks.unexpected(output, expected: "heatmaps and tags")
        }
        let maps = try checks.maps(heatmaps, image: index)
        let tags = try checks.maps(tagmaps, image: index, named: "tags")
        guard maps.count > 0, tags.count > 0, tags.count % maps.count == 0,
            (tags.width, tags.height) == (maps.width, maps.height)
        else {
            throw CodecError.shape(
                codec: checks.codec, array: "tags", expected: "(B, L·\(maps.count), \(maps.height), \(maps.width))",
                found: tagmaps.shape)
        }
        let tagged = TaggedMaps(maps: maps, tags: tags)
        let found = (0..<maps.count).map { keypoint in
            localMaxima(
                maps[keypoint], width: maps.width, window: windowSize, limit: candidates,
                threshold: grouping.scoreThreshold
            ).map { TagGrouping.Candidate($0, tag: tagged.tag(keypoint, at: $0.index)) }
        }
        let groups = try grouping.groups(found)
        let modulated =
            useUDP && !groups.isEmpty
            ? try ModulatedMaps(maps, maxima: maps.peaks().map(\.score), kernelSize: blurKernelSize) : nil
        return groups.map { pose(of: $0, tagged, modulated) }
    }

    /// The key points of a group, refined, and those it lacks where map and tags speak for them most.
    private func pose(of group: [LocalMaximum?], _ tagged: TaggedMaps, _ modulated: ModulatedMaps?) -> DecodedPose {
        let maps = tagged.maps
        var points: [SIMD2<Float>?] = group.enumerated().map { keypoint, found in
            found.map { refined($0.index, keypoint, maps, modulated) }
        }
        var scores = group.map { $0?.value ?? 0 }
        let score = Float(scores.reduce(0) { $0 + Double($1) } / Double(scores.count))
        let tag = tagged.meanTag(points)
        for (keypoint, point) in points.enumerated() where point == nil {
            let place = tagged.likeliest(keypoint, tag: tag)
            points[keypoint] = SIMD2(Float(place % maps.width), Float(place / maps.width))
            scores[keypoint] = maps[keypoint][place]
        }
        return DecodedPose(
            keypoints: Keypoints(
                points: points.map { scale.inputPoint(x: $0?.x ?? 0, y: $0?.y ?? 0) }, scores: scores.map(Double.init)),
            score: Double(score))
    }

    private func refined(_ place: Int, _ keypoint: Int, _ maps: Maps, _ modulated: ModulatedMaps?) -> SIMD2<Float> {
        let (x, y) = (place % maps.width, place / maps.width)
        let shift = Float(centerShift)
        if let modulated {
            let offset = modulated.unbiasedOffset(keypoint, x: x, y: y)
            return SIMD2(Float(Double(x) + offset.x) + shift, Float(Double(y) + offset.y) + shift)
        }
        let offset = quarterOffset(maps[keypoint], width: maps.width, height: maps.height, x: x, y: y)
        return SIMD2(Float(x) + offset.x + shift, Float(y) + offset.y + shift)
    }
}

/// Maps of key points with the maps of their tags: of L numbers, of which the first K maps hold the first.
struct TaggedMaps {
    let maps, tags: Maps
    private var length: Int { tags.count / maps.count }

    init(maps: Maps, tags: Maps) {
        self.maps = maps
        self.tags = tags
    }

    /// The tag of a key point at a pixel.
    func tag(_ keypoint: Int, at place: Int) -> [Float] {
        (0..<length).map { tags[$0 * maps.count + keypoint][place] }
    }

    /// Mean of the tags under the points there are.
    func meanTag(_ points: [SIMD2<Float>?]) -> [Float] {
        let known = points.enumerated().compactMap { keypoint, point in
            point.map { point in
                let x = min(max(truncated(Double(point.x)), 0), maps.width - 1)
                let y = min(max(truncated(Double(point.y)), 0), maps.height - 1)
                return tag(keypoint, at: y * maps.width + x)
            }
        }
        return TagGrouping.mean(known)
    }

    /// The pixel where a key point is likeliest for an instance with a tag: tags within the same rounded distance count
    /// as equal.
    func likeliest(_ keypoint: Int, tag: [Float]) -> Int {
        var best = (place: 0, cost: Float.infinity)
        let map = maps[keypoint]
        let own = (0..<length).map { tags[$0 * maps.count + keypoint] }
        for place in map.indices {
            var sum: Float = 0
            for (part, wanted) in zip(own, tag) { sum += (part[place] - wanted) * (part[place] - wanted) }
            let cost = sum.squareRoot().rounded(.toNearestOrEven) * 100 - map[place]
            if cost < best.cost { best = (place, cost) }
        }
        return best.place
    }
}
