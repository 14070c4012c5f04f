import Foundation
import PoseModels
import PoseParity
import PyConfig
import Testing
import Torch

/// What the real MMPose computes with one backbone; `Tools/oracle/backbone_fixtures.py` explains the fields.
struct BackboneRecord: Decodable, Sendable, CustomTestStringConvertible {
    let text: String
    let entries: Int
    let entries_fnv: String
    let input: [Int]
    let outputs: [ZooRecord.Output]
    let training: [ZooRecord.Output]?
    let statistics: [ZooRecord.Output]?

    var testDescription: String { text }

    /// The backbone with formula weights.
    func build() throws -> (store: ParameterStore, backbone: any Backbone) {
        let store = ParameterStore()
        let backbone = try Backbones.build(
            at: store.root, Config.parse("backbone = \(text)").arguments(at: "backbone"))
        let values = try store.entries.filter { $0.parameter.dtype.isFloatingPoint }.map { entry in
            let shape = entry.parameter.shape
            return (entry.name, try Tensor(FormulaWeights.values(name: entry.name, shape: shape), shape: shape))
        }
        try store.load(values)
        return (store, backbone)
    }

    var image: Tensor { get throws { try Tensor(FormulaWeights.image(shape: input), shape: input) } }
}

private let records: [BackboneRecord] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/backbones.jsonl")
    return (try? JSONLines.read(BackboneRecord.self, from: file)) ?? []
}()

@Suite struct BackboneTests {
    /// The largest deviation of sampled values over the mean magnitude; infinite if shapes differ.
    private func deviation(_ tensors: [Tensor], from expected: [ZooRecord.Output]) throws -> Double {
        guard tensors.map(\.shape) == expected.map(\.shape) else { return .infinity }
        return try zip(tensors, expected).map { tensor, expected in
            let values = try tensor.toArray(Float.self)
            return zip(expected.at, expected.values).map { abs(Double(values[$0]) - $1) / expected.absmean }.max() ?? 0
        }.max() ?? .infinity
    }

    @Test("the fixtures are there")
    func fixtures() {
        #expect(records.count == 21)
    }

    @Test("keys, shapes, types, their order, and the outputs are MMPose's", arguments: records)
    func forward(record: BackboneRecord) throws {
        let (store, backbone) = try record.build()
        let lines = store.entries.map { "\($0.name) \($0.parameter.shape) \($0.parameter.dtype.rawValue)" }
        #expect(lines.count == record.entries)
        #expect(FormulaWeights.hash(lines.joined(separator: "\n")) == record.entries_fnv)
        let outputs = try inferenceMode { try backbone(record.image) }
        #expect(try deviation(outputs, from: record.outputs) < 1e-5)
    }

    @Test(
        "in training, outputs are those of the batch's statistics, and running statistics move as often as MMPose's",
        arguments: records.filter { $0.training != nil })
    func training(record: BackboneRecord) throws {
        let (store, backbone) = try record.build()
        store.isTraining = true
        let outputs = try noGrad { try backbone(record.image) }
        #expect(try deviation(outputs, from: record.training ?? []) < 2e-4)
        let statistics = record.statistics ?? []
        let tensors = try statistics.map { try #require(store[$0.name]).tensor }
        #expect(try deviation(tensors, from: statistics) < 1e-5)
    }

    @Test(
        "what cannot be built is refused with its place in the config, and misspelt names with the right one",
        arguments: [
            ("type='MobileNetV2', widen_faktor=2.0", "backbone: unknown argument 'widen_faktor'", "'widen_factor'"),
            ("type='MobileNetV2', out_indices=(8,)", "backbone.out_indices", "0 to 7"),
            ("type='MobileNetV2', norm_cfg=dict(type='XN')", "backbone.norm_cfg.type", "BN"),
            ("type='MobileNetV2', frozen_stages=9", "backbone.frozen_stages", "-1 to 7"),
            ("type='ResNet', depth=18, frozen_stages=-2", "backbone.frozen_stages", "-1 to 4"),
            ("type='MobileNetV3', arch='tiny'", "backbone.arch", "small or big"),
            ("type='ShuffleNetV1', groups=5", "backbone.groups", "[1, 2, 3, 4, 8]"),
            ("type='ShuffleNetV2', widen_factor=0.7", "backbone.widen_factor", "[0.5, 1.0, 1.5, 2.0]"),
            ("type='MSPN', num_units=3", "backbone.num_blocks", "3 numbers"),
            ("type='RSN', num_steps=1", "backbone.num_steps", "2 to 64"),
            ("type='RegNet', arch='regnetx_1gf'", "backbone.arch", "regnetx_1.6gf"),
            ("type='RegNet', arch=dict(w0=24, wa=24, wm=1, depth=3, group_w=8)", "backbone.arch", "wm over 1"),
            ("type='ViPNAS_ResNet', depth=18", "backbone.depth", "50"),
            ("type='ViPNAS_MobileNetV3', group=[None, 8]", "backbone.dep", "one each stage"),
            ("type='ViPNAS_MobileNetV3', act=['Relu'] * 7", "Relu", "ReLU"),
            ("type='HRFormer', extra=dict(drop_path_rate=0.1)", "backbone.extra.stage1", "missing"),
            ("type='LiteHRNet', extra=dict(num_stages=3)", "backbone.extra", "stages_spec"),
            ("type='V2VNet', input_channels='many', output_channels=2", "backbone.input_channels", "int"),
            ("type='ShufleNetV2'", "backbone.type", "did you mean 'ShuffleNetV2'"),
        ])
    func refusals(arguments: String, place: String, hint: String) {
        do {
            let config = try Config.parse("backbone = dict(\(arguments))")
            _ = try Backbones.build(at: ParameterStore().root, config.arguments(at: "backbone"))
            Issue.record("\(arguments) was accepted")
        } catch {
            #expect("\(error)".contains(place))
            #expect("\(error)".contains(hint))
        }
    }

    @Test("names of other OpenMMLab packages mean the same backbone", arguments: ["mmdet", "mmpretrain", "mmcls"])
    func scopes(scope: String) throws {
        let store = ParameterStore()
        let config = try Config.parse("backbone = dict(type='\(scope).MobileNetV2', out_indices=(1,))")
        _ = try Backbones.build(at: store.root, config.arguments(at: "backbone"))
        #expect(store["conv1.conv.weight"]?.shape == [32, 3, 3, 3])
    }
}
