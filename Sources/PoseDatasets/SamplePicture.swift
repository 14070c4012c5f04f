public import PoseCore

/// Pictures of samples, to look at what a pipeline does.
public struct SamplePicture {
    private let skeleton: Skeleton

    /// - Parameter skeleton: links and colours.
    public init(skeleton: Skeleton) {
        self.skeleton = skeleton
    }

    /// The annotation on its image: boxes, key points and links.
    ///
    /// - Throws: `PoseSampleError.missing` before `LoadImage`, `ImageError` from drawing.
    public func annotation(_ sample: PoseSample) throws -> Image {
        guard let image = sample.image else { throw PoseSampleError.missing("image") }
        let canvas = try Canvas(try Self.bytes(image))
        if let boxes = sample.boxes, boxes.rank == 2 {
            for row in 0..<boxes.shape[0] {
                let box = Array(boxes.elements[4 * row..<4 * row + 4])
                let corners = [
                    SIMD2(box[0], box[1]), SIMD2(box[2], box[1]), SIMD2(box[2], box[3]), SIMD2(box[0], box[3]),
                ]
                guard box.allSatisfy({ abs($0) < 1e6 }) else { continue }
                try canvas.polyline(corners, closed: true, color: Color(red: 0, green: 255, blue: 0))
            }
        }
        try draw(sample.keypoints, sample.keypointsVisible, on: canvas)
        return try canvas.image()
    }

    /// The network's input with its key points, and beside it the targets: the largest of all maps at every place.
    ///
    /// - Throws: `PoseSampleError.missing` for a sample without pixels, `ImageError` from drawing.
    public func input(_ sample: PoseSample) throws -> Image {
        guard let image = sample.image else { throw PoseSampleError.missing("image") }
        let picture = try Self.bytes(image)
        let canvas = try Canvas(picture)
        try draw(sample.transformedKeypoints ?? sample.keypoints, sample.keypointsVisible, on: canvas)
        let drawn = try canvas.image()
        guard let map = try Self.heatmap(sample) else { return drawn }
        let heat = try map.resized(to: picture.size)
        let wide = try drawn.padded(right: picture.width, border: .zero)
        let side = try Canvas(wide)
        try side.blend(heat, x: picture.width, y: 0, opacity: 1)
        return try side.image()
    }

    /// Pixels that can be drawn on: 8 bits, three channels.
    private static func bytes(_ image: Image) throws -> Image {
        image.depth == .uint8 ? image : try image.converted(to: .uint8)
    }

    /// The largest value of all maps, as grey.
    private static func heatmap(_ sample: PoseSample) throws -> Image? {
        let fields = sample.packed?.fields ?? [:]
        guard let maps = (fields["heatmaps"] ?? fields["heatmaps.0"])?.doubles, maps.rank == 3 else { return nil }
        let (height, width) = (maps.shape[1], maps.shape[2])
        var largest = [Double](repeating: 0, count: height * width)
        for (index, value) in maps.elements.enumerated() where value > largest[index % largest.count] {
            largest[index % largest.count] = value
        }
        let scale = 255 / max(largest.max() ?? 1, 1e-9)
        let pixels = largest.flatMap { value in
            Array(repeating: UInt8(min(max(value * scale, 0), 255)), count: 3)
        }
        return try Image(pixels, width: width, height: height)
    }

    private func draw(_ keypoints: RealArray?, _ visible: RealArray?, on canvas: Canvas) throws {
        guard let keypoints, keypoints.rank == 3, keypoints.shape[2] >= 2 else { return }
        let (count, dimensions) = (keypoints.shape[1], keypoints.shape[2])
        for instance in 0..<keypoints.shape[0] {
            let points: [SIMD2<Double>?] = (0..<count).map { index in
                let place = instance * count + index
                if let visible, visible.elements.indices.contains(place), visible.elements[place] <= 0 { return nil }
                let start = place * dimensions
                let point = SIMD2(keypoints.elements[start], keypoints.elements[start + 1])
                return abs(point.x) < 1e6 && abs(point.y) < 1e6 ? point : nil
            }
            for link in skeleton.links where max(link.start, link.end) < count {
                if let start = points[link.start], let end = points[link.end] {
                    try canvas.line(from: start, to: end, color: link.color)
                }
            }
            for (index, point) in points.enumerated() {
                guard let point else { continue }
                let color = index < skeleton.count ? skeleton.joints[index].color : Skeleton.defaultJointColor
                try canvas.disc(center: point, radius: 2, color: color)
            }
        }
    }
}
