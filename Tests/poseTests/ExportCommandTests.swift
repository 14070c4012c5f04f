import Foundation
import Testing

@Suite("pose export") struct ExportCommandTests {
    /// Keypoints and scores of everybody in a prediction file, flat.
    private func numbers(_ url: URL) throws -> [Double] {
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
        let people = try #require(object?["people"] as? [[String: Any]])
        return people.flatMap { person in
            let points = person["keypoints"] as? [[Double]] ?? []
            return points.flatMap { $0 } + (person["keypoint_scores"] as? [Double] ?? [])
        }
    }

    private func boxes(_ folder: TemporaryFolder) throws -> URL {
        try folder.write(
            "[[94.5, 2.25, 391.0, 511.0], [10, 10, 200, 300], [-20.0, 300.5, 200.25, 470.0]]", to: "boxes.json")
    }

    @Test(
        "a package gives the keypoints of the model it was made from, with the flip test and without",
        arguments: [true, false])
    func package(flips: Bool) throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        let override = "model.test_cfg.flip_test=\(flips ? "True" : "False")"
        let made = try pose(
            "export", model.config.path, "--checkpoint", model.checkpoint.path, "--out", folder.file("package").path,
            "--cfg-options", override)
        #expect(made.status == 0 && made.errors.contains("agrees with LibTorch"), "\(made.errors)")
        #expect(folder.contents.filter { $0.contains("package") } == ["package/model.onnx", "package/pipeline.json"])
        let boxes = try boxes(folder)
        // Two of three in a batch, so that one is not full.
        let packaged = try pose(
            "infer", Place.photo.path, "--model", folder.file("package").path, "--boxes", boxes.path, "--out",
            folder.file("a").path, "--no-visualization", "--batch-size", "2")
        #expect(packaged.status == 0, "\(packaged.errors)")
        let whole = try pose(
            "infer", Place.photo.path, "--config", model.config.path, "--checkpoint", model.checkpoint.path, "--boxes",
            boxes.path, "--out", folder.file("b").path, "--no-visualization", "--cfg-options", override)
        #expect(whole.status == 0, "\(whole.errors)")
        let found = try numbers(folder.file("a/predictions/astronaut.json"))
        let expected = try numbers(folder.file("b/predictions/astronaut.json"))
        #expect(found.count == 3 * 17 * 3 && expected.count == found.count)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 0.01 })
    }

    @Test("a package is replaced, another folder is not; damage is named")
    func folders() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        func export(to name: String) throws -> CommandResult {
            try pose(
                "export", model.config.path, "--checkpoint", model.checkpoint.path, "--out", folder.file(name).path)
        }
        #expect(try export(to: "package").status == 0)
        #expect(try export(to: "package").status == 0)
        try folder.write("mine", to: "other/notes.txt")
        let refused = try export(to: "other")
        #expect(refused.status == 1 && refused.errors.contains("holds something that is no package"))
        #expect(folder.contents.filter { $0.hasPrefix("other/") } == ["other/notes.txt"])

        func infer() throws -> CommandResult {
            try pose(
                "infer", Place.photo.path, "--model", folder.file("package").path, "--whole-image", "--out",
                folder.file("out").path)
        }
        let description = folder.file("package/pipeline.json")
        let text = try String(contentsOf: description, encoding: .utf8)
        try text.replacingOccurrences(of: "\"output\": \"heatmaps\"", with: "\"output\": \"maps\"")
            .write(to: description, atomically: true, encoding: .utf8)
        let unknown = try infer()
        #expect(unknown.status == 1 && unknown.errors.contains("network.output") && unknown.errors.contains("'maps'"))
        try text.write(to: description, atomically: true, encoding: .utf8)
        try Data("no network".utf8).write(to: folder.file("package/model.onnx"))
        let damaged = try infer()
        #expect(damaged.status == 1 && damaged.errors.contains("model.onnx"))
    }

    @Test("what no package can hold is said in one line and leaves nothing")
    func refused() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        let result = try pose(
            "export", model.config.path, "--checkpoint", model.checkpoint.path, "--out", folder.file("package").path,
            "--cfg-options", "test_dataloader.dataset.pipeline=[]")
        #expect(result.status == 1 && result.errors.contains("test_dataloader.dataset.pipeline"))
        #expect(!folder.contents.contains { $0.contains("package") })
    }
}
