import Foundation
import Testing

@testable import PoseMetrics

/// COCO's and CrowdPose's numbers equal those of xtcocotools (Tools/oracle/coco_evaluation_fixtures.py).
struct CocoEvaluationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name, kind: String
        let sigmas, stats: [Double]
        let useArea: Bool
        let truth, results: Data

        var testDescription: String { name }
    }

    static let cases: [Case] = {
        guard let root = Fixture.object("coco_evaluation"), let list = root["cases"] as? [[String: Any]] else {
            return []
        }
        return list.compactMap { entry in
            guard let name = entry["name"] as? String, let kind = entry["kind"] as? String,
                let sigmas = entry["sigmas"] as? [Double], let stats = entry["stats"] as? [Double],
                let useArea = entry["use_area"] as? Bool, let truth = entry["gt"], let results = entry["results"],
                let truthData = try? JSONSerialization.data(withJSONObject: truth),
                let resultData = try? JSONSerialization.data(withJSONObject: results)
            else { return nil }
            return Case(
                name: name, kind: kind, sigmas: sigmas, stats: stats, useArea: useArea, truth: truthData,
                results: resultData)
        }
    }()

    @Test func thereAreCases() { #expect(Self.cases.count == 8) }

    @Test(arguments: cases) func numbersEqualXtcocotools(_ test: Case) throws {
        let folder = try TemporaryFolder()
        let evaluation = ResultFileEvaluation(
            kind: test.kind == "keypoints" ? .coco : .crowdPose, prefix: "x", sigmas: test.sigmas, sigmaSource: "test",
            useArea: test.useArea)
        let report = try evaluation(
            annotations: try folder.write(test.truth, "gt.json"),
            predictions: try folder.write(test.results, "results.json"))
        #expect(report.values.count == test.stats.count)
        for (value, expected) in zip(report.values, test.stats) {
            #expect(abs(value.value - expected) < 1e-9, "\(value.name)")
            #expect((value.value < 0) == (value.remark != nil), "\(value.name): -1 is explained, nothing else is")
        }
    }

    /// Files that cannot be evaluated are refused with the entry and field at fault.
    @Test(arguments: [
        (#"[{"image_id":1,"category_id":1,"keypoints":[1,2,3],"score":1}]"#, "keypoints: expected 6 numbers"),
        (#"[{"image_id":1,"category_id":1,"score":1}]"#, "results[0]: keypoints: is missing"),
        (#"[{"image_id":9,"category_id":1,"keypoints":[1,2,3,4,5,6],"score":1}]"#, "image 9"),
        (#"[{"image_id":1,"category_id":1,"keypoints":[1,NaN,3,4,5,6],"score":1}]"#, "not a finite number"),
        (#"[{"image_id":1,"category_id":1,"keypoints":[1,"a",3,4,5,6],"score":1}]"#, "the string 'a'"),
        (#"[{"image_id":1,"category_id":1,"keypoints":[1,2,3,4,5,6]}]"#, "score: is missing"),
        (#"{"annotations":[]}"#, "expected a list"),
        (#"[{"image_id":1"#, "truncated"),
    ]) func brokenResultsAreNamed(_ text: String, _ expected: String) throws {
        let folder = try TemporaryFolder()
        let truth = #"""
            {"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"id":1,"image_id":1,"category_id":1,
            "bbox":[0,0,9,9],"area":50,"keypoints":[1,2,2,3,4,2]}]}
            """#
        let evaluation = ResultFileEvaluation(kind: .coco, prefix: "coco", sigmas: [0.1, 0.1], sigmaSource: "test")
        let files = (try folder.write(Data(truth.utf8), "gt.json"), try folder.write(Data(text.utf8), "results.json"))
        let error = #expect(throws: (any Error).self) { try evaluation(annotations: files.0, predictions: files.1) }
        #expect("\(try #require(error))".contains(expected))
    }

    /// Without areas in the annotations the message says what to do.
    @Test func missingAreaIsExplained() throws {
        let folder = try TemporaryFolder()
        let truth = #"""
            {"images":[{"id":1}],"categories":[{"id":1}],
            "annotations":[{"id":7,"image_id":1,"category_id":1,"bbox":[0,0,9,9],"keypoints":[1,2,2]}]}
            """#
        let evaluation = ResultFileEvaluation(kind: .coco, prefix: "coco", sigmas: [0.1], sigmaSource: "test")
        let files = (try folder.write(Data(truth.utf8), "gt.json"), try folder.write(Data("[]".utf8), "results.json"))
        let error = #expect(throws: MetricError.self) { try evaluation(annotations: files.0, predictions: files.1) }
        #expect("\(try #require(error))".contains("annotation 7"))
    }
}
