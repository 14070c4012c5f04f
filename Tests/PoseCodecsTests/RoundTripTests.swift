import PoseCodecs
import PoseCore
import PyConfig
import Testing

@Suite("Decoding targets gives the key points they were made of")
struct RoundTripTests {
    /// A codec of 192×256 inputs and how far, in their pixels, points may end up from where they were.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let arguments: String
        let tolerance: Double
        /// Whether targets coincide with first and last pixels but decoding divides by the input's size, as MMPose does.
        var stretches = false

        var testDescription: String { name }

        func codec() throws -> any KeypointCodec {
            let text = "codec = dict(\(arguments))"
            let config = try #require(try Config.parse(text).root["codec"]?.dictValue)
            return try Codecs.make(Arguments(config, at: "codec"))
        }
    }

    private static let map = "input_size=(192, 256), heatmap_size=(48, 64)"

    /// A quarter offset leaves at most 0.25 pixels of the map beside the rounding, here 4 pixels each; fits are finer.
    static let heatmaps = [
        Case(name: "MSRA", arguments: "type='MSRAHeatmap', \(map), sigma=2", tolerance: 2.01),
        Case(name: "DARK", arguments: "type='MSRAHeatmap', \(map), sigma=2, unbiased=True", tolerance: 0.5),
        Case(name: "UDP", arguments: "type='UDPHeatmap', \(map)", tolerance: 0.2, stretches: true),
        Case(
            name: "UDP combined", arguments: "type='UDPHeatmap', \(map), heatmap_type='combined'", tolerance: 0.2,
            stretches: true),
        Case(name: "Megvii", arguments: "type='MegviiHeatmap', \(map), kernel_size=11", tolerance: 4.01),
    ]

    /// 17 points well inside the input.
    private static func skeleton(_ seed: UInt64) throws -> KeypointAnnotation {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<17).flatMap { _ in [generator.uniform(20, 172), generator.uniform(20, 236)] }
        return try KeypointAnnotation(keypoints: RealArray(values, shape: [1, 17, 2]))
    }

    private static func distances(_ poses: [DecodedPose], _ annotation: KeypointAnnotation, stretches: Bool) -> [Double]
    {
        let points = poses.flatMap(\.keypoints.points)
        return points.indices.map { index in
            let wanted = SIMD2(annotation.keypoints.elements[2 * index], annotation.keypoints.elements[2 * index + 1])
            let factor = stretches ? SIMD2(192.0 / 191, 256.0 / 255) : SIMD2(1, 1)
            let offset = points[index] - wanted * factor
            return max(abs(offset.x), abs(offset.y))
        }
    }

    @Test("Heatmaps, of 20 random skeletons", arguments: heatmaps)
    func maps(_ item: Case) throws {
        let codec = try item.codec()
        for seed in 0..<20 {
            let annotation = try Self.skeleton(UInt64(seed))
            var generator = SeededGenerator(seed: 1)
            let targets = try codec.encode(annotation, using: &generator)
            let maps = try #require(targets.fields["heatmaps"]?.floats)
            let poses = try maps.reshaped([1] + maps.shape).withBorrowed { try codec.decode(.heatmaps($0)) }
            #expect(poses.count == 1 && poses[0].keypoints.points.count == 17)
            let worst = Self.distances(poses, annotation, stretches: item.stretches).max() ?? .infinity
            #expect(worst <= item.tolerance, "seed \(seed)")
        }
    }

    @Test("Distributions along both axes, with and without label smoothing, to half a bin")
    func simcc() throws {
        for extra in ["sigma=(4.9, 5.66)", "sigma=6.0, use_dark=True", "smoothing_type='standard'"] {
            let item = Case(
                name: "SimCC", arguments: "type='SimCCLabel', input_size=(192, 256), \(extra)", tolerance: 0.26)
            let codec = try item.codec()
            for seed in 0..<20 {
                let annotation = try Self.skeleton(UInt64(seed))
                var generator = SeededGenerator(seed: 1)
                let targets = try codec.encode(annotation, using: &generator)
                let x = try #require(targets.labels["keypoint_x_labels"]?.floats)
                let y = try #require(targets.labels["keypoint_y_labels"]?.floats)
                let poses = try x.reshaped([1] + x.shape.suffix(2)).withBorrowed { x in
                    try y.reshaped([1] + y.shape.suffix(2)).withBorrowed { try codec.decode(.simcc(x: x, y: $0)) }
                }
                let worst = Self.distances(poses, annotation, stretches: false).max() ?? .infinity
                #expect(worst <= item.tolerance, "\(extra), seed \(seed)")
            }
        }
    }

    @Test("Coordinates, to the precision of a float")
    func regression() throws {
        for type in [
            "type='RegressionLabel', input_size=(192, 256)", "type='IntegralRegressionLabel', \(Self.map), sigma=2.0",
        ] {
            let codec = try Case(name: type, arguments: type, tolerance: 0).codec()
            let annotation = try Self.skeleton(3)
            var generator = SeededGenerator(seed: 1)
            let labels = try #require(try codec.encode(annotation, using: &generator).labels["keypoint_labels"]?.floats)
            let poses = try labels.withBorrowed { try codec.decode(.regression($0)) }
            let worst = Self.distances(poses, annotation, stretches: false).max() ?? .infinity
            #expect(worst <= 1e-4)
        }
    }

    @Test("Lifted poses, relative to their root")
    func lifting() throws {
        var random = SeededGenerator(seed: 5)
        let target = try RealArray((0..<51).map { _ in random.uniform(-1, 1) }, shape: [1, 17, 3])
        for extra in ["remove_root=False", "remove_root=True"] {
            let item = Case(
                name: extra, arguments: "type='ImagePoseLifting', num_keypoints=17, root_index=0, \(extra)",
                tolerance: 0)
            let codec = try item.codec()
            var annotation = try Self.skeleton(4)
            annotation.lifting = LiftingAnnotation(target: target)
            var generator = SeededGenerator(seed: 1)
            let targets = try codec.encode(annotation, using: &generator)
            let label = try #require(targets.labels["lifting_target_label"]?.doubles)
            let count = label.count / 3
            let output = try NDArray(label.elements.map { Float($0) }, shape: [1, 1, count, 3])
            var context = DecodingContext()
            context.targetRoot = try RealArray(Array(target.elements[..<3]), shape: [1, 3])
            let poses = try output.withBorrowed { try codec.decode(.lifted($0), image: 0, context: context) }
            let found = poses.flatMap { $0.keypoints.coordinates.flatMap(\.self) }
            #expect(difference(found, target.elements, tolerance: 1e-5, floor: 1) == nil, "\(extra)")
        }
    }
}
