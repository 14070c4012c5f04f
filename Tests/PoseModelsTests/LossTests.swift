import Foundation
import OrderedCollections
import PoseParity
import PyConfig
import Testing
import Torch

@testable import PoseModels

/// What a loss of the real MMPose gives; `Tools/oracle/loss_fixtures.py` explains the fields.
struct LossRecord: Decodable, Sendable, CustomTestStringConvertible {
    /// A number that JSON may have no way to write.
    struct Number: Decodable, Sendable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            value = try (try? container.decode(Double.self)) ?? Double(container.decode(String.self)) ?? .nan
        }
    }

    struct Input: Decodable, Sendable {
        let shape: [Int]
        let name: String?
        let range: [Double]?
        let set: [[Number]]?
        let values: [Number]?
        let whole: Bool?

        func tensor() throws -> Tensor {
            var numbers = values?.map(\.value) ?? []
            if let name, let range {
                numbers = FormulaWeights.uniform(name, shape.reduce(1, *)).map { range[0] + (range[1] - range[0]) * $0 }
                for pair in set ?? [] { numbers[Int(pair[0].value)] = pair[1].value }
            }
            return whole == true
                ? try Tensor(numbers.map { Int($0) }, shape: shape) : try Tensor(numbers.map(Float.init), shape: shape)
        }
    }

    struct Result: Decodable, Sendable {
        let name: String
        let shape: [Int]
        let values: [Number]
    }

    let name, loss: String
    let outputs, targets: [Input]
    let weights, mask, areas: Input?
    let part: String?
    let beta: Double?
    let iteration: Int?
    let results: [Result]
    let gradients: [[Number]?]
    let parameters: [String: Double]

    var testDescription: String { name }
}

private let records: [LossRecord] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/losses.jsonl")
    return (try? JSONLines.read(LossRecord.self, from: file)) ?? []
}()

@Suite struct LossTests {
    @Test("there are fixtures of every loss")
    func fixtures() throws {
        #expect(records.count == 186)
        let named = try records.map { try Config.parse("loss = \($0.loss)").arguments(at: "loss").type() }
        #expect(Set(named) == Set(Losses.table.keys))
    }

    @Test("a loss, and the gradients of its inputs and parameters, are MMPose's", arguments: records)
    func losses(record: LossRecord) throws {
        let store = ParameterStore()
        let loss = try Losses.build(at: store.root, Config.parse("loss = \(record.loss)").arguments(at: "loss"))
        try store.load(
            try store.parameters.map { parameter in
                let values = FormulaWeights.values(name: parameter.name, shape: parameter.shape)
                return (parameter.name, try Tensor(values, shape: parameter.shape))
            })
        let outputs = try record.outputs.map { try $0.tensor().requiresGrad_() }
        let results = try Self.results(of: loss, record, outputs)
        #expect(results.map(\.name) == record.results.map(\.name))
        for (result, expected) in zip(results, record.results) {
            #expect(result.value.shape == expected.shape, "\(result.name)")
            try Self.expectClose(result.value, expected.values, "\(result.name)")
        }
        if record.gradients.contains(where: { $0 != nil }) {
            let sums = try results.map { try $0.value.sum() }
            try sums.dropFirst().reduce(sums[0]) { try $0 + $1 }.backward()
        }
        for (index, expected) in record.gradients.enumerated() {
            // Where PyTorch leaves an input out, a gradient of zeros says the same.
            let wanted = expected ?? []
            let gradient = try outputs[index].grad
            if expected == nil {
                #expect(try gradient.map { try $0.abs().sum().item() } ?? 0 == 0, "gradient of output \(index)")
            } else {
                try Self.expectClose(#require(gradient), wanted, "gradient of output \(index)")
            }
        }
        for (name, expected) in record.parameters {
            let norm = try #require(try store[name]?.tensor.grad?.norm().item(), "\(name)")
            #expect(abs(norm - expected) <= 1e-5 * expected + 1e-9, "\(name): \(norm), \(expected)")
        }
    }

    /// Every number within 1e-5 of itself, or a millionth of the largest; what is not finite is the same.
    private static func expectClose(_ tensor: Tensor, _ expected: [LossRecord.Number], _ what: Comment) throws {
        let values = try tensor.detach().flatten().toArray(Float.self).map(Double.init)
        #expect(values.count == expected.count, what)
        let largest = expected.map { abs($0.value) }.filter(\.isFinite).max() ?? 0
        for (value, expected) in zip(values, expected.map(\.value)) {
            if expected.isFinite {
                #expect(
                    abs(value - expected) <= 1e-5 * abs(expected) + 1e-6 * largest, "\(what): \(value), \(expected)")
            } else {
                #expect(expected.isNaN ? value.isNaN : value == expected, "\(what): \(value), \(expected)")
            }
        }
    }

    /// Calls a loss with what a record has for its kind.
    private static func results(
        of loss: any Loss, _ record: LossRecord, _ outputs: [Tensor]
    ) throws -> [(name: String, value: Tensor)] {
        let targets = try record.targets.map { try $0.tensor() }
        let weights = try record.weights?.tensor()
        switch loss {
        case let loss as any MaskableLoss:
            return [("loss", try loss(outputs[0], targets[0], weights: weights, mask: record.mask?.tensor()))]
        case let loss as any TargetLoss: return [("loss", try loss(outputs[0], targets[0], weights: weights))]
        case let loss as any DistributionLoss: return [("loss", try loss(outputs, targets, weights: weights))]
        case let loss as OKSLoss:
            return [("loss", try loss(outputs[0], targets[0], weights: weights, areas: record.areas?.tensor()))]
        case let loss as RLELoss:
            return [("loss", try loss(outputs[0], deviation: outputs[1], targets[0], weights: weights))]
        case let loss as InfoNCELoss: return [("loss", try loss(outputs[0]))]
        case let loss as FeaLoss: return [("loss", try loss(student: outputs[0], teacher: targets[0]))]
        case let loss as KDLoss:
            return [("loss", try loss(student: outputs, teacher: targets, beta: #require(record.beta)))]
        case let loss as AssociativeEmbeddingLoss:
            let (pull, push) = try loss(outputs[0], targets)
            return [("pull", pull), ("push", push)]
        case let loss as MultipleLossWrapper:
            return try loss(outputs, targets, weights: weights).enumerated().map { ("loss\($0)", $1) }
        case let loss as CombinedLoss:
            let name = try #require(record.part)
            let part = try #require(loss.losses.elements.first { $0.key == name }?.value as? any TargetLoss)
            return [("loss", try part(outputs[0], targets[0], weights: weights))]
        case let loss as SemiSupervisionLoss:
            return try loss(
                labeledPose: outputs[0], unlabeledPose: outputs[1], unlabeledTrajectory: outputs[2], target: targets[0],
                intrinsics: targets[1], progress: TrainingProgress(iteration: record.iteration ?? 0)
            ).parts
        default:
            Issue.record("no way to call \(type(of: loss))")
            return []
        }
    }
}
