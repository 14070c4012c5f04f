public import Foundation
public import PoseModels
public import Torch

/// Writes models as ONNX files.
public struct ONNXExport {
    /// Whether a file takes batches of any size.
    public enum Batch: Sendable, Hashable {
        /// Any number of images.
        case any
        /// Just this many.
        case fixed(Int)
    }

    /// Which outputs a file gives.
    public enum Outputs: Sendable, Hashable {
        /// All of the head's, as `pose model forward` does.
        case all
        /// What a codec decodes.
        case decodable
    }

    /// Sizes of the batches that a model is traced with, to learn what follows from them: neither 0 nor 1, which shapes
    /// may have for other reasons.
    static let tracedBatches = (2, 3)

    let graph: ONNXGraph
    /// Which batches the file takes.
    public let batch: Batch
    /// Why it does not take batches of any size, if they were wanted.
    public let limitation: String?

    /// Traces a model on inputs of one size and translates what it does.
    ///
    /// - Parameters:
    ///   - shape: of one input, without the batch: `(C, H, W)`, or what a lifter takes.
    ///   - batch: Where any is wanted but the model's steps depend on it, batches of one are what the file takes.
    /// - Throws: `TraceError` naming the operator that has no translation; what the model throws.
    public init(
        _ model: any PoseEstimator, shape: [Int], batch: Batch = .any, outputs: Outputs = .all
    ) throws {
        switch batch {
        case .fixed(let size):
            (graph, self.batch, limitation) = (try Self.graph(model, [size] + shape, outputs), batch, nil)
        case .any:
            do {
                let sizes = Self.tracedBatches
                let first = try Self.trace(model, [sizes.0] + shape, outputs)
                let second = try Self.trace(model, [sizes.1] + shape, outputs)
                graph = try Translations.graph(of: Trace(first, second, batches: sizes))
                (self.batch, limitation) = (.any, nil)
            } catch {
                graph = try Self.graph(model, [1] + shape, outputs)
                (self.batch, limitation) = (.fixed(1), "\(error)")
            }
        }
    }

    private static func graph(
        _ model: any PoseEstimator, _ shape: [Int], _ outputs: Outputs
    ) throws -> ONNXGraph {
        try Translations.graph(of: trace(model, shape, outputs))
    }

    private static func trace(_ model: any PoseEstimator, _ shape: [Int], _ outputs: Outputs) throws -> Trace {
        try inferenceMode {
            try Tracer.trace(Tensor.zeros(shape), store: model.store) { try outputs.of(model.forward($0)) }.trace
        }
    }

    /// Writes the model, and where its weights are larger than 1 GB a file of weights beside it; then reads it again and
    /// checks it.
    ///
    /// - Parameter metadata: what the file is to say about itself.
    /// - Throws: `ONNXFileError` for a model that cannot be said in ONNX after all; whoever asked for the file removes it.
    public func write(to url: URL, metadata: [(key: String, value: String)] = []) throws {
        try ONNXWriter(graph: graph, metadata: metadata).write(to: url)
        try ONNXFile(contentsOf: url).check()
    }
}

extension ONNXExport.Outputs {
    /// These outputs of a head.
    public func of(_ tensors: HeadTensors) throws -> [(name: String, tensor: Tensor)] {
        try self == .all ? tensors.named : tensors.decodable().named
    }
}
