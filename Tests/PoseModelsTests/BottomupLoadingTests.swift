import Checkpoint
import OrderedCollections
import PoseModels
import PyConfig
import Testing
import Torch

private let backbone = "dict(type='ResNet', depth=18, base_channels=4, stem_channels=4)"

private func model(_ head: String, more: String = "") throws -> any PoseEstimator {
    let config = try Config.parse(
        "model = dict(type='BottomupPoseEstimator', backbone=\(backbone), head=\(head)\(more))")
    return try PoseEstimators.build(config.arguments(at: "model"))
}

private let cid = "dict(type='CIDHead', in_channels=32, num_keypoints=3, gfd_channels=4)"
private let dekr = """
    dict(type='DEKRHead', in_channels=32, num_keypoints=2, num_heatmap_filters=4,
         num_displacement_filters_per_keypoint=3, rescore_cfg=dict(in_channels=5, norm_indexes=(0, 0)))
    """
private let rtmo = """
    dict(type='RTMOHead', num_keypoints=2, featmap_strides=[32],
         head_module_cfg=dict(in_channels=16, cls_feat_channels=4, channels_per_group=4, num_groups=1),
         prior_generator=dict(type='MlvlPointGenerator', centralize_points=True, strides=[32]),
         dcc_cfg=dict(in_channels=4, feat_channels=4, num_bins=(4, 6), spe_channels=4, gau_cfg=dict(s=4)))
    """

/// A state dict with the model's keys, renamed; every tensor holds 0, 1, 2, ….
private func stateDict(
    of model: any PoseEstimator, renaming: (String) -> String = { $0 }
) throws -> StateDict {
    StateDict(
        try model.store.entries.map { entry in
            let count = entry.parameter.shape.reduce(1, *)
            let bytes =
                entry.parameter.dtype == .int64
                ? [UInt8](repeating: 0, count: 8 * count)
                : (0..<count).map(Float.init).withUnsafeBytes(Array.init)
            return try TensorEntry(
                name: renaming(entry.name), dtype: entry.parameter.dtype == .int64 ? .int64 : .float32,
                shape: entry.parameter.shape, storage: TensorStorage(bytes))
        }, versions: [:])
}

