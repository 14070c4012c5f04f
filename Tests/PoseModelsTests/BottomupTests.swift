import Foundation
import PoseCodecs
import PoseCore
import PoseModels
import PoseParity
import PyConfig
import Testing
import Torch

/// What the real MMPose computes with a bottom-up head or a neck; `Tools/oracle/bottomup_fixtures.py` explains the fields.
struct BottomupRecord: Decodable, Sendable, CustomTestStringConvertible {
    struct Feature: Decodable, Sendable {
        let name: String
        let shape: [Int]

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            name = try values.decode(String.self)
            shape = try values.decode([Int].self)
        }
    }

    struct Person: Decodable, Sendable {
        let keypoints: [[Double?]]
        let scores: [Double?]
        let box: [Double?]?
        let score: Double?
    }

    let name: String?
    let head, neck, test_cfg: String?
    let size: [Int]?
    let features: [[Feature]]?
    let gain: Double?
    let flip_indices: [Int]?
    let links: [[Int]]?
    let people: [Person]?
    let entries: Int?
    let entries_fnv: String?
    let outputs: [ZooRecord.Output]?

    var testDescription: String { name ?? neck ?? "" }

    /// The maps of every scale; those of the mirror image have a longer name.
    func maps(prefix: String = "") throws -> [[Tensor]] {
        try (features ?? []).map { scale in
            try scale.map { feature in
                let values = FormulaWeights.values(name: prefix + feature.name, shape: feature.shape)
                return try Tensor(values.map { $0 * Float(gain ?? 1) }, shape: feature.shape)
            }
        }
    }

    /// Tables computed from the model's geometry keep their values.
    func fill(_ store: ParameterStore) throws {
        let kept = ["x_bins", "y_bins", "dim_t", "regular_matrix", "sigmas"]
        try store.load(
            try store.entries.filter { entry in
                entry.parameter.dtype.isFloatingPoint && !kept.contains(where: entry.name.hasSuffix)
            }.map { entry in
                let shape = entry.parameter.shape
                return (entry.name, try Tensor(FormulaWeights.values(name: entry.name, shape: shape), shape: shape))
            })
    }

    func expectKeys(of store: ParameterStore) {
        let lines = store.entries.map { "\($0.name) \($0.parameter.shape) \($0.parameter.dtype.rawValue)" }
        #expect(lines.count == entries)
        #expect(FormulaWeights.hash(lines.joined(separator: "\n")) == entries_fnv)
    }
}

private let records: [BottomupRecord] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/bottomup.jsonl")
    return (try? JSONLines.read(BottomupRecord.self, from: file)) ?? []
}()

@Suite struct BottomupTests {
    static let heads = records.filter { $0.head != nil }
    static let necks = records.filter { $0.neck != nil }

    @Test("the fixtures are there")
    func fixtures() {
        #expect(Self.heads.count == 14)
        #expect(Self.necks.count == 8)
    }

    @Test("the people a head finds are MMPose's, in its order and with its scores", arguments: heads)
    func people(record: BottomupRecord) throws {
        let store = ParameterStore()
        let configuration = try Config.parse("head = \(record.head ?? "")\ntest_cfg = \(record.test_cfg ?? "")")
        let head = try #require(
            try Heads.build(at: store.root, configuration.arguments(at: "head")) as? any BottomupHead)
        record.expectKeys(of: store)
        try record.fill(store)
        let settings = try BottomupSettings(testing: configuration.arguments(at: "test_cfg"))
        let mirrored = settings.flips ? try record.maps(prefix: "mirrored.") : []
        let scales = try record.maps().enumerated().map { index, maps in
            TestTimeFeatures(maps: maps, mirrored: mirrored.indices.contains(index) ? mirrored[index] : nil)
        }
        let size = try #require(record.size)
        let test = BottomupTest(
            settings: settings, codec: try head.decoder.map { try Codecs.make(Arguments($0, at: "decoder")) },
            flipIndices: record.flip_indices ?? [], links: (record.links ?? []).map { SIMD2($0[0], $0[1]) },
            inputSize: ImageSize(width: size[0], height: size[1]))
        let people = try inferenceMode { try head.people(scales, test) }
        let expected = record.people ?? []
        #expect(people.count == expected.count)
        for (person, expected) in zip(people, expected) {
            for (point, value) in zip(person.keypoints.points, expected.keypoints) {
                #expect(isClose(point.x, value[0], 1e-3) && isClose(point.y, value[1], 1e-3))
            }
            for (score, value) in zip(person.keypoints.scores, expected.scores) { #expect(isClose(score, value, 1e-4)) }
            for (side, value) in zip(person.box?.xyxy ?? [], expected.box ?? []) { #expect(isClose(side, value, 1e-3)) }
            #expect((person.box == nil) == (expected.box == nil))
            #expect((person.score == nil) == (expected.score == nil))
            if let score = person.score { #expect(isClose(score, expected.score, 1e-4)) }
        }
    }

    @Test("keys and outputs of a neck are MMPose's", arguments: necks)
    func neck(record: BottomupRecord) throws {
        let store = ParameterStore()
        let neck = try Necks.build(
            at: store.root, Config.parse("neck = \(record.neck ?? "")").arguments(at: "neck"))
        record.expectKeys(of: store)
        try record.fill(store)
        let outputs = try inferenceMode { try neck(record.maps()[0]) }
        let expected = record.outputs ?? []
        #expect(outputs.map(\.shape) == expected.map(\.shape))
        for (output, expected) in zip(outputs, expected) {
            let values = try output.toArray(Float.self)
            for (place, value) in zip(expected.at, expected.values) {
                #expect(abs(Double(values[place]) - value) < 1e-5 * expected.absmean)
            }
        }
    }

    /// Relative to what is large; what is no number is like the same.
    private func isClose(_ value: Double, _ expected: Double?, _ tolerance: Double) -> Bool {
        guard let expected else { return !value.isFinite }
        return abs(value - expected) <= tolerance * max(1, abs(expected))
    }
}
