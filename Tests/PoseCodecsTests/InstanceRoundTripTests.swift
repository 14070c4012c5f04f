import PoseCodecs
import PoseCore
import PyConfig
import Testing

/// What codecs of several people, of hands and of sequences make of an annotation, decoded again.
@Suite("Decoding targets of several instances gives the instances")
struct InstanceRoundTripTests {
    private static let map = "input_size=(256, 192), heatmap_size=(64, 48)"

    private static func codec(_ text: String) throws -> any KeypointCodec {
        let config = try #require(try Config.parse("codec = dict(\(text))").root["codec"]?.dictValue)
        return try Codecs.make(Arguments(config, at: "codec"))
    }

    /// Two people of five key points, left and right in a picture of 256 × 192.
    private static func pair(_ seed: UInt64) throws -> KeypointAnnotation {
        var generator = SeededGenerator(seed: seed)
        let values = [20.0, 150].flatMap { left in
            (0..<5).flatMap { _ in [generator.uniform(left, left + 80), generator.uniform(20, 170)] }
        }
        var annotation = try KeypointAnnotation(
            keypoints: RealArray(values, shape: [2, 5, 2]), visible: RealArray(repeating: 1, shape: [2, 5]))
        let corners = [15.0, 105, 145, 235].chunkedBoxes
        annotation.boxes = try RealArray(corners, shape: [2, 4, 2])
        annotation.areas = try RealArray([90 * 170, 90 * 170], shape: [2])
        annotation.categories = [1, 1]
        annotation.imageSize = ImageSize(width: 256, height: 192)
        return annotation
    }

    private static func encoded(_ codec: any KeypointCodec, _ annotation: KeypointAnnotation) throws -> EncodedTargets {
        var generator = SeededGenerator(seed: 3)
        return try codec.encode(annotation, using: &generator)
    }

    /// How far each annotated person is from the most similar decoded one: the largest offset along an axis.
    private static func worst(_ poses: [DecodedPose], _ annotation: KeypointAnnotation) -> Double {
        let wanted = annotation.keypoints.elements
        let count = annotation.keypoints.shape[1] * 2
        return (0..<annotation.keypoints.shape[0]).map { person in
            poses.map { pose in
                let found = pose.keypoints.points.flatMap { [$0.x, $0.y] }
                return zip(found, wanted[person * count..<(person + 1) * count]).map { abs($0 - $1) }.max() ?? .infinity
            }.min() ?? .infinity
        }.max() ?? .infinity
    }

    @Test("Roots and displacements, to a thousandth of a pixel")
    func spr() throws {
        let codec = try Self.codec("type='SPR', \(Self.map), sigma=2")
        for seed in 0..<10 {
            let annotation = try Self.pair(UInt64(seed))
            let targets = try Self.encoded(codec, annotation)
            let maps = try #require(targets.fields["heatmaps"]?.floats)
            let displacements = try #require(targets.fields["displacements"]?.floats)
            let poses = try maps.reshaped([1] + maps.shape).withBorrowed { maps in
                try displacements.reshaped([1] + displacements.shape).withBorrowed {
                    try codec.decode(.roots(heatmaps: maps, displacements: $0))
                }
            }
            #expect(Self.worst(poses, annotation) < 1e-3, "seed \(seed)")
        }
    }

    @Test("Tagged heatmaps, to the rounding of a pixel of the map and its quarter")
    func associativeEmbedding() throws {
        let codec = try Self.codec(
            "type='AssociativeEmbedding', \(Self.map), sigma=1.5, decode_keypoint_order=[0, 1, 2, 3, 4]")
        for seed in 0..<10 {
            let annotation = try Self.pair(UInt64(seed))
            let maps = try #require(try Self.encoded(codec, annotation).fields["heatmaps"]?.floats)
            // Pixels of the left half belong to the left person.
            let values = (0..<5 * 48 * 64).map { (place: Int) -> Float in place % 64 < 31 ? 1 : 9 }
            let tags = try NDArray(values, shape: [1, 5, 48, 64])
            let poses = try maps.reshaped([1] + maps.shape).withBorrowed { maps in
                try tags.withBorrowed { try codec.decode(.tagged(heatmaps: maps, tags: $0)) }
            }
            #expect(poses.count == 2 && Self.worst(poses, annotation) <= 3.01, "seed \(seed)")
        }
    }

    @Test("Parts of the image's size, to the precision of a float")
    func edpose() throws {
        let codec = try Self.codec("type='EDPoseLabel', num_select=2, num_keypoints=5")
        var annotation = try Self.pair(4)
        annotation.boxes = try RealArray([15, 15, 105, 185, 145, 15, 235, 185], shape: [2, 4])
        let points = try #require(try Self.encoded(codec, annotation).instances["keypoints"]?.doubles).elements
        var rows: [Float] = []
        for person in 0..<2 {
            for value in points[person * 10..<person * 10 + 10] { rows.append(Float(value)) }
            rows += [Float](repeating: 1, count: 5)
        }
        let scores = try NDArray([Float(0.1), 0.9, 0.1, 0.8], shape: [1, 2, 2])
        let boxes = try NDArray([Float](repeating: 0.5, count: 8), shape: [1, 2, 4])
        var context = DecodingContext()
        context.imageSize = SIMD2(256, 192)
        let poses = try scores.withBorrowed { scores in
            try boxes.withBorrowed { boxes in
                try NDArray(rows, shape: [1, 2, 15]).withBorrowed {
                    try codec.decode(
                        .queries(scores: scores, boxes: boxes, keypoints: $0), image: 0, context: context)
                }
            }
        }
        #expect(poses.count == 2 && Self.worst(poses, annotation) < 1e-3)
    }

    @Test("Sequences, relative to their root")
    func video() throws {
        var random = SeededGenerator(seed: 5)
        let target = try RealArray((0..<15).map { _ in random.uniform(-1, 1) }, shape: [1, 5, 3])
        let codec = try Self.codec("type='VideoPoseLifting', num_keypoints=5, root_index=0")
        var annotation = try KeypointAnnotation(
            keypoints: RealArray(repeating: 3, shape: [1, 5, 2]), visible: RealArray(repeating: 1, shape: [1, 5]))
        annotation.lifting = LiftingAnnotation(
            target: target, camera: LiftingCamera(width: 1000, height: 1002, focal: nil, center: nil))
        let label = try #require(try Self.encoded(codec, annotation).labels["lifting_target_label"]?.doubles)
        var context = DecodingContext()
        context.targetRoot = try RealArray(Array(target.elements[..<3]), shape: [1, 3])
        let output = try NDArray(label.elements.map { Float($0) }, shape: [1, 1, 5, 3])
        let poses = try output.withBorrowed { try codec.decode(.lifted($0), image: 0, context: context) }
        let found = poses.flatMap { $0.keypoints.coordinates.flatMap(\.self) }
        #expect(difference(found, target.elements, tolerance: 1e-5, floor: 1) == nil)
    }
}

extension [Double] {
    /// Corners of boxes from 15 to 185 high between every two of these.
    fileprivate var chunkedBoxes: [Double] {
        stride(from: 0, to: count - 1, by: 2).flatMap { index -> [Double] in
            [self[index], 15, self[index], 185, self[index + 1], 15, self[index + 1], 185]
        }
    }
}
