import Foundation
import PoseCore
import PyConfig
import Testing

@testable import PoseMetrics

/// PCK in its variants, AUC, EPE and NME equal MMPose's (Tools/oracle/keypoint_metric_fixtures.py), joints that are never
/// visible included.
struct KeypointMetricTests {
    private struct File: Decodable {
        let cases: [Case]
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Sample: Decodable, Sendable {
            let predicted, annotated: [[[Double]]]
            let visible, box: [[Double]]
            let head_size, box_size: Double
        }

        let type, dataset: String
        let arguments: [String: Argument]
        let values: [String: Double]
        let samples: [Sample]

        var testDescription: String { "\(type) \(arguments)" }
    }

    /// A value of a config as JSON has it.
    enum Argument: Decodable, Sendable {
        case number(Double)
        case text(String)
        case numbers([Int])
        case texts([String])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let numbers = try? value.decode([Int].self) {
                self = .numbers(numbers)
            } else {
                self = .texts(try value.decode([String].self))
            }
        }

        var config: ConfigValue {
            switch self {
            case .number(let value): Int(exactly: value).map(ConfigValue.int) ?? .float(value)
            case .text(let value): .string(value)
            case .numbers(let values): .list(values.map(ConfigValue.int))
            case .texts(let values): .list(values.map(ConfigValue.string))
            }
        }
    }

    static let cases: [Case] = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/keypoint_metrics.json")
        guard let data = try? Data(contentsOf: url), let file = try? JSONDecoder().decode(File.self, from: data) else {
            return []
        }
        return file.cases
    }()

    @Test func thereAreCases() { #expect(Self.cases.count == 11) }

    @Test(arguments: cases) func numbersEqualMMPose(_ test: Case) throws {
        let samples = try test.samples.map { sample in
            func array(_ values: [[[Double]]]) throws -> RealArray {
                try RealArray(
                    values.flatMap { $0.flatMap { $0 } }, shape: [values.count, values[0].count, values[0][0].count])
            }
            var result = EvaluatedSample(
                predicted: try array(sample.predicted), annotated: try array(sample.annotated),
                visible: try RealArray(sample.visible.flatMap { $0 }, shape: [1, sample.visible[0].count]))
            result.boxes = try RealArray(sample.box.flatMap { $0 }, shape: [1, 4])
            result.sizes = ["head_size": sample.head_size, "box_size": sample.box_size]
            return result
        }
        var dictionary = ConfigDict()
        dictionary["type"] = .string(test.type)
        for (name, value) in test.arguments { dictionary[name] = value.config }
        let metric = try Metrics.make(
            Arguments(dictionary, at: "test_evaluator"), dataset: EvaluatedDataset(name: test.dataset))
        let report = try metric.report(samples)
        #expect(Set(report.values.map(\.name)) == Set(test.values.keys))
        for (name, expected) in test.values {
            let value = try #require(report[name])
            #expect(abs(value - expected) <= 1e-6 * max(abs(expected), 1), "\(name): \(value), MMPose has \(expected)")
        }
    }

    /// A misspelt argument, an unknown metric and a size the dataset lacks are named.
    @Test func mistakesAreNamed() throws {
        func make(_ entries: [(String, ConfigValue)]) throws -> any Metric {
            var dictionary = ConfigDict()
            for (name, value) in entries { dictionary[name] = value }
            return try Metrics.make(
                Arguments(dictionary, at: "test_evaluator"), dataset: EvaluatedDataset(name: "coco"))
        }
        for entries: [(String, ConfigValue)] in [
            [("type", .string("PCKAccuracy")), ("thrr", .float(0.1))], [("type", .string("PCK"))],
            [("type", .string("NME")), ("norm_mode", .string("keypoint_distance"))],
            [("type", .string("PCKAccuracy")), ("norm_item", .string("hand"))],
        ] {
            #expect(throws: ConfigError.self) { try make(entries) }
        }
        let points = try RealArray(repeating: 1, shape: [1, 3, 2])
        let sample = EvaluatedSample(
            predicted: points, annotated: points, visible: try RealArray(repeating: 1, shape: [1, 3]))
        let metric = try make([("type", .string("PCKAccuracy")), ("norm_item", .string("head"))])
        #expect(throws: MetricError.self) { try metric.report([sample]) }
        #expect(throws: MetricError.empty(metric: "PCKAccuracy")) { try metric.report([]) }
    }
}
