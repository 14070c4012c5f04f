import Foundation
import PoseCore
import Testing
import Torch

@testable import PoseExport

/// Our own reader takes what we write, and refuses what is broken, by name and without stopping the process.
struct ONNXFileTests {
    /// `y = input · weight + bias`, and whether its parts are positive.
    static func graph() throws -> ONNXGraph {
        var graph = ONNXGraph()
        graph.inputs = [.init(name: "input", dtype: .float32, shape: [nil, 3])]
        graph.initializers = [
            .init(name: "weight", tensor: try Tensor([Float](repeating: 0.5, count: 6), shape: [3, 2])),
            .init(name: "bias", tensor: try Tensor([Float(1), 2], shape: [2])),
            .init(name: "axes", tensor: try Tensor([Int64(1)], shape: [1])),
        ]
        graph.nodes = [
            node("MatMul", ["input", "weight"], ["product"]), node("Add", ["product", "bias"], ["sum"]),
            node("Softmax", ["sum"], ["y"], [("axis", .int(1))]), node("Greater", ["sum", "bias"], ["positive"]),
            node("Cast", ["positive"], ["z"], [("to", .int(1))]),
        ]
        graph.outputs = ["y", "z"].map { .init(name: $0, dtype: .float32, shape: [nil, 2]) }
        return graph
    }

    static func node(
        _ operation: String, _ inputs: [String], _ outputs: [String],
        _ attributes: [(name: String, value: ONNXGraph.Attribute)] = []
    ) -> ONNXGraph.Node {
        .init(operation: operation, name: "the_\(operation)", inputs: inputs, outputs: outputs, attributes: attributes)
    }

    /// Writes a graph to a folder that is removed afterwards.
    func withFile<R>(
        _ graph: ONNXGraph, largestInline: Int = 1 << 30, _ body: (URL) throws -> R
    ) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("onnx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("model.onnx")
        var writer = ONNXWriter(graph: graph, metadata: [("config", "a.py"), ("hash", "ü")])
        writer.largestInline = largestInline
        try writer.write(to: url)
        return try body(url)
    }

    @Test("A file says again what the graph said")
    func roundTrip() throws {
        let graph = try Self.graph()
        try withFile(graph) { url in
            let file = try ONNXFile(contentsOf: url)
            try file.check()
            #expect(file.metadata == ["config": "a.py", "hash": "ü"])
            #expect(file.inputs.map(\.name) == ["input"])
            #expect(file.inputs.map(\.shape) == [[nil, 3]])
            #expect(file.outputs.map(\.name) == ["y", "z"])
            #expect(file.nodes.map(\.operation) == graph.nodes.map(\.operation))
            #expect(file.initializers.map(\.shape) == [[3, 2], [2], [1]])
            let data = try Data(contentsOf: url)
            guard case .inside(let range) = file.initializers[1].place else {
                Issue.record("the bias is not in the file")
                return
            }
            #expect([UInt8](data[range]) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
        }
    }

    struct Breakage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let message: String
        let body: @Sendable (inout ONNXGraph) throws -> Void

