import Checkpoint
import Foundation
import OrderedCollections
import Testing

@testable import PoseMigration

@Suite struct CheckpointMigrationTests {
    private func tensor(_ name: String, _ shape: [Int], _ values: [Float]? = nil) throws -> TensorEntry {
        let count = shape.reduce(1, *)
        let numbers = values ?? (0..<count).map { Float($0) }
        let bytes = numbers.flatMap { number in withUnsafeBytes(of: number) { Array($0) } }
        return try TensorEntry(name: name, dtype: .float32, shape: shape, storage: TensorStorage(bytes))
    }

    private func state(_ names: String...) throws -> StateDict {
        try StateDict(names.map { try tensor($0, [2]) }, versions: ["": 1, "keypoint_head": 1, "backbone.bn1": 2])
    }

    private func values(_ state: StateDict, _ name: String) throws -> [Float] {
        try #require(state[name]).contiguousBytes().withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    @Test("Hidden layers of a heatmap head leave the last one's sequence")
    func finalLayer() throws {
        let old = try state(
            "backbone.conv1.weight", "keypoint_head.final_layer.0.weight", "keypoint_head.final_layer.1.running_mean",
            "keypoint_head.final_layer.3.weight", "keypoint_head.final_layer.3.bias")
        #expect(
            try CheckpointMigration.convert(old).stateDict.keys == [
                "backbone.conv1.weight", "head.conv_layers.0.weight", "head.conv_layers.1.running_mean",
                "head.final_layer.weight", "head.final_layer.bias",
            ])
    }

    @Test("A single last layer keeps its name; losses with weights become loss_module")
    func simpleHeads() throws {
        let old = try state(
            "keypoint_head.final_layer.weight", "keypoint_head.loss.flow_model.mask", "keypoint_head.fc.weight")
        #expect(
            try CheckpointMigration.convert(old).stateDict.keys
                == ["head.final_layer.weight", "head.loss_module.flow_model.mask", "head.fc.weight"])
    }

    @Test("DEKR: displacements turn, the centre's map moves to the end, the rescoring net to the head")
    func displacements() throws {
        let old = StateDict([
            try tensor("keypoint_head.heatmap_conv_layers.2.bias", [3], [1, 2, 3]),
            try tensor("keypoint_head.offset_conv_layers.2.0.conv1.weight", [2], [4, -5]),
            try tensor("keypoint_head.offset_conv_layers.3.weight", [2], [6, -7]),
            try tensor("rescore_net.l1.weight", [1], [8]),
        ])
        let new = try CheckpointMigration.convert(old).stateDict
        #expect(try values(new, "head.heatmap_conv_layers.2.bias") == [2, 3, 1])
        #expect(try values(new, "head.displacement_conv_layers.2.0.conv1.weight") == [4, -5])
        #expect(try values(new, "head.displacement_conv_layers.3.weight") == [-6, 7])
        #expect(try values(new, "head.rescore_net.l1.weight") == [8])
    }

    @Test("CID: the head's parts are grouped")
    func decoupling() throws {
        let new = try CheckpointMigration.convert(
            state(
                "keypoint_head.keypoint_center_conv.weight", "keypoint_head.c_attn.atn.weight",
                "keypoint_head.heatmap_conv.bias"))
        #expect(
            new.stateDict.keys == [
                "head.iia_module.keypoint_root_conv.weight", "head.gfd_module.channel_attention.atn.weight",
                "head.gfd_module.heatmap_conv.bias",
            ])
    }

    @Test("Distillation leaves the student")
    func student() throws {
        let new = try CheckpointMigration.convert(state("teacher.head.x", "student.backbone.y", "student.head.x"))
        #expect(new.stateDict.keys == ["backbone.y", "head.x"])
    }

    @Test("Swin keeps the norm of the stage whose width the head reads")
    func norms() throws {
        let old = StateDict([
            try tensor("backbone.stages.0.blocks.0.attn.w_msa.qkv.weight", [1]),
            try tensor("backbone.norm0.weight", [2]),
            try tensor("backbone.norm3.weight", [4]), try tensor("keypoint_head.deconv_layers.0.weight", [4, 3, 1, 1]),
        ])
        let keys = try CheckpointMigration.convert(old).stateDict.keys
        #expect(keys.contains("backbone.norm3.weight"))
        #expect(!keys.contains("backbone.norm0.weight"))
    }

    @Test("Converting twice is the same as once, and the versions say so")
    func twice() throws {
        let once = try CheckpointMigration.convert(
            state("keypoint_head.heatmap_conv_layers.2.bias", "keypoint_head.offset_conv_layers.3.weight"))
        let again = try CheckpointMigration.convert(once.stateDict)
        #expect(!again.isChanged)
        #expect(once.stateDict.versions == ["": 2, "head": 2, "backbone.bn1": 2])
    }

    @Test("The file that is written reads back with its meta and a note")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let old = folder.appendingPathComponent("old.pth")
        let meta = PickleDict([.string("epoch"): .int(210)])
        try CheckpointWriter.pth(state("backbone.a", "keypoint_head.fc.weight"), meta: meta, to: old)
        for name in ["new.pth", "new.safetensors"] {
            let new = folder.appendingPathComponent(name)
            try CheckpointMigration.migrate(old, config: nil).write(to: new)
            let file = try CheckpointFile.open(new)
            #expect(try file.stateDict().keys == ["backbone.a", "head.fc.weight"])
            if name.hasSuffix("pth") {
                #expect(file.meta?.dictValue?["epoch"]?.intValue == 210)
                #expect(file.meta?.dictValue?["migrated"]?.stringValue?.contains("keypoint_head") ?? false)
            }
        }
    }

    @Test("A checkpoint of another model is refused before anything is written")
    func foreign() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let old = folder.appendingPathComponent("old.pth")
        try CheckpointWriter.pth(state("backbone.a", "keypoint_head.fc.weight"), to: old)
        let error = #expect(throws: MigrationError.self) {
            try CheckpointMigration.migrate(old, config: ConfigMigrationTests.old("dekr"))
        }
        #expect("\(try #require(error))".contains("belongs to another model"))
    }
}
