public import Foundation
public import PoseCore
public import PoseExport
import PoseModels
public import PoseRuntime
import Torch

/// A model as an ONNX file that OpenVINO runs, checked against LibTorch.
public struct ExportedNetwork {
    /// Largest deviation from LibTorch's outputs that is accepted, as a part of their mean magnitude.
    static let tolerance = 2e-2
    /// One value in so many may deviate more. Deformable convolutions on noise have places where LibTorch's own outputs jump
    /// when the last bit of an input changes; a graph that is wrong is wrong in more places.
    static let valuesPerJump = 10_000

    /// The file.
    public let url: URL
    /// The sizes of batches that it takes; nil for all.
    public let batchSize: Int?
    /// Why it does not take all; nil when it does.
    public let limitation: String?
    /// Largest deviation from LibTorch on a test input, but for one value in ten thousand, as a part of the mean magnitude
    /// of the outputs.
    public let deviation: Double
    private let outputNames: [String]
    private let network: InferenceModel

    /// Exports a model to `url` and compares it with LibTorch on a seeded input.
    ///
    /// - Parameters:
    ///   - shape: of one input, without the batch.
    ///   - batchSize: the only size of batches the file has to take; nil for all sizes, where the model allows it.
    ///   - outputs: which of the model's outputs the file gives.
    ///   - metadata: what the file is to say about itself, beside config and model.
    /// - Throws: `TraceError` for a model that has no translation, `ExportMismatch` when the file computes something else,
    ///   and what writing and OpenVINO throw. Nothing is left at `url` then.
    public init(
        _ model: LoadedModel, shape: [Int], batchSize: Int? = nil, outputs: ONNXExport.Outputs = .all,
        metadata: [(key: String, value: String)] = [], to url: URL, options: InferenceOptions
    ) throws {
        let batch = batchSize.map(ONNXExport.Batch.fixed) ?? .any
        let export = try ONNXExport(model.estimator, shape: shape, batch: batch, outputs: outputs)
        self.url = url
        if case .fixed(let size) = export.batch { self.batchSize = size } else { self.batchSize = nil }
        limitation = export.limitation
        let own = [(key: "config", value: model.url.lastPathComponent), (key: "model", value: model.type)]
        do {
            try export.write(to: url, metadata: own + metadata)
            network = try InferenceEngine().load(contentsOf: url, options: options)
            (outputNames, deviation) = try Self.compare(network, model, [self.batchSize ?? 1] + shape, outputs)
        } catch {
            for file in [url, url.appendingPathExtension("data")] { try? FileManager.default.removeItem(at: file) }
            throw error
        }
    }

    /// Runs the network on a batch.
    ///
    /// - Returns: the outputs with the names the model gives them.
    /// - Throws: `OpenVINOError` when the network takes other shapes.
    public func forward(_ input: NDArray<Float>) throws -> [(name: String, array: NDArray<Float>)] {
        guard let batchSize, input.shape.first != batchSize else {
            return Array(zip(outputNames, try network([input])))
        }
        // One batch after another, of the size the file has.
        let parts = try input.batches(of: batchSize).map { try network([$0]) }
        return try outputNames.enumerated().map { index, name in (name, try NDArray(joining: parts.map { $0[index] })) }
    }

    private static func compare(
        _ network: InferenceModel, _ model: LoadedModel, _ shape: [Int], _ kind: ONNXExport.Outputs
    ) throws -> (names: [String], deviation: Double) {
        var generator = SeededGenerator(seed: 0)
        let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: -2...2, using: &generator) }
        let expected = try inferenceMode { try kind.of(model.estimator.forward(Tensor(values, shape: shape))) }
        let outputs = try network([NDArray(values, shape: shape)])
        guard outputs.count == expected.count else { throw ExportMismatch(output: "number", deviation: .infinity) }
        var worst = 0.0
        for ((name, tensor), output) in zip(expected, outputs) {
            guard tensor.shape == output.shape else { throw ExportMismatch(output: name, deviation: .infinity) }
            let deviation = deviation(of: output.elements, from: try tensor.to(.float32).toArray(Float.self))
            guard deviation <= tolerance else { throw ExportMismatch(output: name, deviation: deviation) }
            worst = max(worst, deviation)
        }
        return (expected.map(\.name), worst)
    }

    /// The largest difference over the mean magnitude, but for one value in `valuesPerJump`.
    private static func deviation(of values: [Float], from reference: [Float]) -> Double {
        let magnitude = reference.reduce(0) { $0 + Double(abs($1)) } / Double(max(1, reference.count))
        var largest = [Double](repeating: 0, count: reference.count / valuesPerJump + 1)
        for (value, expected) in zip(values, reference) {
            let difference = Double(abs(value - expected))
            guard difference == difference else { return .infinity }
            // The last of the list, which falls, is the smallest that counts.
            guard difference > largest[largest.count - 1] else { continue }
            largest[largest.count - 1] = difference
            largest.sort(by: >)
        }
        return largest[largest.count - 1] / max(magnitude, .leastNormalMagnitude)
    }
}

/// An exported model that computes something else than the model it was made from.
public struct ExportMismatch: Error, Sendable, CustomStringConvertible {
    /// The output that differs.
    let output: String
    let deviation: Double

    public var description: String {
        "the exported model's output \(output) differs from LibTorch's by \(deviation) of its mean magnitude: its steps"
            + " depend on the input, which a graph cannot say"
    }
}

extension NDArray where Element == Float {
    /// Consecutive parts along the first dimension.
    fileprivate func batches(of size: Int) throws -> [NDArray<Float>] {
        guard let count = shape.first, size > 0, count % size == 0 else {
            throw PipelineError(
                description: "the exported network takes batches of \(size), the input has \(shape.first ?? 0)")
        }
        let stride = elements.count / max(1, count) * size
        return try (0..<count / size).map { index in
            try NDArray(Array(elements[index * stride..<(index + 1) * stride]), shape: [size] + shape.dropFirst())
        }
    }

    fileprivate init(joining parts: [NDArray<Float>]) throws {
        let count = parts.reduce(0) { $0 + ($1.shape.first ?? 0) }
        try self.init(parts.flatMap(\.elements), shape: [count] + (parts.first?.shape.dropFirst() ?? []))
    }
}
