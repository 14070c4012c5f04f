import Foundation
import PoseCore
import Testing

@Suite struct InferCommandTests {
    /// The people that a prediction file lists.
    private func people(_ url: URL) throws -> [[String: Any]] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
        return try #require(json?["people"] as? [[String: Any]])
    }

    @Test("the built-in model finds the portrait's person and writes picture and JSON by the schema")
    func builtIn() throws {
        let folder = try TemporaryFolder()
        let result = try pose("infer", Place.photo.path, "--out", folder.url.path)
        #expect(result.status == 0)
        #expect(folder.contents == ["predictions/astronaut.json", "visualizations/astronaut.png"])
        let prediction = try JSONDecoder().decode(
            Prediction.self, from: Data(contentsOf: folder.file("predictions/astronaut.json")))
        let person = try #require(prediction.people.first)
        let nose = person.keypoints.points[0]
        #expect(prediction.size == ImageSize(width: 512, height: 512))
        #expect(prediction.keypointNames.count == 33 && person.keypoints.count == 33)
        #expect(abs(nose.x - 219) < 15 && abs(nose.y - 130) < 15)
        #expect(person.confidence.allSatisfy { (0...1).contains($0) })
        let picture = try Image.decode(contentsOf: folder.file("visualizations/astronaut.png"))
        #expect(picture.size == prediction.size)
    }

    @Test("bad inputs are named and reported, the good one goes on, nothing half-written stays")
    func badInputs() throws {
        let folder = try TemporaryFolder()
        let photo = try Data(contentsOf: Place.photo)
        try photo.prefix(photo.count / 2).write(to: folder.file("cut off.png"))
        try Data("not an image".utf8).write(to: folder.file("ümlaut.jpg"))
        try Data().write(to: folder.file("empty.png"))
        try FileManager.default.createDirectory(at: folder.file("nothing"), withIntermediateDirectories: true)
        let out = folder.file("out")
        let result = try pose(
            "infer", folder.file("cut off.png").path, folder.file("ümlaut.jpg").path, folder.file("empty.png").path,
            folder.file("nothing").path, folder.file("absent.png").path, Place.photo.path, "--out", out.path,
            "--no-visualization")
        #expect(result.status == 1)
        for name in ["cut off.png", "ümlaut.jpg", "empty.png", "nothing", "absent.png"] {
            let lines = result.errors.split(separator: "\n").filter { $0.contains(name) }
            #expect(lines.count == 1, "one line names \(name)")
        }
        let written = try FileManager.default.contentsOfDirectory(
            atPath: out.appendingPathComponent("predictions").path)
        #expect(written == ["astronaut.json"])
    }

    @Test("a config's model runs on the user's boxes; a degenerate box is reported, the others go on")
    func boxes() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        let boxes = try folder.write(
            #"{"astronaut.png": [[100, 10, 400, 500], [50, 50, 50, 90], [600, 600, 700, 700], [0, 0, 200, 300]]}"#,
            to: "boxes.json")
        let out = folder.file("out")
        let result = try pose(
            "infer", Place.photo.path, "--config", model.config.path, "--checkpoint", model.checkpoint.path,
            "--boxes", boxes.path, "--out", out.path, "--batch-size", "1")
        #expect(result.status == 1)
        #expect(result.errors.contains("[1]") && result.errors.contains("[2]"))
        let people = try people(out.appendingPathComponent("predictions/astronaut.json"))
        #expect(people.count == 2)
        #expect(people.first?["bbox"] as? [Double] == [100, 10, 400, 500])
        #expect((people.first?["keypoints"] as? [[Double]])?.count == 17)
    }

    @Test("results do not depend on the batch size")
    func batchSize() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        let boxes = try folder.write("[[100, 10, 400, 500], [0, 0, 200, 300], [30, 60, 500, 300]]", to: "boxes.json")
        var results: [[[Double]]] = []
        for size in ["1", "3"] {
            let out = folder.file("out\(size)")
            let result = try pose(
                "infer", Place.photo.path, "--config", model.config.path, "--checkpoint", model.checkpoint.path,
                "--boxes", boxes.path, "--out", out.path, "--batch-size", size, "--no-visualization")
            #expect(result.status == 0)
            results.append(
                try people(out.appendingPathComponent("predictions/astronaut.json")).flatMap {
                    $0["keypoints"] as? [[Double]] ?? []
                })
        }
        #expect(results[0].count == 51)
        #expect(zip(results[0], results[1]).allSatisfy { abs($0[0] - $1[0]) < 0.01 && abs($0[1] - $1[1]) < 0.01 })
    }

    @Test("files of the same name in two folders keep apart")
    func sameNames() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        for name in ["a", "b"] {
            let target = folder.file("in/\(name)/photo.png")
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: Place.photo, to: target)
        }
        let out = folder.file("out")
        let result = try pose(
            "infer", folder.file("in").path, "--config", model.config.path, "--checkpoint", model.checkpoint.path,
            "--whole-image", "--out", out.path, "--no-visualization")
        #expect(result.status == 0)
        #expect(
            folder.contents.filter { $0.hasPrefix("out/") }
                == ["out/predictions/a/photo.json", "out/predictions/b/photo.json"])
    }

    @Test("photos of one folder that differ in their suffix keep it in the names of their results")
    func sameStems() throws {
        let folder = try TemporaryFolder()
        for name in ["photo.png", "photo.jpg", "other.png"] {
            try FileManager.default.copyItem(at: Place.photo, to: folder.file(name))
        }
        let result = try pose("infer", folder.url.path, "--out", folder.file("out").path, "--no-visualization")
        #expect(result.status == 0)
        #expect(
            folder.contents.filter { $0.hasSuffix(".json") } == [
                "out/predictions/other.json", "out/predictions/photo.jpg.json", "out/predictions/photo.png.json",
            ])
    }

    @Test("every format is written and says the same", arguments: ["coco", "csv", "openpose", "mmpose"])
    func formats(format: String) throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder)
        let result = try pose(
            "infer", Place.photo.path, "--config", model.config.path, "--checkpoint", model.checkpoint.path,
            "--whole-image", "--out", folder.file("out").path, "--format", format, "--no-visualization")
        #expect(result.status == 0)
        let names = [
            "coco": "results.json", "csv": "astronaut.csv", "openpose": "astronaut_keypoints.json",
            "mmpose": "astronaut.json",
        ]
        let url = folder.file("out/predictions/" + (try #require(names[format])))
        let data = try Data(contentsOf: url)
        if format == "csv" {
            #expect(String(decoding: data, as: UTF8.self).split(separator: "\n").count == 18)
            return
        }
        let json = try JSONSerialization.jsonObject(with: data)
        let list = json as? [[String: Any]] ?? (json as? [String: Any])?["people"] as? [[String: Any]]
        let person = try #require(list?.first)
        let flat = person["keypoints"] as? [Double] ?? person["pose_keypoints_2d"] as? [Double]
        let rows = person["keypoints"] as? [[Double]]
        #expect(flat?.count == 51 || rows?.count == 17)
    }

    @Test("a checkpoint that does not fit, a hostile one and a missing one end in one message and status 1")
    func badCheckpoints() throws {
        let folder = try TemporaryFolder()
        let model = try SmallModel(in: folder, leavingOut: ["backbone.conv1.weight"])
        try Data("cos\nsystem\n(S'true'\ntR.".utf8).write(to: folder.file("hostile.pth"))
        for (file, word) in [
            (model.checkpoint, "backbone.conv1.weight"), (folder.file("hostile.pth"), "os.system"),
            (folder.file("absent.pth"), "absent.pth"),
        ] {
            let out = folder.file("out")
            let result = try pose(
                "infer", Place.photo.path, "--config", model.config.path, "--checkpoint", file.path, "--whole-image",
                "--out", out.path)
            #expect(result.status == 1)
            #expect(result.errors.contains(word))
            #expect(!FileManager.default.fileExists(atPath: out.path))
        }
    }

    @Test("contradicting options are a usage error")
    func usage() throws {
        #expect(try pose("infer", "x.png", "--config", "c.py").status == 2)
        #expect(try pose("infer", "x.png", "--whole-image", "--boxes", "b.json").status == 2)
        #expect(try pose("infer").status == 2)
    }
}
