import Foundation
import PoseCore
import Testing

@Suite struct ModelCommandTests {
    @Test("model inspect prints type, parameter count and the state dict in order")
    func inspect() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        let result = try pose("model", "inspect", model.config.path, "--checkpoint", model.checkpoint.path)
        #expect(result.status == 0)
        let json = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let entries = try #require(json["state_dict"] as? [[String: Any]])
        let loading = try #require(json["loading"] as? [String: Any])
        #expect(json["type"] as? String == "TopdownPoseEstimator")
        #expect(entries.first?["key"] as? String == "backbone.conv1.weight")
        #expect(entries.first?["shape"] as? [Int] == [8, 3, 7, 7])
        #expect(entries.last?["key"] as? String == "head.final_layer.bias")
        #expect(loading["loaded"] as? Int == entries.count)
        #expect((loading["missing"] as? [String])?.isEmpty == true)
    }

    @Test("a checkpoint that fits in part stops with the report, unless --allow-partial")
    func partial() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder, leavingOut: ["head.final_layer.bias"])
        let input = folder.file("x.npy")
        try NPYFile.write(.float32(NDArray(repeating: 0.5, shape: [1, 3, 64, 64])), to: input)
        let output = folder.file("y.npz")
        let arguments = ["--checkpoint", model.checkpoint.path, "--input", input.path, "--output", output.path]
        let refused = try pose(
            "model", "forward", model.config.path, arguments[0], arguments[1], arguments[2],
            arguments[3], arguments[4], arguments[5])
        #expect(refused.status == 1)
        #expect(refused.errors.contains("head.final_layer.bias"))
        #expect(!FileManager.default.fileExists(atPath: output.path))
        let allowed = try pose(
            "model", "forward", model.config.path, arguments[0], arguments[1], arguments[2],
            arguments[3], arguments[4], arguments[5], "--allow-partial")
        #expect(allowed.status == 0)
        #expect(try NPZFile(contentsOf: output).names == ["0"])
    }

    @Test("model forward writes the head's maps under their position, and refuses an input of another type")
    func forward() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        let input = folder.file("x.npy")
        let output = folder.file("y.npz")
        try NPYFile.write(.float32(NDArray(repeating: 0.5, shape: [2, 3, 64, 64])), to: input)
        let good = try pose(
            "model", "forward", model.config.path, "--checkpoint", model.checkpoint.path, "--input", input.path,
            "--output", output.path)
        #expect(good.status == 0)
        let maps = try #require(NPZFile(contentsOf: output).array("0").floats)
        #expect(maps.shape == [2, 17, 16, 16])
        #expect(maps.elements.contains { $0 != 0 } && maps.elements.allSatisfy(\.isFinite))
        try NPYFile.write(.float64(NDArray(repeating: 0.5, shape: [1, 3, 64, 64])), to: input)
        let bad = try pose(
            "model", "forward", model.config.path, "--checkpoint", model.checkpoint.path, "--input", input.path,
            "--output", folder.file("z.npz").path)
        #expect(bad.status == 1)
        #expect(bad.errors.contains("float32"))
    }

    @Test("a misspelt argument is named with its place and the nearest valid one")
    func misspelt() throws {
        let folder = try TemporaryFolder()
        let config = try folder.write(
            SmallModel.text.replacingOccurrences(of: "base_channels", with: "base_chanels"), to: "typo.py")
        let result = try pose("model", "inspect", config.path)
        #expect(result.status == 1)
        #expect(result.errors.contains("model.backbone"))
        #expect(result.errors.contains("base_channels"))
    }

    @Test("checkpoint show lists keys without executing anything, and refuses what would execute")
    func checkpointShow() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        let text = try pose("checkpoint", "show", model.checkpoint.path)
        #expect(text.status == 0)
        #expect(text.output.contains("backbone.layer1.0.conv1.weight"))
        let json = try pose("checkpoint", "show", model.checkpoint.path, "--json")
        #expect((try? JSONSerialization.jsonObject(with: Data(json.output.utf8))) != nil)
        // A pickle that asks for os.system("true").
        let hostile = folder.file("hostile.pth")
        try Data("cos\nsystem\n(S'true'\ntR.".utf8).write(to: hostile)
        let refused = try pose("checkpoint", "show", hostile.path)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("hostile.pth"))
        #expect(refused.errors.contains("os.system"))
    }
}
