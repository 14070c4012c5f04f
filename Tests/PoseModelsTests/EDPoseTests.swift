import Foundation
import PoseCodecs
import PoseCore
import PoseParity
import PyConfig
import Testing
import Torch

@testable import PoseModels

/// What MMPose computes with ED-Pose's head or its attention; `Tools/oracle/edpose_fixtures.py` explains the fields.
private struct EDPoseRecord: Decodable, Sendable, CustomTestStringConvertible {
    struct Feature: Decodable, Sendable {
        let name: String
        let shape: [Int]

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            name = try values.decode(String.self)
            shape = try values.decode([Int].self)
        }

        var tensor: Tensor { get throws { try Tensor(FormulaWeights.values(name: name, shape: shape), shape: shape) } }
    }

    struct Features: Decodable, Sendable {
        let list: [Feature]

        init(from decoder: any Decoder) throws { list = try decoder.singleValueContainer().decode([Feature].self) }
    }

    struct Person: Decodable, Sendable {
        let keypoints: [[Double]]
        let scores, box: [Double]
    }

    let name, config: String
    let entries: Int
    let entries_fnv: String
    let features: Features
    let outputs: [ZooRecord.Output]
    let size: [Int]?
    let people: [Person]?
    let sizes: [[Int]]?

    var testDescription: String { name }

    func arguments() throws -> Arguments { try Config.parse("part = \(config)").arguments(at: "part") }

    /// The state dict is MMPose's; formula weights, of shared parameters those of the last key as in PyTorch.
    func check(_ store: ParameterStore) throws {
        let lines = store.entries.map { "\($0.name) \($0.parameter.shape) \($0.parameter.dtype.rawValue)" }
        #expect(lines.count == entries)
        #expect(FormulaWeights.hash(lines.joined(separator: "\n")) == entries_fnv)
        try store.load(
            try store.entries.map { entry in
                let shape = entry.parameter.shape
                return (entry.name, try Tensor(FormulaWeights.values(name: entry.name, shape: shape), shape: shape))
            })
    }

    /// Sampled values agree to a part in 10⁵ of the mean magnitude.
    func expect(_ tensors: [Tensor]) throws {
        #expect(tensors.map(\.shape) == outputs.map(\.shape))
        for (tensor, expected) in zip(tensors, outputs) {
            let values = try tensor.toArray(Float.self)
            for (place, value) in zip(expected.at, expected.values) {
                #expect(abs(Double(values[place]) - value) < 1e-5 * expected.absmean)
            }
        }
    }
}

private let records: [EDPoseRecord] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Fixtures/edpose.jsonl")
    return (try? JSONLines.read(EDPoseRecord.self, from: file)) ?? []
}()

@Suite struct EDPoseTests {
    @Test("the fixtures are there")
    func fixtures() {
        #expect(records.filter { $0.people != nil }.count == 4)
        #expect(records.filter { $0.sizes != nil }.count == 2)
    }

