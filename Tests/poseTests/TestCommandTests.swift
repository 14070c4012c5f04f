import Foundation
import Testing

/// `pose test` on a small model, alone and as several processes (Tools/oracle/test_loop_fixtures.py).
@Suite struct TestCommandTests {
    struct Case: Decodable, Sendable {
        let evaluator: String
        let detections: Bool
        let values: [String: Double]
    }

    private struct File: Decodable {
        let cases: [Case]
    }

    private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/test_loop.json")

    static let cases: [Case] = {
        guard let data = try? Data(contentsOf: fixture), let file = try? JSONDecoder().decode(File.self, from: data)
        else { return [] }
        return file.cases
    }()

    /// The small model with the photo and its annotations as test data.
    private struct Setting {
        let folder: TemporaryFolder
        let model: SmallModel

        init(_ test: Case? = nil) throws {
            folder = try TemporaryFolder()
            model = try SmallModel(in: folder)
            let fixture = try #require(
                JSONSerialization.jsonObject(with: Data(contentsOf: TestCommandTests.fixture)) as? [String: Any])
            for name in ["truth", "detections"] {
                try JSONSerialization.data(withJSONObject: #require(fixture[name]))
                    .write(to: folder.file("\(name).json"))
            }
            try FileManager.default.copyItem(at: Place.photo, to: folder.file("astronaut.png"))
            let test = try test ?? #require(TestCommandTests.cases.first)
            let place = folder.url.path
            let boxes = test.detections ? ", bbox_file='\(place)/detections.json'" : ""
            let data = """
                test_dataloader = dict(batch_size=2, dataset=dict(type='CocoDataset', data_root='\(place)',
                ann_file='truth.json', data_prefix=dict(img=''), test_mode=True\(boxes),
                """
            let evaluator = test.evaluator.replacingOccurrences(of: "'truth.json'", with: "'\(place)/truth.json'")
            let text = SmallModel.text.replacingOccurrences(
                of: "test_dataloader = dict(dataset=dict(type='CocoDataset',", with: data)
            try folder.write("\(text)\ntest_evaluator = \(evaluator)\n", to: "small.py")
        }

