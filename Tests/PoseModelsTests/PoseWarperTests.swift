import Foundation
import PoseModels
import PoseParity
import PyConfig
import Testing
import Torch

/// What MMPose's PoseWarperNeck computes; `Tools/oracle/posewarper_fixtures.py` explains the fields.
private struct PoseWarperRecord: Decodable, Sendable {
    let config: String
    let entries: Int
    let entries_fnv: String
    let shape: [Int]
    let weights: [Double]
    let output: ZooRecord.Output
}

private let records: [PoseWarperRecord] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/posewarper.jsonl")
    return (try? JSONLines.read(PoseWarperRecord.self, from: file)) ?? []
}()

@Suite struct PoseWarperTests {
    private func neck(_ text: String, _ store: ParameterStore = ParameterStore()) throws -> PoseWarperNeck {
        let arguments = try Config.parse("neck = \(text)").arguments(at: "neck")
        return try #require(try Necks.build(at: store.root, arguments) as? PoseWarperNeck)
    }

    private func values(_ name: String, _ shape: [Int]) throws -> Tensor {
        try Tensor(FormulaWeights.values(name: name, shape: shape), shape: shape)
    }

    @Test("frames are warped and summed as MMPose does it", arguments: 0..<3)
    func frames(index: Int) throws {
        try #require(records.count == 3)
        let record = records[index]
        let store = ParameterStore()
        let neck = try neck(record.config, store)
        let lines = store.entries.map { "\($0.name) \($0.parameter.shape) \($0.parameter.dtype.rawValue)" }
        #expect(lines.count == record.entries)
        #expect(FormulaWeights.hash(lines.joined(separator: "\n")) == record.entries_fnv)
        try store.load(
            try store.entries.filter { $0.parameter.dtype.isFloatingPoint }
                .map { ($0.name, try values($0.name, $0.parameter.shape)) })
        let frames = try record.weights.indices.map { [try values("frame\($0)", record.shape)] }
        let output = try inferenceMode { try neck(frames: frames, weights: record.weights) }
        #expect(output.shape == record.output.shape)
        let found = try output.toArray(Float.self)
        for (place, value) in zip(record.output.at, record.output.values) {
            #expect(abs(Double(found[place]) - value) < 1e-5 * record.output.absmean)
        }
        if record.weights.count == 1 {
            let alone = try inferenceMode { try neck(frames[0]) }
            #expect(try alone.count == 1 && alone[0].toArray(Float.self) == found)
        }
    }

    /// Offsets begin at zero and taps at the centre alone.
    @Test("before it has learned, a frame is not warped, and what is frozen does not learn")
    func beginning() throws {
        let store = ParameterStore()
        let neck = try neck(
            "dict(type='PoseWarperNeck', in_channels=4, out_channels=4, inner_channels=8, deform_groups=2, "
                + "dilations=(1, 2), res_blocks_cfg=dict(num_blocks=1))", store)
        let x = try values("x", [1, 4, 6, 5])
        let weight = try #require(store["trans_layer.weight"])
        #expect(!weight.isTrainable && store["offset_layers.0.weight"]?.isTrainable == true)
        let plain = try x.conv2d(weight.tensor, bias: store["trans_layer.bias"]?.tensor)
        let output = try inferenceMode { try neck(frames: [[x], [x * 2]], weights: [1, 0]) }
        #expect(try output.allClose(to: plain, absolute: 1e-8))
        #expect(throws: ModelError.self) { _ = try neck(frames: [[x]], weights: []) }
        #expect(throws: ModelError.self) { _ = try neck(frames: [], weights: []) }
        #expect(throws: ModelError.self) { _ = try neck(frames: [[]], weights: [1]) }
    }

    @Test("several maps of a frame are joined at the size of the first")
    func joined() throws {
        let neck = try neck(
            "dict(type='PoseWarperNeck', in_channels=6, out_channels=4, inner_channels=8, deform_groups=1, "
                + "dilations=(1,), res_blocks_cfg=dict(num_blocks=1), in_index=(0, 1), input_transform='resize_concat')"
        )
        let maps = try [values("a", [1, 4, 8, 6]), values("b", [1, 2, 4, 3])]
        #expect(try inferenceMode { try neck(maps) }[0].shape == [1, 4, 8, 6])
    }

    @Test(
        "what cannot be built is refused with its place in the config",
        arguments: [
            ("deform_groups=3", "neck.deform_groups"), ("dilations=()", "neck.dilations"),
            ("dilations=(0,)", "neck.dilations"), ("offsets_kernel=5", "neck.offsets_kernel"),
            ("trans_conv_kernel=2", "neck.trans_conv_kernel"), ("trans_conv_kernel=0", "neck.trans_conv_kernel"),
            ("input_transform='multiple_select'", "neck.input_transform"), ("in_index=(0, 1)", "neck.in_index"),
            ("res_blocks_cfg=dict(block='BASIS')", "BASIC"), ("res_blocks_cfg=dict(blocks=3)", "blocks"),
        ])
    func refusals(argument: String, place: String) {
        let name = argument.prefix { $0 != "=" }
        let rest = ["deform_groups=2", "dilations=(1,)"].filter { !$0.hasPrefix(name) }.joined(separator: ", ")
        do {
            _ = try neck(
                "dict(type='PoseWarperNeck', in_channels=6, out_channels=4, inner_channels=8, \(rest), \(argument))")
            Issue.record("\(argument) was accepted")
        } catch {
            #expect("\(error)".contains(place))
        }
    }
}
