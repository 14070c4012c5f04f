import Foundation
import PoseCodecs
import PoseCore
import PyConfig
import Testing

/// The options that keep the numbers of MMPose 0.x, against what 0.29 decoded (Tools/oracle/decoding_0x_fixtures.py).
@Suite struct OldDecodingTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let codec: JSONValue
        let shape: [Int]
        let heatmaps: [Float]
        let points: [[Double]]
        let scores: [Double]

        var testDescription: String { name }

        func decoded(changing: (inout ConfigDict) -> Void = { _ in }) throws -> Keypoints {
            guard case .dict(var config) = codec.value else { throw FixtureError.noConfig }
            changing(&config)
            let maps = try NDArray(heatmaps, shape: [1] + shape)
            let codec = try Codecs.make(Arguments(config, at: "codec"))
            return try maps.withBorrowed {
                try codec.decode(.heatmaps($0), image: 0, context: DecodingContext())[0].keypoints
            }
        }
    }

    private struct Listing: Decodable { let cases: [Case] }

    static let cases: [Case] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/decoding_0x.json")
        return (try? JSONDecoder().decode(Listing.self, from: Data(contentsOf: file)).cases) ?? []
    }()

    @Test("The fixture has its cases") func completeness() { #expect(Self.cases.count == 5) }

    @Test("Points and scores are those of 0.29", arguments: cases)
    func agreement(_ fixture: Case) throws {
        let keypoints = try fixture.decoded()
        for (index, point) in keypoints.points.enumerated() {
            #expect(abs(point.x - fixture.points[index][0]) < 2e-3, "x of key point \(index)")
            #expect(abs(point.y - fixture.points[index][1]) < 2e-3, "y of key point \(index)")
            #expect(abs(keypoints.scores[index] - fixture.scores[index]) < 1e-5)
        }
    }

    @Test("Without the options the numbers are others, so that the options matter", arguments: cases)
    func difference(_ fixture: Case) throws {
        let keypoints = try fixture.decoded {
            $0["refinement"] = nil
            $0["blur_border"] = nil
        }
        #expect(
            zip(keypoints.points, fixture.points).contains { abs($0.x - $1[0]) > 0.01 || abs($0.y - $1[1]) > 0.01 })
    }

    @Test("A name that is no option is an error that lists them")
    func badName() throws {
        let fixture = try #require(Self.cases.first)
        let error = #expect(throws: ConfigError.self) { try fixture.decoded { $0["refinement"] = "both" } }
        #expect("\(try #require(error))".contains("'both_axes'"))
    }
}