    @Test(
        "attention with references as points and as boxes is that of PyTorch",
        arguments: records.filter { $0.sizes != nil })
    private func attention(record: EDPoseRecord) throws {
        let store = ParameterStore()
        let attention = try DeformableAttention(at: store.root, DeformableAttentionStyle(record.arguments()))
        try record.check(store)
        let inputs = try record.features.list.map { try $0.tensor }
        let sizes = (record.sizes ?? []).map { MapSize(height: $0[0], width: $0[1]) }
        let output = try inferenceMode {
            try attention(
                inputs[0], positions: inputs[1], values: inputs[2], references: inputs[3] * 0.5 + 0.5, sizes: sizes)
        }
        try record.expect([output])
        #expect(throws: ModelError.self) {
            _ = try attention(
                inputs[0], positions: inputs[1], values: inputs[2], references: inputs[3],
                sizes: Array(sizes.dropLast()))
        }
    }

    @Test(
        "keys, outputs and people of the head are MMPose's, with shared and with separate layers",
        arguments: records.filter { $0.people != nil })
    private func head(record: EDPoseRecord) throws {
        let store = ParameterStore()
        let head = try #require(try Heads.build(at: store.root, record.arguments()) as? any BottomupHead)
        try record.check(store)
        let maps = try record.features.list.map { try $0.tensor }
        let size = try #require(record.size)
        let test = BottomupTest(
            settings: BottomupSettings(), codec: try head.decoder.map { try Codecs.make(Arguments($0, at: "decoder")) },
            flipIndices: [], links: [], inputSize: ImageSize(width: size[0], height: size[1]))
        let (outputs, people) = try inferenceMode {
            (try head(maps), try head.people([TestTimeFeatures(maps: maps)], test))
        }
        try record.expect(outputs.named.map(\.tensor))
        let expected = record.people ?? []
        #expect(people.count == expected.count)
        for (person, expected) in zip(people, expected) {
            for (point, value) in zip(person.keypoints.points, expected.keypoints) {
                #expect(abs(point.x - value[0]) < 1e-3 && abs(point.y - value[1]) < 1e-3)
            }
            for (score, value) in zip(person.keypoints.scores, expected.scores) { #expect(abs(score - value) < 1e-5) }
            for (side, value) in zip(person.box?.xyxy ?? [], expected.box) { #expect(abs(side - value) < 1e-3) }
        }
    }

    @Test("maps that do not fit the head are refused")
    func misfits() throws {
        let record = try #require(records.first { $0.name == "two stages" })
        let head = try Heads.build(at: ParameterStore().root, record.arguments())
        let few = try [Tensor.zeros([1, 16, 2, 2]), Tensor.zeros([1, 16, 1, 1])]
        for maps in try [[], [few[0]], [few[0], Tensor.zeros([1, 8, 1, 1])], few] {
            #expect(throws: ModelError.self) { _ = try head(maps) }
        }
    }

    @Test("there is no loss to train it by, which is said")
    func training() throws {
        let record = try #require(records.first { $0.name == "two stages" })
        let head = try Heads.build(at: ParameterStore().root, record.arguments())
        let error = #expect(throws: ModelError.self) { _ = try trainable(head) }
        #expect("\(try #require(error))".contains("EDPoseHead has no loss"))
    }

    @Test(
        "what cannot be built is refused with its place in the config",
        arguments: [
            ("num_group=4", "num_group=13", "num_queries"), ("query_dim=4", "query_dim=2", "query_dim"),
            ("'num_feature_levels': 2", "'num_feature_levels': 3", "encoder"),
            ("'num_pos_feats': 8", "'num_pos_feats': 6", "num_pos_feats"),
            ("'num_box_decoder_layers': 1", "'num_box_decoder_layers': 3", "num_layers"),
            ("'num_pred_layer': 3", "'num_pred_layer': 2", "num_pred_layer"),
            ("'num_heads': 2", "'num_heads': 3", "num_heads"),
            ("'ffn_drop'", "'ffn_dropp'", "ffn_dropp"),
        ])
    func refusals(part: String, changed: String, place: String) throws {
        let record = try #require(records.first { $0.name == "two stages" })
        func python(_ text: String) -> String {
            guard !text.contains("'"), let equals = text.firstIndex(of: "=") else { return text }
            return "'\(text[..<equals])': \(text[text.index(after: equals)...])"
        }
        let text = record.config.replacingOccurrences(of: python(part), with: python(changed))
        #expect(text != record.config)
        do {
            _ = try Heads.build(at: ParameterStore().root, Config.parse("head = \(text)").arguments(at: "head"))
            Issue.record("\(changed) was accepted")
        } catch {
            #expect("\(error)".contains(place))
        }
    }

    @Test("frozen batch normalisation scales by its statistics, in training too, and nothing of it is learned")
    func frozenNormalization() throws {
        let store = ParameterStore()
        let norm = try Normalization(
            Config.parse("norm = dict(type='FrozenBatchNorm2d', requires_grad=False)").arguments(at: "norm")
        ).layer(at: store.root / "bn1", channels: 2)
        #expect(
            store.entries.map(\.name) == ["weight", "bias", "running_mean", "running_var"].map { "bn1.\($0)" })
        #expect(store.parameters.isEmpty)
        let counts = DropBatchCounts(below: store.root)
        let numbers: [(String, [Float])] = [
            ("weight", [2, 3]), ("bias", [1, -1]), ("running_mean", [0.5, -2]), ("running_var", [4, 0.25]),
        ]
        let source = try numbers.map { ("bn1.\($0.0)", try Tensor($0.1, shape: [2])) }
        for (key, tensor) in source { #expect(counts.convert(key) == key && tensor.shape == [2]) }
        #expect(counts.convert("bn1.num_batches_tracked") == nil)
        #expect(counts.convert("bn2.num_batches_tracked") == "bn2.num_batches_tracked")
        try store.load(source)
        store.isTraining = true
        let y = try norm(Tensor([1, -1] as [Float], shape: [1, 2, 1, 1])).toArray(Float.self)
        // (x − mean) / √(variance + 10⁻⁵) · weight + bias
        #expect(abs(y[0] - 1.5) < 1e-4 && abs(y[1] - 5) < 1e-3)
        #expect(try store["bn1.running_mean"]?.tensor.toArray(Float.self) == [0.5, -2])
    }
}
