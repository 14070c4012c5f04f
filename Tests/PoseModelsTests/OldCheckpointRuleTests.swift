import Testing
import Torch

@testable import PoseModels

@Suite struct OldCheckpointRuleTests {
    @Test("Of a distiller's file the student is loaded, and the teacher left out")
    func student() {
        let rule = KeepStudent()
        #expect(rule.concerns(["student.backbone.a", "teacher.backbone.a"]))
        #expect(!rule.concerns(["backbone.a", "head.b"]))
        #expect(rule.convert("student.head.b") == "head.b")
        #expect(rule.convert("teacher.head.b") == nil)
    }

    @Test("Swin leaves out the norms of maps nobody reads, and nothing else")
    func norms() {
        let rule = DropUnusedNorms(stages: 4, used: [3])
        #expect(["norm0.weight", "norm1.bias", "norm2.weight"].allSatisfy { rule.convert($0) == nil })
        #expect(rule.convert("norm3.weight") == "norm3.weight")
        #expect(rule.convert("stages.0.blocks.0.norm1.weight") == "stages.0.blocks.0.norm1.weight")
    }

    @Test(
        "Keys that only older versions have move, all others stay",
        arguments: [
            ("keypoint_head.final_layer.weight", "head.final_layer.weight"),
            ("keypoint_header.weight", "keypoint_header.weight"),
            ("head.keypoint_head.weight", "head.keypoint_head.weight"),
        ])
    func head(old: String, new: String) { #expect(RenameKeypointHead().convert(old) == new) }

    @Test(
        "RLE's loss gets its module's name, once",
        arguments: [
            ("loss.flow_model.prior.loc", "loss_module.flow_model.prior.loc"),
            ("loss_module.flow_model.prior.loc", "loss_module.flow_model.prior.loc"), ("losses.a", "losses.a"),
        ])
    func loss(old: String, new: String) { #expect(RenameLoss().convert(old) == new) }

    @Test(
        "A heatmap head starts an integral one, whose own keys stay",
        arguments: [
            ("deconv_layers.0.weight", "simplebaseline_head.deconv_layers.0.weight"),
            ("conv_layers.0.bias", "simplebaseline_head.conv_layers.0.bias"),
            ("final_layer.bias", "simplebaseline_head.final_layer.bias"),
            ("simplebaseline_head.final_layer.bias", "simplebaseline_head.final_layer.bias"),
            ("linspace_x", "linspace_x"),
        ])
    func baseline(old: String, new: String) { #expect(MoveIntoBaseline().convert(old) == new) }

    @Test(
        "Of one final_layer sequence the last number is the final layer, in the module that declares the rule only",
        arguments: [
            ("right_hand_head.final_layer.0.weight", "right_hand_head.conv_layers.0.weight"),
            ("right_hand_head.final_layer.3.bias", "right_hand_head.final_layer.bias"),
            ("right_hand_head.final_layer.bias", "right_hand_head.final_layer.bias"),
            ("final_layer.3.bias", "final_layer.3.bias"),
        ])
    func nested(old: String, new: String) {
        #expect(NestedRule(module: "right_hand_head", rule: SplitFinalLayer(hiddenLayers: 3)).convert(old) == new)
    }

    @Test("Position embeddings of another size are resized as mmpretrain does, after the class token")
    func positions() throws {
        let old = try Tensor([9, 0, 1, 2, 5] as [Float], shape: [1, 5, 1])
        func resized(hasClassToken: Bool, _ grid: [Int], key: String = "pos_embed") throws -> [Float] {
            let rule = ResizePositionEmbedding(
                grid: grid, hasClassToken: hasClassToken, mode: .bicubic(alignCorners: false))
            return try rule.convert(old, of: key).toArray(Float.self)
        }
        // mmpretrain 1.2.0: resize_pos_embed(old, (2, 2), (3, 2), 'bicubic', 1).
        let expected: [Float] = [
            9, -0.173611164, 0.65277791, 1, 3, 2.17361093, 5.34722185,
        ]
        for (value, other) in zip(try resized(hasClassToken: true, [3, 2]), expected) {
            #expect(abs(value - other) < 1e-5)
        }
        #expect(try resized(hasClassToken: false, [2, 2]) == [0, 1, 2, 5])
        #expect(try resized(hasClassToken: true, [2, 2]) == [9, 0, 1, 2, 5])
        #expect(try resized(hasClassToken: true, [3, 2], key: "other") == [9, 0, 1, 2, 5])
    }
}
