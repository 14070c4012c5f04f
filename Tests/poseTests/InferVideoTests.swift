import Foundation
import PoseCore
import Testing

@Suite("pose infer on videos") struct InferVideoTests {
    /// The portrait as a clip: three frames at ten a second.
    private func clip(_ url: URL) throws {
        let photo = try Image.decode(contentsOf: Place.photo)
        let writer = try VideoWriter(url, size: photo.size, framesPerSecond: 10, codec: "MJPG")
        for _ in 0..<3 { try writer.write(photo) }
        writer.finish()
    }

    private func infer(_ folder: TemporaryFolder, _ input: URL, _ format: String) throws -> CommandResult {
        let model = try SmallModel(in: folder)
        return try pose(
            "infer", input.path, "--config", model.config.path, "--checkpoint", model.checkpoint.path,
            "--whole-image", "--out", folder.file("out").path, "--format", format)
    }

    @Test("a folder with a photo and a video gives a file each, every frame with its number and time")
    func mixedFolder() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "in/notes.txt")
        try FileManager.default.copyItem(at: Place.photo, to: folder.file("in/photo.png"))
        try clip(folder.file("in/clip.avi"))
        let result = try infer(folder, folder.file("in"), "json")
        #expect(result.status == 0)
        #expect(
            folder.contents.filter { $0.hasPrefix("out/") } == [
                "out/predictions/clip.json", "out/predictions/photo.json", "out/visualizations/clip.mp4",
                "out/visualizations/photo.png",
            ])
        let data = try Data(contentsOf: folder.file("out/predictions/clip.json"))
        let video = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let frames = try #require(video["frames"] as? [[String: Any]])
        #expect(video["frame_count"] as? Int == 3 && video["frames_per_second"] as? Double == 10)
        #expect(frames.map { $0["index"] as? Int } == [0, 1, 2])
        for (frame, time) in zip(frames, [0, 0.1, 0.2]) {
            #expect(abs(try #require(frame["time"] as? Double) - time) < 1e-6)
            let people = try #require(frame["people"] as? [[String: Any]])
            #expect((people.first?["keypoints"] as? [[Double]])?.count == 17)
        }
        let picture = try VideoReader(folder.file("out/visualizations/clip.mp4"))
        #expect(picture.frameCount == 3 && picture.size == ImageSize(width: 512, height: 512))
    }

    @Test("the other formats hold every frame", arguments: ["mmpose", "csv", "openpose", "coco"])
    func formats(format: String) throws {
        let folder = try TemporaryFolder()
        try clip(folder.file("clip.avi"))
        #expect(try infer(folder, folder.file("clip.avi"), format).status == 0)
        func text(_ name: String) throws -> String {
            try String(contentsOf: folder.file("out/predictions/" + name), encoding: .utf8)
        }
        func list(_ name: String) throws -> [[String: Any]] {
            try #require(try JSONSerialization.jsonObject(with: Data(text(name).utf8)) as? [[String: Any]])
        }
        switch format {
        case "mmpose": #expect(try list("clip.json").map { $0["frame_id"] as? Int } == [0, 1, 2])
        case "coco": #expect(try list("results.json").map { $0["frame_id"] as? Int } == [0, 1, 2])
        case "csv": #expect(try text("clip.csv").split(separator: "\n").count == 1 + 3 * 17)
        default: #expect(try text("clip/clip_000000000002_keypoints.json").contains("pose_keypoints_2d"))
        }
    }

    @Test("a cut-off video and one that is none end in one line each and leave nothing")
    func broken() throws {
        let folder = try TemporaryFolder()
        try clip(folder.file("whole.avi"))
        let bytes = try Data(contentsOf: folder.file("whole.avi"))
        try FileManager.default.createDirectory(at: folder.file("in"), withIntermediateDirectories: true)
        try bytes.prefix(bytes.count / 2).write(to: folder.file("in/cut.avi"))
        try Data("no video".utf8).write(to: folder.file("in/text.mp4"))
        let result = try infer(folder, folder.file("in"), "json")
        #expect(result.status == 1)
        let errors = result.errors.split(separator: "\n").filter { $0.contains("error") }
        #expect(errors.count == 2 && errors[0].contains("cut.avi") && errors[1].contains("text.mp4"))
        #expect(folder.contents.filter { $0.hasPrefix("out/") }.isEmpty)
    }

    @Test("damage in the middle is reported, the frames before it are kept")
    func damaged() throws {
        let folder = try TemporaryFolder()
        try clip(folder.file("clip.avi"))
        var bytes = try Data(contentsOf: folder.file("clip.avi"))
        // In the list "movi" frames are chunks named "00dc" that hold a JPEG each.
        let name = Data("00dc".utf8)
        let list = try #require(bytes.range(of: Data("movi".utf8)))
        let first = try #require(bytes.range(of: name, in: list.upperBound..<bytes.endIndex))
        let second = try #require(bytes.range(of: name, in: first.upperBound..<bytes.endIndex))
        let third = try #require(bytes.range(of: name, in: second.upperBound..<bytes.endIndex))
        let content = second.upperBound + 4..<third.lowerBound
        bytes.replaceSubrange(content, with: Data(count: content.count))
        try bytes.write(to: folder.file("clip.avi"))
        let result = try infer(folder, folder.file("clip.avi"), "json")
        #expect(result.status == 1)
        #expect(result.errors.contains("clip.avi: 2 of 3 frames cannot be read"))
        let data = try Data(contentsOf: folder.file("out/predictions/clip.json"))
        let video = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect((video["frames"] as? [Any])?.count == 1)
    }
}
