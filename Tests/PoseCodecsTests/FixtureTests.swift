import PoseCodecs
import PoseCore
import PyConfig
import Testing

@Suite("Codecs give MMPose's numbers")
struct FixtureTests {
    @Test("Every codec has recorded cases of both directions it supports")
    func fixturesAreComplete() throws {
        let cases = try #require(Fixture.shared).cases
        let types = Set(try cases.map { try #require($0.config["type"]?.stringValue) })
        #expect(types == Set(Codecs.names))
        #expect(cases.map(\.encodings).reduce(0, +) > 20 && cases.map(\.decodings).reduce(0, +) > 20)
    }

    @Test("Targets agree to 1e-6", arguments: Fixture.cases)
    func encode(_ fixture: Fixture.Case) throws {
        let codec = try fixture.codec()
        for index in 0..<fixture.encodings {
            let arrays = try Fixture.arrays(fixture.name, "encode", index)
            let targets = try encodeRecorded(codec, arrays)
            var found = targets.labels.merging(targets.fields) { first, _ in first }
            found.merge(targets.instances) { first, _ in first }
            let expected = arrays.filter { $0.key.hasPrefix("out.") }
            #expect(Set(found.keys) == Set(expected.keys.map { String($0.dropFirst(4)) }))
            for (name, array) in found {
                let wanted = try #require(expected["out." + name])
                #expect(array.shape == wanted.shape && array.typeName == wanted.typeName, "\(name) \(index)")
                let problem = difference(
                    try #require(array.doubles).elements, try #require(wanted.doubles).elements)
                #expect(problem == nil, "\(name) \(index)")
            }
        }
    }

    @Test("Decoded points and scores agree to 1e-6", arguments: Fixture.cases)
    func decode(_ fixture: Fixture.Case) throws {
        let codec = try fixture.codec()
        for index in 0..<fixture.decodings {
            let arrays = try Fixture.arrays(fixture.name, "decode", index)
            let poses = try decodeRecorded(codec, arrays)
            let points = poses.flatMap { $0.keypoints.coordinates.flatMap { $0 } }
            let expected = try #require(arrays["out.keypoints"]?.doubles).elements
            #expect(difference(points, expected, floor: 1) == nil, "points \(index)")
            let scores = try #require(arrays["out.scores"]?.doubles).elements
            #expect(difference(poses.flatMap(\.keypoints.scores), scores) == nil, "scores \(index)")
            if let visibility = arrays["out.visibility"]?.doubles {
                #expect(difference(poses.flatMap { $0.visibility ?? [] }, visibility.elements) == nil)
            }
        }
    }
}

/// Encodes what the fixture recorded.
private func encodeRecorded(_ codec: any KeypointCodec, _ arrays: [String: AnyNDArray]) throws -> EncodedTargets {
    let keypoints = try RealArray(#require(arrays["keypoints"]))
    let visible = try RealArray(#require(arrays["keypoints_visible"]))
    var generator = SystemRandomNumberGenerator()
    return try codec.encode(KeypointAnnotation(keypoints: keypoints, visible: visible), using: &generator)
}

/// Decodes what the fixture recorded, as a batch of one.
private func decodeRecorded(_ codec: any KeypointCodec, _ arrays: [String: AnyNDArray]) throws -> [DecodedPose] {
    func batch(_ name: String) throws -> NDArray<Float> {
        let array = try #require(arrays[name]?.floats)
        return try array.reshaped([1] + array.shape.suffix(name.hasPrefix("simcc") ? 2 : array.rank))
    }
    if arrays["simcc_x"] != nil {
        return try batch("simcc_x").withBorrowed { x in
            try batch("simcc_y").withBorrowed { y in try codec.decode(.simcc(x: x, y: y)) }
        }
    }
    return try batch("heatmaps").withBorrowed { try codec.decode(.heatmaps($0)) }
}
