import Checkpoint
import OrderedCollections
import PoseModels
import PyConfig
import Testing
import Torch

/// A top-down model with a hidden convolution in its head.
private func model() throws -> any PoseEstimator {
    let config = try Config.parse(
        """
        model = dict(
            type='TopdownPoseEstimator',
            backbone=dict(type='ResNet', depth=18, base_channels=4, stem_channels=4),
            head=dict(type='HeatmapHead', in_channels=32, out_channels=3, deconv_out_channels=None,
                      conv_out_channels=(6,), conv_kernel_sizes=(3,)))
        """)
    return try PoseEstimators.build(config.arguments(at: "model"))
}

/// A state dict of zeros with the model's keys, renamed.
private func stateDict(
    of model: any PoseEstimator, version: Int? = nil, renaming: (String) -> String = { $0 }
) throws -> StateDict {
    let entries = try model.store.entries.map { entry in
        let parameter = entry.parameter
        let dtype: Checkpoint.ScalarType = parameter.dtype == .int64 ? .int64 : .float32
        return try TensorEntry(
            name: renaming(entry.name), dtype: dtype, shape: parameter.shape,
            storage: TensorStorage([UInt8](repeating: 0, count: parameter.shape.reduce(1, *) * dtype.byteCount)))
    }
    return StateDict(entries, versions: version.map { ["": $0] } ?? [:])
}

@Suite struct LoadingTests {
    /// What 0.x called the keys of a head with a hidden convolution.
    private func oldName(_ key: String) -> String {
        switch key {
        case "head.final_layer.weight": "keypoint_head.final_layer.3.weight"
        case "head.final_layer.bias": "keypoint_head.final_layer.3.bias"
        default:
            key.hasPrefix("head.conv_layers.")
                ? "keypoint_head.final_layer." + key.dropFirst("head.conv_layers.".count) : key
        }
    }

    @Test("0.x keys become 1.x keys, and the report says by which rule")
    func oldKeys() throws {
        let model = try model()
        let report = try model.load(stateDict(of: model, renaming: oldName))
        #expect(report.isComplete && report.unexpected.isEmpty)
        #expect(
            report.converted.map(\.rule) == ["keypoint_head → head", "final_layer.N → conv_layers.N + final_layer"])
    }

    @Test("keys of today stay as they are, with and without a version in the file", arguments: [nil, 2])
    func newKeys(version: Int?) throws {
        let model = try model()
        let report = try model.load(stateDict(of: model, version: version))
        #expect(report.isComplete && report.unexpected.isEmpty)
        #expect(report.converted.isEmpty)
    }

    @Test("the preprocessor's statistics in early 1.x files are dropped, other leftovers are reported")
    func leftovers() throws {
        let model = try model()
        var state = try stateDict(of: model)
        for key in ["data_preprocessor.mean", "backbone.fc.bias"] {
            state[key] = try TensorEntry(
                dtype: .float32, shape: [3], storage: TensorStorage([UInt8](repeating: 0, count: 12)))
        }
        let report = try model.load(state)
        #expect(report.unexpected == ["backbone.fc.bias"])
    }

    @Test("a tensor of another shape and a missing one are told apart")
    func mismatch() throws {
        let model = try model()
        var state = try stateDict(of: model)
        state["backbone.conv1.weight"] = try TensorEntry(
            dtype: .float32, shape: [4, 3, 3, 3], storage: TensorStorage([UInt8](repeating: 0, count: 4 * 27 * 4)))
        state["head.final_layer.bias"] = nil
        let report = try model.load(state)
        #expect(report.shapeMismatches.map(\.name) == ["backbone.conv1.weight"])
        #expect(report.shapeMismatches.first?.found == [4, 3, 3, 3])
        #expect(report.missing == ["head.final_layer.bias"])
    }

    @Test("num_batches_tracked may be absent, as in files from before it existed")
    func absentCounters() throws {
        let model = try model()
        let all = try stateDict(of: model)
        let report = try model.load(StateDict(all.filter { !$0.name.hasSuffix("num_batches_tracked") }))
        #expect(report.isComplete)
    }
}
