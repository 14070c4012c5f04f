import PoseModels
import PyConfig
import Testing
import Torch

@Suite struct DistillerTests {
    private static func model(secondStage: Bool) throws -> any CropEstimator {
        let inner = """
            dict(type='TopdownPoseEstimator',
                 data_preprocessor=dict(type='PoseDataPreprocessor'),
                 backbone=dict(type='ResNet', depth=18, base_channels=4, stem_channels=4),
                 head=dict(type='HeatmapHead', in_channels=32, out_channels=3, deconv_out_channels=None))
            """
        let text = """
            model = dict(type='DWPoseDistiller', two_dis=\(secondStage ? "True" : "False"), teacher_pretrained='t.pth',
                         data_preprocessor=dict(type='PoseDataPreprocessor'), teacher_cfg=\(inner), student_cfg=\(inner),
                         distill_cfg=[dict(methods=[dict(type='FeaLoss', name='loss_fea', use_this=True,
                                                         student_channels=32, teacher_channels=48)]),
                                      dict(methods=[dict(type='KDLoss', name='loss_logit', use_this=True)])])
            """
        return try #require(
            try PoseEstimators.build(Config.parse(text).arguments(at: "model")) as? any CropEstimator)
    }

    @Test("teacher, student and the losses' own layers stand in MMPose's order; the teacher does not learn")
    func parameters() throws {
        let store = try Self.model(secondStage: false).store
        let parts = store.entries.map { String($0.name.prefix { $0 != "." }) }
        let order = parts.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        #expect(order == ["teacher", "student", "distill_losses"])
        #expect(store["distill_losses.loss_fea.align.weight"]?.shape == [48, 32, 1, 1])
        let learned = Set(store.parameters.filter(\.isTrainable).map { String($0.name.prefix { $0 != "." }) })
        #expect(learned == ["student", "distill_losses"])
    }

    @Test("the second stage reads the teacher's features, the first one the student's", arguments: [false, true])
    func stages(secondStage: Bool) throws {
        let model = try Self.model(secondStage: secondStage)
        let crops = try Tensor((0..<3 * 64 * 64).map { UInt8(truncatingIfNeeded: $0) }, shape: [1, 3, 64, 64])
        let maps = { try inferenceMode { try model.predict(crops, flipIndices: [0, 1, 2]).named[0].tensor } }
        let before = try maps()
        // Without its last layer's scale a backbone's features change.
        let name = (secondStage ? "student" : "teacher") + ".backbone.layer4.1.bn2.weight"
        try model.store.load([(name, Tensor.zeros([32]))])
        #expect(try maps().allClose(to: before))
        let other = (secondStage ? "teacher" : "student") + ".backbone.layer4.1.bn2.weight"
        try model.store.load([(other, Tensor.zeros([32]))])
        #expect(try !maps().allClose(to: before))
    }
}
