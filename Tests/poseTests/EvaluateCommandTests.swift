import Foundation
import Testing

@Suite struct EvaluateCommandTests {
    private let annotations = #"""
        {"images":[{"id":1}],"categories":[{"id":1,"name":"person"}],
        "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,90,90],"area":5000,"iscrowd":0,"num_keypoints":2,
        "keypoints":[10,20,2,30,40,2]}]}
        """#

    @Test("evaluate prints the numbers, writes them as JSON and explains those that cannot be measured")
    func numbers() throws {
        let folder = try TemporaryFolder()
        let truth = try folder.write(annotations, to: "gt.json")
        let results = try folder.write(
            #"[{"image_id":1,"category_id":1,"keypoints":[10,20,0.9,30,40,0.9],"score":0.8}]"#, to: "results.json")
        let json = folder.file("numbers.json")
        let result = try pose(
            "evaluate", "--metric", "coco", "--annotations", truth.path, "--predictions", results.path, "--sigmas",
            "0.05,0.05", "--json", json.path)
        #expect(result.status == 0)
        #expect(result.output.contains("sigmas"))
        #expect(result.output.contains("no annotation with visible keypoints"))
        let values = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: json)) as? [String: Double])
        #expect(abs(try #require(values["coco/AP"]) - 1) < 1e-9)
        #expect(abs(try #require(values["coco/AR (M)"]) - 1) < 1e-9)
        #expect(values["coco/AP (L)"] == -1)
        #expect(values.count == 10)
    }

    @Test(
        "evaluate refuses what it cannot use, in one line",
        arguments: [
            ("pck9000", "0.05,0.05", "--metric pck9000"), ("coco", "0.05,x", "'x' is no number"),
            ("coco", "0.05,0.05,0.05", "expected 9 numbers"), ("coco", "0,1", "above zero"),
        ])
    func refusals(metric: String, sigmas: String, message: String) throws {
        let folder = try TemporaryFolder()
        let truth = try folder.write(annotations, to: "gt.json")
        let results = try folder.write("[]", to: "results.json")
        let result = try pose(
            "evaluate", "--metric", metric, "--annotations", truth.path, "--predictions", results.path, "--sigmas",
            sigmas)
        #expect(result.status == 1)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test("evaluate names a file that is not there")
    func missing() throws {
        let result = try pose(
            "evaluate", "--metric", "coco", "--annotations", "/nowhere.json", "--predictions", "/nowhere.json")
        #expect(result.status == 1)
        #expect(result.errors.contains("/nowhere.json: no such file"))
    }
}
