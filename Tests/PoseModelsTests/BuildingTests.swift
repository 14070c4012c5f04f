import PoseModels
import PyConfig
import Testing
import Torch

private func build(_ text: String) throws -> any PoseEstimator {
    try PoseEstimators.build(Config.parse("model = \(text)").arguments(at: "model"))
}

private let head = "dict(type='HeatmapHead', in_channels=32, out_channels=3, deconv_out_channels=None)"

@Suite struct BuildingTests {
    /// The text of the error that building throws.
    private func failure(_ text: String) -> String {
        do {
            _ = try build(text)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("an unknown type is named with its place in the config and the nearest known one")
    func unknownType() {
        let message = failure(
            "dict(type='TopdownPoseEstimator', backbone=dict(type='HRNett', depth=18), head=\(head))")
        #expect(message.contains("model.backbone"))
        #expect(message.contains("did you mean 'HRNet'"))
    }

    @Test(
        "impossible values are refused where they stand",
        arguments: [
            ("depth=17", "model.backbone.depth"),
            ("depth=18, strides=(1, 2)", "model.backbone.strides"),
            ("depth=18, out_indices=(4,)", "model.backbone.out_indices"),
            ("depth=18, norm_cfg=dict(type='XN')", "model.backbone.norm_cfg"),
            ("depth=18, colour='red'", "colour"),
            ("depth='big'", "model.backbone.depth"),
        ])
    func impossibleValues(arguments: String, place: String) {
        let message = failure(
            "dict(type='TopdownPoseEstimator', backbone=dict(type='ResNet', \(arguments)), head=\(head))")
        #expect(message.contains(place))
    }

    @Test("head arguments of early 1.x become a neck")
    func earlyHeadArguments() throws {
        let model = try build(
            """
            dict(type='TopdownPoseEstimator',
                 backbone=dict(type='ResNet', depth=18, base_channels=4, stem_channels=4, out_indices=(0, 1, 2, 3)),
                 head=dict(type='HeatmapHead', in_channels=(4, 8, 16, 32), input_transform='resize_concat',
                           input_index=(0, 1), out_channels=3, deconv_out_channels=None, has_final_layer=True))
            """)
        #expect(model.store["head.final_layer.weight"]?.shape == [3, 12, 1, 1])
        let output = try noGrad { try model.forward(Tensor.zeros([1, 3, 64, 64])) }
        #expect(output.named.map(\.tensor.shape) == [[1, 3, 16, 16]])
    }

    @Test("frozen stages do not learn, the others do")
    func frozenStages() throws {
        let model = try build(
            """
            dict(type='TopdownPoseEstimator',
                 backbone=dict(type='ResNet', depth=18, base_channels=4, stem_channels=4, frozen_stages=1),
                 head=\(head))
            """)
        let trainable = model.store.entries.filter { $0.parameter.isTrainable }.map(\.name)
        #expect(!trainable.contains("backbone.conv1.weight"))
        #expect(!trainable.contains { $0.hasPrefix("backbone.layer1.") })
        #expect(trainable.contains("backbone.layer2.0.conv1.weight"))
        #expect(trainable.contains("head.final_layer.weight"))
    }

    @Test("an input of the wrong shape is an error, not a crash")
    func wrongInput() throws {
        let model = try build(
            "dict(type='TopdownPoseEstimator', backbone=dict(type='ResNet', depth=18, base_channels=4), head=\(head))")
        #expect(throws: TorchError.self) { try model.forward(Tensor.zeros([1, 5, 64, 64])) }
    }
}