@Suite struct BottomupLoadingTests {
    @Test("CIDHead of 0.x: parts move into their modules, other keys with such words in them stay")
    func cidKeys() throws {
        let model = try model(cid)
        let old = [
            "iia_module.keypoint_root_conv": "keypoint_center_conv", "gfd_module.conv_down": "conv_down",
            "gfd_module.channel_attention": "c_attn", "gfd_module.spatial_attention": "s_attn",
            "gfd_module.fuse_attention": "fuse_attn", "gfd_module.heatmap_conv": "heatmap_conv",
        ]
        let report = try model.load(
            stateDict(of: model) { key in
                guard key.hasPrefix("head.") else { return key }
                let part = key.dropFirst("head.".count).split(separator: ".").prefix(2).joined(separator: ".")
                return "keypoint_head.\(old[part] ?? part)" + key.dropFirst("head.\(part)".count)
            })
        #expect(report.isComplete && report.unexpected.isEmpty)
        #expect(
            report.converted.map(\.rule) == [
                "keypoint_head → head", "parts of CIDHead → iia_module, gfd_module",
            ])
        #expect(try model.load(stateDict(of: model)).converted.isEmpty)
    }

    @Test("DEKRHead of 0.x: displacements turn around, the root's map goes last, the rescore net into the head")
    func dekrKeys() throws {
        let model = try model(dekr)
        let report = try model.load(
            stateDict(of: model) { key in
                if key.hasPrefix("head.rescore_net.") { return String(key.dropFirst("head.".count)) }
                return key.replacing("head.", with: "keypoint_head.", maxReplacements: 1)
                    .replacing("displacement_conv_layers", with: "offset_conv_layers")
            })
        #expect(report.isComplete && report.unexpected.isEmpty)
        #expect(report.converted.map(\.rule).contains("rescore_net → head.rescore_net"))
        let bias = try #require(model.store["head.heatmap_conv_layers.2.bias"]).tensor
        #expect(try bias.toArray(Float.self) == [1, 2, 0])
        let displacement = try #require(model.store["head.displacement_conv_layers.3.bias"]).tensor
        #expect(try displacement.toArray(Float.self) == [0, -1, -2, -3])
        let hidden = try #require(model.store["head.displacement_conv_layers.0.bn.bias"]).tensor
        #expect(try hidden.toArray(Float.self) == [0, 1, 2, 3, 4, 5])
    }

    @Test("a DEKRHead of today is not turned around again, though the file does not say its version")
    func dekrToday() throws {
        let model = try model(dekr)
        let report = try model.load(stateDict(of: model))
        #expect(report.isComplete && report.converted.isEmpty)
        let bias = try #require(model.store["head.heatmap_conv_layers.2.bias"]).tensor
        #expect(try bias.toArray(Float.self) == [0, 1, 2])
    }

    @Test("a leftover of another shape, or of no dimension, under an old name is reported and turns nothing over")
    func hostileState() throws {
        let model = try model(dekr)
        var state = StateDict([], versions: [:])
        state["keypoint_head.offset_conv_layers.3.bias"] = try TensorEntry(
            dtype: .float32, shape: [], storage: TensorStorage([0, 0, 0, 0]))
        state["keypoint_head.heatmap_conv_layers.2.bias"] = try TensorEntry(
            dtype: .float32, shape: [0], storage: TensorStorage([]))
        state["rescore_net."] = try TensorEntry(dtype: .float32, shape: [0], storage: TensorStorage([]))
        let report = try model.load(state)
        #expect(report.loaded.isEmpty)
        #expect(report.shapeMismatches.count == 2)
    }

    @Test(
        "arguments that make no sense are refused where they stand",
        arguments: [
            (cid.replacing("gfd_channels=4", with: "gfd_channels=0"), "", "model.head.gfd_channels"),
            (cid.replacing("num_keypoints=3", with: "num_keypoints=-1"), "", "model.head.num_keypoints"),
            (cid, ", test_cfg=dict(blur_kernel_size=4)", "model.test_cfg.blur_kernel_size"),
            (cid, ", test_cfg=dict(multiscale_test=True)", "model.test_cfg.multiscale_test"),
            (cid, ", test_cfg=dict(flip_tset=True)", "did you mean 'flip_test'"),
            (dekr.replacing("norm_indexes=(0, 0)", with: "norm_indexes=(0,)"), "", "rescore_cfg.norm_indexes"),
            (rtmo, ", test_cfg=dict(flip_test=True)", "model.test_cfg.flip_test"),
            (rtmo.replacing("strides=[32])", with: "strides=[0])"), "", "prior_generator.strides"),
            (rtmo.replacing("num_bins=(4, 6)", with: "num_bins=(4,)"), "", "dcc_cfg.num_bins"),
            (rtmo.replacing("spe_channels=4", with: "spe_channels=5"), "", "head.dcc.spe"),
            (rtmo.replacing("dict(s=4)", with: "dict(s=4, pos_enc='sine')"), "", "gau_cfg.pos_enc"),
            (rtmo.replacing("centralize_points", with: "centralise_points"), "", "centralize_points"),
        ])
    func impossibleArguments(head: String, more: String, place: String) {
        let error = #expect(throws: (any Error).self) { try model(head, more: more) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(place))
    }

    @Test("a head that needs a codec, flip indices or links it was not given says so")
    func missingParts() throws {
        let image = try Tensor.zeros([1, 3, 64, 64], dtype: .uint8)
        let plain = try model(dekr) as? BottomupPoseEstimator
        #expect(throws: ModelError.self) { try plain?.predict([image], flipIndices: []) }
        let flipping = try model(cid, more: ", test_cfg=dict(flip_test=True)") as? BottomupPoseEstimator
        #expect(throws: ModelError.self) { try flipping?.predict([image], flipIndices: [1, 0]) }
        #expect(throws: ModelError.self) { try plain?.predict([], flipIndices: []) }
        #expect(throws: ModelError.self) { try plain?.predict([image, image], flipIndices: []) }
    }

    @Test("RTMO runs with the default nms_thr, where MMPose fails")
    func rtmoWithoutSuppression() throws {
        let found = try model(rtmo, more: ", test_cfg=dict(score_thr=0.0)") as? BottomupPoseEstimator
        let people = try inferenceMode {
            try found?.predict([Tensor.zeros([1, 3, 64, 64], dtype: .uint8)], flipIndices: [0, 1])
        }
        #expect(people?.count == 4)
    }
}
