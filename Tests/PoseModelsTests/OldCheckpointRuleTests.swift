import Testing

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
}