        init(_ name: String, _ message: String, _ body: @escaping @Sendable (inout ONNXGraph) throws -> Void) {
            (testDescription, self.message, self.body) = (name, message, body)
        }
    }

    static let breakages = [
        Breakage("an order that is none", "computed only later") { $0.nodes.swapAt(0, 1) },
        Breakage("an input nobody computes", "nowhere is not known") {
            $0.nodes[1] = node("Add", ["product", "nowhere"], ["sum"])
        },
        Breakage("two values of a name", "as something before") {
            $0.nodes[1] = node("Add", ["product", "bias"], ["product"])
        },
        Breakage("a node that takes a weight's name", "as something before") {
            $0.nodes[1] = node("Add", ["product", "bias"], ["bias"])
        },
        Breakage("an unknown operator", "unknown operator") {
            $0.nodes[1] = node("Plus", ["product", "bias"], ["sum"])
        },
        Breakage("too many inputs", "does not take 3 inputs") {
            $0.nodes[1] = node("Add", ["product", "bias", "bias"], ["sum"])
        },
        Breakage("a needed input left out", "input 1 is left out") {
            $0.nodes[1] = node("Add", ["product", ""], ["sum"])
        },
        Breakage("types that differ", "has type 7, not 1") { $0.nodes[1] = node("Add", ["product", "axes"], ["sum"]) },
        Breakage("an attribute of another kind", "attribute axis") {
            $0.nodes[2] = node("Softmax", ["sum"], ["y"], [("axis", .float(1))])
        },
        Breakage("an unknown attribute", "attribute dim") {
            $0.nodes[2] = node("Softmax", ["sum"], ["y"], [("dim", .int(1))])
        },
        Breakage("a missing attribute", "attribute to is missing") { $0.nodes[4] = node("Cast", ["positive"], ["z"]) },
        Breakage("an output of another type", "is declared as 7") {
            $0.outputs[0] = .init(name: "y", dtype: .int64, shape: [nil, 2])
        },
        Breakage("an output nobody computes", "output x is not computed") {
            $0.outputs[0] = .init(name: "x", dtype: .float32, shape: [nil, 2])
        },
        Breakage("no outputs", "has no outputs") { $0.outputs = [] },
    ]

    @Test("What is broken is refused", arguments: breakages)
    func refuses(_ breakage: Breakage) throws {
        var graph = try Self.graph()
        try breakage.body(&graph)
        try withFile(graph) { url in
            let error = #expect(throws: ONNXFileError.self) { try ONNXFile(contentsOf: url).check() }
            #expect(error?.path == url.path)
            #expect(error?.reason.contains(breakage.message) == true, "\(error?.reason ?? "")")
        }
    }

    @Test("Weights outside the file have to be where the file says")
    func externalWeights() throws {
        try withFile(Self.graph(), largestInline: 0) { url in
            let weights = url.appendingPathExtension("data")
            let file = try ONNXFile(contentsOf: url)
            try file.check()
            let data = try Data(contentsOf: weights)
            try data.dropLast().write(to: weights)
            let short = #expect(throws: ONNXFileError.self) { try file.check() }
            #expect(short?.reason.contains("axes") == true)
            try FileManager.default.removeItem(at: weights)
            let missing = #expect(throws: ONNXFileError.self) { try file.check() }
            #expect(missing?.reason.contains("missing") == true)
            // A path of the same length that leads out of the folder.
            let name = Data(weights.lastPathComponent.utf8)
            var bytes = try Data(contentsOf: url)
            let away = Data(("../" + String(repeating: "m", count: name.count - 3)).utf8)
            while let range = bytes.range(of: name) { bytes.replaceSubrange(range, with: away) }
            try bytes.write(to: url)
            let outside = #expect(throws: ONNXFileError.self) { try ONNXFile(contentsOf: url).check() }
            #expect(outside?.reason.contains("outside") == true)
        }
    }

    @Test("A file cut anywhere, or with any byte changed, is read or refused, and never both ends of the process")
    func damaged() throws {
        try withFile(Self.graph()) { url in
            let data = try Data(contentsOf: url)
            let broken = url.deletingLastPathComponent().appendingPathComponent("broken.onnx")
            var refused = 0
            for count in 0..<data.count {
                try data.prefix(count).write(to: broken)
                do { try ONNXFile(contentsOf: broken).check() } catch is ONNXFileError { refused += 1 }
            }
            // The last two fields are metadata, and a file without one or both of them is whole.
            #expect(refused == data.count - 2)
            refused = 0
            for position in 0..<data.count {
                var bytes = data
                bytes[position] ^= 0xFF
                try bytes.write(to: broken)
                do { try ONNXFile(contentsOf: broken).check() } catch is ONNXFileError { refused += 1 }
            }
            #expect(refused > data.count / 2)
        }
    }

    /// A Python that has the packages `onnx` and `onnxruntime`: `POSE_ONNX_PYTHON`.
    static let python = ProcessInfo.processInfo.environment["POSE_ONNX_PYTHON"]

    @Test("The standard's own checker and ONNX Runtime take the file", .enabled(if: python != nil, "needs Python"))
    func referenceChecker() throws {
        let program = """
            import sys, numpy, onnx, onnxruntime
            onnx.checker.check_model(sys.argv[1], full_check=True)
            session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
            y, z = session.run(None, {"input": numpy.ones((5, 3), numpy.float32)})
            assert y.shape == (5, 2) and numpy.allclose(y[0], [0.26894142, 0.73105858]), y
            assert z.tolist() == [[1, 1]] * 5, z
            """
        for largestInline in [1 << 30, 0] {
            try withFile(Self.graph(), largestInline: largestInline) { url in
                let process = Process()
                process.executableURL = URL(fileURLWithPath: try #require(Self.python))
                process.arguments = ["-c", program, url.path]
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0)
            }
        }
    }
}
