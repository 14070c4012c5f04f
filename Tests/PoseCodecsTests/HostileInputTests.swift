import PoseCodecs
import PoseCore
import Testing

@Suite("No input makes a codec trap: it has a result or a codec's error")
struct HostileInputTests {
    /// Coordinates that no image has.
    private static let coordinates: [Double] = [
        .nan, .infinity, -.infinity, 1e300, -1e300, 1e19, -1e19, 9.3e18, 3e9, -3e9, .leastNonzeroMagnitude, -0.0,
    ]

    private static func annotations(like sample: KeypointAnnotation) throws -> [KeypointAnnotation] {
        var result: [KeypointAnnotation] = []
        func changed(_ change: (inout KeypointAnnotation) throws -> Void) rethrows {
            var copy = sample
            try change(&copy)
            result.append(copy)
        }
        for precision in [RealPrecision.single, .double] {
            for value in coordinates {
                changed { $0.keypoints = RealArray($0.keypoints.values.map { _ in value }, precision: precision) }
                changed { annotation in
                    annotation.boxes = annotation.boxes.map {
                        RealArray($0.values.map { _ in value }, precision: precision)
                    }
                    annotation.areas = annotation.areas.map { RealArray($0.values.map { _ in value }) }
                }
            }
        }
        changed { $0.visible = $0.visible.map { _ in .nan } }
        changed { $0.visible = $0.visible.converted(to: .integer) }
        for shape in [[0, 5, 2], [1, 0, 2], [0, 0, 2], [2, 5, 2], [1, 5, 3], [1, 5, 1], [5, 2], [1, 1, 5, 2]] {
            try changed {
                $0.keypoints = try RealArray(repeating: 3, shape: shape)
                $0.visible = try RealArray(repeating: 1, shape: Array(shape.dropLast()))
                $0.boxes = try RealArray(repeating: 3, shape: [shape[0], 4])
            }
            try changed { $0.visible = try RealArray(repeating: 1, shape: shape) }
            try changed { $0.boxes = try RealArray(repeating: 1, shape: shape) }
        }
        changed { $0.boxes = nil }
        changed { $0.categories = [.min, .max] }
        changed { $0.imageSize = ImageSize(width: 0, height: -3) }
        changed { $0.hands = nil }
        changed { $0.lifting = nil }
        return result
    }

    @Test("Encoding", arguments: Fixture.cases.filter { $0.encodings > 0 })
    func encode(_ fixture: Fixture.Case) throws {
        let codec = try fixture.codec()
        let sample = try recordedAnnotation(Fixture.arrays(fixture.name, "encode", 0))
        var failures = 0
        for annotation in try Self.annotations(like: sample) {
            var generator = SeededGenerator(seed: 2)
            do {
                _ = try codec.encode(annotation, using: &generator)
            } catch {
                failures += 1
                #expect(error is CodecError || error is NDArrayError, "\(error)")
            }
        }
        // Wrong shapes among them cannot be encoded by anything.
        #expect(failures > 0)
    }

    @Test("Decoding maps of bad numbers and shapes", arguments: Fixture.cases)
    func decode(_ fixture: Fixture.Case) throws {
        let codec = try fixture.codec()
        var failures = 0
        for value in [Float.nan, .infinity, -.infinity, 0, -1, 3e38, .leastNonzeroMagnitude] {
            for shape in [
                [1, 6, 16, 12], [1, 12, 16, 22], [1, 3, 1, 1], [1, 0, 4, 4], [0, 3, 4, 4], [1, 3, 4], [7],
            ] {
                let array = try NDArray(repeating: value, shape: shape)
                try array.withBorrowed { array in
                    for output in [
                        HeadOutput.heatmaps(array), .simcc(x: array, y: array), .regression(array),
                        .roots(heatmaps: array, displacements: array), .tagged(heatmaps: array, tags: array),
                        .instances([(heatmaps: array, scores: array)]), .lifted(array),
                        .queries(scores: array, boxes: array, keypoints: array),
                        .hands(heatmaps: array, rootDepth: array, handType: array),
                    ] {
                        do {
                            _ = try codec.decode(output)
                        } catch {
                            failures += 1
                            #expect(error is CodecError || error is NDArrayError, "\(error)")
                        }
                    }
                }
            }
        }
        #expect(failures > 0)
    }
}
