import Foundation
import PoseCore
import PoseModels
import PoseParity
import PyConfig
import Testing
import Torch

/// What the real MMPose computes in training; `Tools/oracle/bottomup_training_fixtures.py` explains the fields.
struct BottomupTrainingRecord: Decodable, Sendable, CustomTestStringConvertible {
    struct Array: Decodable, Sendable {
        let type: String
        let shape: [Int]
        let values: [Double]

        var array: AnyNDArray {
            get throws {
                switch type {
                case "int8": .int8(try NDArray(values.map { Int8($0) }, shape: shape))
                case "int32": .int32(try NDArray(values.map { Int32($0) }, shape: shape))
                case "int64": .int64(try NDArray(values.map { Int64($0) }, shape: shape))
                default: .float32(try NDArray(values.map { Float($0) }, shape: shape))
                }
            }
        }
    }

    struct Sample: Decodable, Sendable {
        let labels, fields: [String: Array]
    }

    let name, head: String
    let features: [[BottomupRecord.Feature]]
    let gain: Double
    let samples: [Sample]
    let losses, gradients: [String: Double]

    var testDescription: String { name }
}

private let records: [BottomupTrainingRecord] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/bottomup_training.jsonl")
    return (try? JSONLines.read(BottomupTrainingRecord.self, from: file)) ?? []
}()

@Suite struct BottomupTrainingTests {
    @Test("the fixtures are there")
    func fixtures() { #expect(records.count == 11) }

    @Test("losses and gradients of a head are MMPose's", arguments: records)
    func losses(record: BottomupTrainingRecord) throws {
        let store = ParameterStore()
        let head = try #require(
            try Heads.build(at: store.root, Config.parse("head = \(record.head)").arguments(at: "head"))
                as? any TrainableHead)
        let kept = ["x_bins", "y_bins", "dim_t", "regular_matrix", "sigmas"]
        try store.load(
            try store.entries.filter { entry in
                entry.parameter.dtype.isFloatingPoint && !kept.contains(where: entry.name.hasSuffix)
            }.map { entry in
                let shape = entry.parameter.shape
                return (entry.name, try Tensor(FormulaWeights.values(name: entry.name, shape: shape), shape: shape))
            })
        store.isTraining = true
        let features = try record.features[0].map { feature in
            let values = FormulaWeights.values(name: feature.name, shape: feature.shape)
            return try Tensor(values.map { $0 * Float(record.gain) }, shape: feature.shape)
        }
        let batch = TrainingBatch(
            try record.samples.map { sample in
                PackedSample(
                    inputs: .uint8(NDArray([])), labels: try sample.labels.mapValues { try $0.array },
                    fields: try sample.fields.mapValues { try $0.array })
            })
        let losses = try head.loss(features, batch)
        #expect(Set(losses.parts.map(\.name)) == Set(record.losses.keys))
        for (name, value) in losses.parts {
            let expected = try #require(record.losses[name])
            #expect(abs(Double(try value.mean().item()) - expected) < 1e-5 * max(abs(expected), 1e-2), "\(name)")
        }
        let total = try losses.total()
        guard !record.gradients.isEmpty else { return }
        try total.backward()
        for entry in store.entries {
            guard let expected = record.gradients[entry.name] else { continue }
            let gradient = try #require(try entry.parameter.tensor.grad, "\(entry.name)")
            let norm = Double(try gradient.norm().item())
            #expect(abs(norm - expected) < 1e-4 * max(expected, 1e-3), "\(entry.name): \(norm), \(expected)")
        }
    }

    @Test("without the losses and the assigner that training needs, a head can be built, and says what it lacks")
    func missingLosses() throws {
        let head = """
            dict(type='YOLOXPoseHead', num_keypoints=2, featmap_strides=[8],
                 head_module_cfg=dict(in_channels=4, feat_channels=4),
                 prior_generator=dict(type='MlvlPointGenerator', strides=[8]))
            """
        let built = try Heads.build(
            at: ParameterStore().root, Config.parse("head = \(head)").arguments(at: "head"))
        let trainable = try #require(built as? any TrainableHead)
        let error = #expect(throws: ModelError.self) {
            try trainable.loss([Tensor.zeros([1, 4, 4, 4])], TrainingBatch([]))
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("assigner, loss_cls, loss_bbox, loss_oks, loss_vis"))
    }

    @Test("a root outside of the map is named, not read")
    func hostileRoot() throws {
        let store = ParameterStore()
        let head = try #require(
            try Heads.build(
                at: store.root,
                Config.parse("head = dict(type='CIDHead', in_channels=4, num_keypoints=1, gfd_channels=2)")
                    .arguments(at: "head")) as? any TrainableHead)
        let maps = try NDArray<Float>(repeating: 0, shape: [2, 4, 4])
        let sample = PackedSample(
            inputs: .uint8(NDArray([])),
            labels: [
                "instance_coords": .int32(try NDArray([3, 4], shape: [1, 2])),
                "keypoint_weights": .float32(try NDArray([1], shape: [1, 1])),
            ],
            fields: [
                "heatmaps": .float32(maps),
                "instance_heatmaps": .float32(try NDArray(repeating: 0, shape: [1, 4, 4])),
            ])
        #expect(throws: ModelError.self) { try head.loss([Tensor.zeros([1, 4, 4, 4])], TrainingBatch([sample])) }
    }
}