        func numbers(_ name: String = "numbers.json") throws -> [String: Double] {
            let json = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.file(name)))
            return try #require(json as? [String: Double])
        }
    }

    @Test func thereAreCases() { #expect(Self.cases.count == 4) }

    @Test("test gives the numbers of MMPose's test loop", arguments: cases)
    func numbers(_ test: Case) throws {
        let setting = try Setting(test)
        let result = try pose(
            "test", setting.model.config.path, setting.model.checkpoint.path, "--json",
            setting.folder.file("numbers.json").path)
        #expect(result.status == 0, "\(result.errors)")
        let numbers = try setting.numbers()
        #expect(Set(numbers.keys) == Set(test.values.keys))
        for (name, expected) in test.values {
            let value = try #require(numbers[name])
            #expect(abs(value - expected) <= 1e-5 * max(abs(expected), 1), "\(name): \(value), MMPose has \(expected)")
        }
        guard test.evaluator.contains("CocoMetric") else { return }
        #expect(result.output.contains(test.detections ? "detections of" : "annotated"))
        #expect(result.output.contains("coco, 17 keypoints"))
    }

    @Test("two processes give the numbers and predictions of one")
    func severalProcesses() throws {
        let setting = try Setting()
        func run(_ before: [String], _ name: String) throws -> (numbers: [String: Double], dump: Data) {
            let dump = setting.folder.file("\(name)_dump.json")
            let arguments =
                before + [
                    "test", setting.model.config.path, setting.model.checkpoint.path, "--json",
                    setting.folder.file(name).path, "--dump", dump.path,
                ]
            let result = try pose(arguments)
            #expect(result.status == 0, "\(result.errors)")
            return (try setting.numbers(name), try Data(contentsOf: dump))
        }
        let alone = try run([], "alone.json")
        let together = try run(["launch", "-n", "2", "--"], "together.json")
        #expect(alone.numbers == together.numbers)
        // Batches hold other samples, which is in the last bits.
        let (first, second) = (try Self.keypoints(alone.dump), try Self.keypoints(together.dump))
        #expect(first.count == 7 && second.count == 7)
        for (a, b) in zip(first.joined(), second.joined()) { #expect(abs(a - b) < 1e-3) }
    }

    /// Of every sample, in the order of the file.
    private static func keypoints(_ dump: Data) throws -> [[Double]] {
        struct Dump: Decodable {
            struct Sample: Decodable {
                struct Instances: Decodable {
                    let keypoints: [[[Double]]]
                }

                let index: Int
                let pred_instances: Instances
            }

            let samples: [Sample]
        }
        let samples = try JSONDecoder().decode(Dump.self, from: dump).samples
        #expect(samples.map(\.index) == Array(samples.indices))
        return samples.map { $0.pred_instances.keypoints.flatMap { $0.flatMap { $0 } } }
    }

    @Test(
        "test says what is missing or does not fit in one line, before the first batch",
        arguments: [
            ("model.head.out_channels=5", "5 keypoints"),
            ("test_dataloader.dataset.ann_file=nowhere.json", "nowhere.json"),
            ("test_dataloader.dataset.data_prefix.img=elsewhere", "1 pictures are missing"),
            ("test_evaluator=None", "test_evaluator"),
            ("test_evaluator.ann_file=/nowhere.json", "/nowhere.json"),
            ("test_evaluator.score_mode=best", "'best'"),
            ("test_evaluator.type=MpiiPCKAccuracy", "ann_file"),
        ])
    func refusals(override: String, message: String) throws {
        let setting = try Setting()
        let result = try pose(
            "test", setting.model.config.path, setting.model.checkpoint.path, "--allow-partial", "--cfg-options",
            override)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        let errors = result.errors.split(separator: "\n").filter { $0.contains("error") }
        #expect(errors.count == 1)
        #expect(errors.first?.contains(message) == true, "\(result.errors)")
        #expect(!result.errors.contains("samples"))
    }

    @Test("a process that fails ends the others, and launch says which it was")
    func failures() throws {
        let result = try pose("launch", "-n", "2", "--", "test", "/nowhere/c.py", "/nowhere/w.pth")
        #expect(result.status == 1)
        #expect(result.errors.contains("the other processes were stopped"))
        #expect(try pose("launch", "-n", "0", "--", "test").status == 2)
    }

    @Test("sigmas of repeated annotation are printed for a metainfo and read by evaluate")
    func sigmas() throws {
        let folder = try TemporaryFolder()
        func file(_ offsets: [Double], _ name: String) throws -> String {
            let annotations = offsets.enumerated().map { index, offset in
                """
                {"id":\(index),"image_id":1,"category_id":1,"area":10000,"bbox":[0,0,100,100],"iscrowd":0,
                "keypoints":[\(50 + offset),50,2,20,\(20 + 2 * offset),2]}
                """
            }
            return try folder.write(
                """
                {"images":[{"id":1}],"categories":[{"id":1,"name":"x","keypoints":["a","b"]}],
                "annotations":[\(annotations.joined(separator: ","))]}
                """, to: name
            ).path
        }
        let files = try [file([0, 0], "a.json"), file([2, -2], "b.json")]
        let json = folder.file("sigmas.json")
        let result = try pose("dataset", "sigmas", files[0], files[1], "--json", json.path)
        #expect(result.status == 0, "\(result.errors)")
        // Two annotations 2 pixels apart: a variance of 2 square pixels of 10,000.
        #expect(result.output == "sigmas=[0.01414, 0.02828]\n")
        #expect(try JSONDecoder().decode([Double].self, from: Data(contentsOf: json)) == [0.01414, 0.02828])
        #expect(try pose("dataset", "sigmas", files[0]).status == 2)
    }
}
