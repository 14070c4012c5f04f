import Foundation
import PoseCore
import PoseRuntime
import Testing
import Torch

@testable import PoseExport

/// OpenVINO, given the translated file, computes what LibTorch computes. One operator of the zoo a case.
@Suite struct TranslationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let shape: [Int]
        let body: @Sendable (Tensor) throws -> Tensor

        init(_ name: String, _ shape: [Int] = [6, 5, 4], _ body: @escaping @Sendable (Tensor) throws -> Tensor) {
            (testDescription, self.shape, self.body) = (name, shape, body)
        }
    }

    static let cases: [Case] = [
        Case("softmax") { try $0.softmax(dim: 1) }, Case("gelu") { try $0.gelu() }, Case("silu") { try $0.silu() },
        Case("hardswish") { try $0.hardswish() }, Case("hardsigmoid") { try $0.hardsigmoid() },
        Case("leaky relu") { try $0.leakyRelu(negativeSlope: 0.1) }, Case("square") { try $0.square() },
        Case("clamp") { try $0.clamp(min: -0.5, max: 0.25) }, Case("clamp below") { try $0.clamp(max: 0.25) },
        Case("norm") { try $0.norm(dims: [-1], keepDim: true) }, Case("sum") { try $0.sum(dims: [0, 2]) },
        Case("mean") { try $0.mean(dims: [1], keepDim: true) },
        Case("permute") { try $0.permute([2, 0, 1]) }, Case("transpose") { try $0.transpose(1, 2) },
        Case("reshape") { try $0.reshape([$0.shape[0], 20]) }, Case("flip") { try $0.flip([1, 2]) },
        Case("roll") { try $0.roll([2, -1], dims: [1, 2]) },
        Case("narrow") { try $0.narrow(dim: 1, start: 2, length: 3) },
        Case("select") { try $0.select(dim: 2, index: -1) }, Case("chunk") { try $0.chunk(2, dim: 2)[1] },
        Case("take along a dimension, repeated across") {
            try $0.takeAlong(dim: 1, index: $0.amax(dim: 2, keepDim: true).topk(2, dim: 1).indices)
        },
        Case("attention behind a mask of truth values", [2, 3, 4, 8]) { x in
            let mask = try Tensor([1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1], shape: [4, 4]).gt(0)
            return try Tensor.scaledDotProductAttention(query: x, key: x * 2, value: x + 1, mask: mask)
        },
        Case("split") { try $0.split([1, 3], dim: 2)[1] }, Case("unbind") { try $0.unbind(dim: 1)[3] },
        Case("cat") { try Tensor.cat([$0, $0 * 2], dim: 1) }, Case("stack") { try Tensor.stack([$0, $0 + 1], dim: 1) },
        Case("expand") { try $0.unsqueeze(1).expand([$0.shape[0], 3, 5, 4]) },
        Case("compare and choose") { try Tensor.where($0.gt(0), $0, $0 * 3) },
        Case("reflecting pad", [1, 2, 5, 6]) { try $0.pad([1, 2, 0, 3], mode: .reflect) },
        Case("convolution", [2, 4, 9, 8]) { x in
            try x.conv2d(numbers([6, 2, 3, 3]), bias: numbers([6]), stride: [2, 1], padding: [1, 2], groups: 2)
        },
        Case("max pooling, rounded up", [2, 3, 8, 7]) {
            try $0.maxPool2d(kernel: [3, 3], stride: [2, 2], padding: [1, 1], ceilMode: true)
        },
        Case("average pooling, rounded up", [2, 3, 8, 7]) {
            try $0.avgPool2d(kernel: [2, 2], stride: [2, 2], ceilMode: true, countIncludePad: false)
        },
        Case("average pooling with padding", [2, 3, 8, 7]) {
            try $0.avgPool2d(kernel: [3, 3], stride: [2, 2], padding: [1, 1])
        },
        Case("pooling to one", [2, 3, 8, 7]) { try $0.adaptiveAvgPool2d([1, 1]) },
        Case("pooling to unequal windows", [2, 3, 8, 7]) { try $0.adaptiveAvgPool2d([3, 4]) },
        Case("bilinear", [2, 3, 5, 4]) { try $0.interpolate(size: [10, 6], mode: .bilinear(alignCorners: false)) },
        Case("bilinear, aligned", [2, 3, 5, 4]) {
            try $0.interpolate(size: [10, 6], mode: .bilinear(alignCorners: true))
        },
        Case("nearest", [2, 3, 5, 4]) { try $0.interpolate(size: [11, 6], mode: .nearest) },
        Case("pixel shuffle", [2, 8, 3, 2]) { try $0.pixelShuffle(2) },
    ]

    /// The same numbers for the same shape in every run.
    static func numbers(_ shape: [Int]) throws -> Tensor {
        var generator = SeededGenerator(seed: 7)
        let count = shape.reduce(1, *)
        return try Tensor((0..<count).map { _ in Float.random(in: -1...1, using: &generator) }, shape: shape)
    }

    static let engine = Result { try InferenceEngine() }

    @Test(arguments: cases) func agreesWithLibTorch(_ test: Case) throws {
        let input = try Self.numbers(test.shape)
        let run = try inferenceMode {
            try Tracer.trace(input, store: ParameterStore()) { [("0", try test.body($0))] }
        }
        let output = try Self.run(Translations.graph(of: run.trace), on: input)
        let expected = run.outputs[0].tensor
        #expect(output.shape == expected.shape)
        for (a, b) in zip(try expected.toArray(Float.self), output.elements) { #expect(abs(a - b) < 1e-5) }
    }

    @Test func followsTheBatchSize() throws {
        let model: (Tensor) throws -> [(name: String, tensor: Tensor)] = { x in
            let batch = x.shape[0]
            let token = try Self.numbers([1, 1, 4]).expand([batch, 1, 4])
            let joined = try Tensor.cat([token, x], dim: 1)
            return [("0", try joined.reshape([batch * 2, 3, 4]).softmax(dim: -1))]
        }
        let traces = try [2, 3].map { batch in
            try inferenceMode { try Tracer.trace(Self.numbers([batch, 5, 4]), store: ParameterStore(), model).trace }
        }
        let graph = try Translations.graph(of: Trace(traces[0], traces[1], batches: (2, 3)))
        let input = try Self.numbers([7, 5, 4])
        let output = try Self.run(graph, on: input)
        let expected = try model(input)[0].tensor
        #expect(output.shape == [14, 3, 4])
        for (a, b) in zip(try expected.toArray(Float.self), output.elements) { #expect(abs(a - b) < 1e-5) }
    }

    @Test func namesWhatCannotBeTranslated() throws {
        let trace = try Tracer.trace(Self.numbers([4, 4]), store: ParameterStore()) {
            [("0", try $0.inverse())]
        }.trace
        let error = #expect(throws: TraceError.self) { try Translations.graph(of: trace) }
        #expect(error?.description == "aten::linalg_inv has no translation to ONNX")
    }

    @Test func refusesChangesInPlace() throws {
        let trace = try Tracer.trace(Self.numbers([4, 4]), store: ParameterStore()) { [("0", try ($0 + 1).relu_())] }
            .trace
        let error = #expect(throws: TraceError.self) { try Translations.graph(of: trace) }
        #expect(error?.description.contains("aten::relu_ changes a tensor in place") == true)
    }

    /// Writes the graph, has OpenVINO read it, and runs it.
    private static func run(_ graph: ONNXGraph, on input: Tensor) throws -> NDArray<Float> {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).onnx")
        defer { try? FileManager.default.removeItem(at: url) }
        try ONNXWriter(graph: graph, metadata: [("made", "by a test")]).write(to: url)
        try ONNXFile(contentsOf: url).check()
        let network = try engine.get().load(contentsOf: url, options: InferenceOptions(precision: .float32))
        return try network([NDArray(input.toArray(Float.self), shape: input.shape)])[0]
    }
}
