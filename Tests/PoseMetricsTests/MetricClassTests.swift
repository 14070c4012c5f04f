import Foundation
import PoseCore
import PyConfig
import Testing

@testable import PoseMetrics

/// Every metric class gives MMPose's numbers, under its names and in its order, on random predictions
/// (Tools/oracle/metric_fixtures.py).
struct MetricClassTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Dataset: Decodable, Sendable {
            let dataset_name: String
            let num_keypoints: Int
            let sigmas: [Double]?
        }

        let config: Plain
        let dataset: Dataset
        let samples: String
        /// An annotation file that the dataset comes from.
        let annotations: String?
        let values: [String: Double]
        /// Numbers of parts, which MMPose computes and does not report.
        let details: [String: Double]?

        var testDescription: String {
            var config = config.config.dictValue ?? [:]
            config["ann_file"] = nil
            return ConfigValue.dict(config).python
        }
    }

    private struct File: Decodable {
        let files, videos: [String: Plain]
        let sets: [String: [Sample]]
        let cases: [Case]
    }

    private static let file: File? = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/metrics.json")
        return (try? Data(contentsOf: url)).flatMap { try? JSONDecoder().decode(File.self, from: $0) }
    }()

    static let cases = file?.cases ?? []

    @Test func thereAreCases() { #expect(Self.cases.count == 28) }

    /// The annotation files of the fixture, in a folder.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let file = try #require(Self.file)
        for (name, content) in file.files { _ = try folder.write(JSONEncoder().encode(content), name) }
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("val"), withIntermediateDirectories: true)
        for (name, content) in file.videos { _ = try folder.write(JSONEncoder().encode(content), "val/\(name)") }
        return folder
    }

    private func evaluator(_ test: Case, in folder: TemporaryFolder) throws -> Evaluator {
        var config = try #require(test.config.config.dictValue)
        if let name = config["ann_file"]?.stringValue {
            config["ann_file"] = .string(folder.url.appendingPathComponent(name).path)
        }
        var dataset = EvaluatedDataset(
            name: test.dataset.dataset_name, keypointCount: test.dataset.num_keypoints,
            sigmas: test.dataset.sigmas ?? [])
        dataset.annotationFiles = test.annotations.map { [folder.url.appendingPathComponent($0)] } ?? []
        let names = ["CocoDataset": "coco", "OneHand10KDataset": "onehand10k"]
        return try Evaluator(.dict(config), at: "test_evaluator", dataset: dataset) { arguments in
            EvaluatedDataset(name: names[try arguments.type()] ?? "")
        }
    }

    private func samples(_ test: Case) throws -> [EvaluatedSample] {
        try #require(Self.file?.sets[test.samples]).map { try $0.evaluated }
    }

    @Test(arguments: cases) func numbersEqualMMPose(_ test: Case) throws {
        let folder = try folder()
        let reports = try evaluator(test, in: folder)(samples(test))
        #expect(Set(reports.values.map(\.name)) == Set(test.values.keys))
        #expect(Set(reports.flatMap(\.details).map(\.name)) == Set((test.details ?? [:]).keys))
        for (name, expected) in test.values.merging(test.details ?? [:], uniquingKeysWith: { $1 }) {
            let value = try #require(reports[name])
            #expect(
                abs(value - expected) <= 1e-6 * max(abs(expected), 1), "\(name): \(value), MMPose has \(expected)")
        }
    }

    /// Samples that a loader of several processes gave twice count once, and their order does not matter.
    @Test func orderAndCopiesDoNotMatter() throws {
        let folder = try folder()
        let test = try #require(Self.cases.first)
        let evaluator = try evaluator(test, in: folder)
        let samples = try samples(test)
        let expected = try evaluator(samples).values
        #expect(try evaluator(samples + samples.prefix(3)).values == expected)
    }

    /// Result files hold what the metric compared: evaluated by themselves they give the same numbers.
    @Test(arguments: ["CocoMetric", "CocoWholeBodyMetric"]) func resultFilesGiveTheSameNumbers(_ type: String) throws {
        let folder = try folder()
        let test = try #require(Self.cases.first { $0.config.config["type"]?.stringValue == type })
        var config = try #require(test.config.config.dictValue)
        let annotations = folder.url.appendingPathComponent(try #require(config["ann_file"]?.stringValue))
        config["ann_file"] = .string(annotations.path)
        config["outfile_prefix"] = .string(folder.url.appendingPathComponent("out/mine").path)
        let dataset = EvaluatedDataset(
            name: "coco", keypointCount: test.dataset.num_keypoints, sigmas: test.dataset.sigmas ?? [])
        let report = try Metrics.make(Arguments(config, at: "test_evaluator"), dataset: dataset).report(samples(test))
        let evaluation = try #require(ResultFileEvaluation.named(type == "CocoMetric" ? "coco" : "wholebody"))
        let again = try evaluation(
            annotations: annotations, predictions: folder.url.appendingPathComponent("out/mine.keypoints.json"))
        #expect(again.values == report.values)
        #expect(again.details == report.details)
    }

    /// PoseTrack's result files are written one a video, as its evaluation reads them.
    @Test func videosAreWrittenApart() throws {
        let folder = try folder()
        let test = try #require(Self.cases.first { $0.config.config["type"]?.stringValue == "PoseTrack18Metric" })
        var config = try #require(test.config.config.dictValue)
        config["ann_file"] = .string(folder.url.appendingPathComponent("posetrack18_val.json").path)
        config["outfile_prefix"] = .string(folder.url.appendingPathComponent("out/results").path)
        config["format_only"] = .bool(true)
        let dataset = EvaluatedDataset(name: "posetrack18", keypointCount: 17, sigmas: test.dataset.sigmas ?? [])
        let report = try Metrics.make(Arguments(config, at: "e"), dataset: dataset).report(samples(test))
        #expect(report.values.isEmpty)
        for name in ["0_x.json", "1_x.json"] {
            let written = try JSONValue(contentsOf: folder.url.appendingPathComponent("out/\(name)"))
            #expect(written["images"]?.elements?.count == 5)
            #expect(written["annotations"]?.elements?.isEmpty == false)
        }
    }
}

