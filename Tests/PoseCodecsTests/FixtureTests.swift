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
            let found = try flattened(encodeRecorded(codec, arrays))
            let expected = arrays.filter { $0.key.hasPrefix("out.") }
            #expect(Set(found.keys) == Set(expected.keys), "call \(index)")
            for (name, array) in found {
                guard let wanted = expected[name] else { continue }
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
            let extra: [(name: String, found: [Double])] = [
                ("visibility", poses.flatMap { $0.visibility ?? [] }),
                ("instance_scores", poses.compactMap(\.score)),
                ("boxes", poses.flatMap { $0.box?.xyxy ?? [] }),
                ("root_depth", poses.compactMap { $0.hands?.relativeRootDepth }),
                ("hand_type", poses.flatMap { $0.hands?.present.map { $0 ? 1 : 0 } ?? [] }),
            ]
            for (name, found) in extra {
                guard let expected = arrays["out." + name]?.doubles else { continue }
                #expect(difference(found, expected.elements) == nil, "\(name) \(index)")
            }
        }
    }
}

/// All targets under the names of the fixture.
private func flattened(_ targets: EncodedTargets) -> [String: AnyNDArray] {
    var result: [String: AnyNDArray] = [:]
    for (group, arrays) in [
        ("labels", targets.labels), ("fields", targets.fields), ("instances", targets.instances),
        ("metadata", targets.metadata),
    ] {
        for (name, array) in arrays { result["out.\(group)/\(name)"] = array }
    }
    result["out.inputs"] = targets.inputs
    return result
}