/// A sample as MMPose's metrics get it.
private struct Sample: Decodable, Sendable {
    struct Predicted: Decodable, Sendable {
        let keypoints: Plain
        let keypoint_scores, bboxes, bbox_scores, hand_type: Plain?
        let rel_root_depth: Double?
    }

    struct Annotated: Decodable, Sendable {
        let keypoints, keypoints_visible, bboxes, bbox_scores, bbox_scales, head_size: Plain?
        let keypoints_cam, lifting_target, lifting_target_visible: Plain?
    }

    let id: Plain?
    let img_id, category_id: Int?
    let dataset_name: String?
    let target_img_path: [String]?
    let pred_instances: Predicted
    let gt_instances: Annotated
    let hand_type, hand_type_valid, abs_depth, focal, principal_pt: Plain?

    var evaluated: EvaluatedSample {
        get throws {
            let isLifted = gt_instances.lifting_target != nil
            let precision: RealPrecision = isLifted || hand_type != nil ? .double : .single
            var sample = EvaluatedSample(
                predicted: try pred_instances.keypoints.array(precision),
                annotated: try (gt_instances.lifting_target ?? gt_instances.keypoints ?? .list([])).array(precision),
                visible: try (gt_instances.lifting_target_visible ?? gt_instances.keypoints_visible ?? .list([]))
                    .array(.single))
            sample.scores = try pred_instances.keypoint_scores?.array(.single)
            sample.predictedBoxes = try pred_instances.bboxes?.array(.single)
            sample.predictedBoxScores = try pred_instances.bbox_scores?.array(.single)
            sample.boxes = try gt_instances.bboxes?.array(.single)
            sample.boxScores = try gt_instances.bbox_scores?.array(.single)
            sample.boxScales = try gt_instances.bbox_scales?.array(.single)
            sample.sizes["head_size"] = gt_instances.head_size?.numbers.first
            sample.ids = (id?.numbers ?? []).map { Int($0) }
            if case .list = id { sample.isWholeImage = true }
            sample.imageID = img_id
            sample.category = category_id
            sample.imagePath = target_img_path?.first
            sample.datasetName = dataset_name
            if let camera = gt_instances.keypoints_cam { sample.hands = try hands(camera) }
            return sample
        }
    }

    private func hands(_ camera: Plain) throws -> EvaluatedHands {
        func pair(_ value: Plain?) -> SIMD2<Double> {
            let numbers = value?.numbers ?? []
            return numbers.count == 2 ? SIMD2(numbers[0], numbers[1]) : .zero
        }
        return EvaluatedHands(
            predictedRootDepth: pred_instances.rel_root_depth ?? 0,
            predictedHands: (pred_instances.hand_type?.numbers ?? []).map { $0 != 0 },
            hands: (hand_type?.numbers ?? []).map { $0 != 0 },
            handsAreKnown: (hand_type_valid?.numbers ?? []).allSatisfy { $0 > 0 },
            cameraKeypoints: try camera.array(.double), rootDepths: pair(abs_depth), focalLength: pair(focal),
            principalPoint: pair(principal_pt))
    }
}

/// A value as JSON has it.
indirect enum Plain: Codable, Sendable {
    case bool(Bool)
    case integer(Int)
    case real(Double)
    case text(String)
    case list([Plain])
    case object([String: Plain])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let list = try? value.decode([Plain].self) {
            self = .list(list)
        } else if let object = try? value.decode([String: Plain].self) {
            self = .object(object)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let truth = try? value.decode(Bool.self) {
            self = .bool(truth)
        } else if let number = try? value.decode(Int.self) {
            self = .integer(number)
        } else {
            self = .real(try value.decode(Double.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .real(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    var config: ConfigValue {
        switch self {
        case .bool(let value): .bool(value)
        case .integer(let value): .int(value)
        case .real(let value): .float(value)
        case .text(let value): .string(value)
        case .list(let values): .list(values.map(\.config))
        case .object(let values): .dict(ConfigDict(pairs: values.map { (ConfigKey.string($0.key), $0.value.config) }))
        }
    }

    /// All numbers inside, in order.
    var numbers: [Double] {
        switch self {
        case .bool(let value): [value ? 1 : 0]
        case .integer(let value): [Double(value)]
        case .real(let value): [value]
        case .list(let values): values.flatMap(\.numbers)
        case .text, .object: []
        }
    }

    private var shape: [Int] {
        guard case .list(let values) = self else { return [] }
        return [values.count] + (values.first?.shape ?? [])
    }

    func array(_ precision: RealPrecision) throws -> RealArray {
        try RealArray(numbers, shape: shape, precision: precision)
    }
}
