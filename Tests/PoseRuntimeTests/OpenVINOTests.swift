import Foundation
import PoseCore
import PoseRuntime
import Testing

/// Bad files and bad inputs become Swift errors that say what is wrong.
@Suite(.enabled(if: Place.hasModels, "needs scripts/bootstrap")) struct OpenVINOTests {
    private func detector() throws -> InferenceModel {
        try InferenceEngine().load(contentsOf: try Place.locations.url(of: .blazePoseDetector))
    }

    @Test("A file that does not exist")
    func missing() throws {
        let engine = try InferenceEngine()
        let error = #expect(throws: OpenVINOError.self) {
            try engine.load(contentsOf: URL(fileURLWithPath: "/nowhere/model.tflite"))
        }
        #expect(error?.reason == .missing)
        #expect(error?.description.contains("/nowhere/model.tflite") == true)
    }

    @Test("Files that are not models, cut short, empty, or a folder", arguments: ["tflite", "onnx", "xml"])
    func corrupt(suffix: String) throws {
        let engine = try InferenceEngine()
        let good = try Data(contentsOf: try Place.locations.url(of: .blazePoseDetector))
        try withTemporaryFolder { folder in
            for (name, data) in [("empty", Data()), ("text", Data("not a model".utf8)), ("short", good.prefix(1000))] {
                let url = folder.appendingPathComponent("\(name).\(suffix)")
                try data.write(to: url)
                let error = #expect(throws: OpenVINOError.self) { try engine.load(contentsOf: url) }
                #expect(error?.path == url.path)
            }
            #expect(throws: OpenVINOError.self) { try engine.load(contentsOf: folder) }
        }
        #expect(throws: OpenVINOError.self) { try engine.load(Data("nonsense".utf8)) }
    }

    @Test("A property or device that OpenVINO does not know")
    func options() throws {
        let url = try Place.locations.url(of: .blazePoseDetector)
        for options in [InferenceOptions(device: "TOASTER"), InferenceOptions(properties: ["NO_SUCH_THING": "1"])] {
            #expect(throws: OpenVINOError.self) { try InferenceEngine().load(contentsOf: url, options: options) }
        }
    }

    @Test("The network's inputs and outputs are described")
    func descriptions() throws {
        let model = try detector()
        #expect(model.inputs.map(\.shape) == [[1, 224, 224, 3]])
        #expect(model.inputs.map(\.element) == [.float32])
        #expect(model.outputs.map(\.shape) == [[1, 2254, 12], [1, 2254, 1]])
        #expect(try InferenceEngine().devices().contains("CPU"))
        #expect(!InferenceEngine.version.isEmpty)
    }

    @Test("Inputs of another size, type or number")
    func inputs() throws {
        let model = try detector()
        try model.withRequest { request in
            let small = [Float](repeating: 0, count: 12)
            #expect(throws: OpenVINOError.self) { try request.setInput(0, small, shape: [1, 2, 2, 3]) }
            #expect(throws: OpenVINOError.self) { try request.setInput(0, small, shape: [1, 224, 224, 3]) }
            #expect(throws: OpenVINOError.self) { try request.setInput(1, small, shape: [1, 2, 2, 3]) }
            #expect(throws: OpenVINOError.self) { try request.withInput(0, as: Int64.self) { _ in } }
            #expect(throws: OpenVINOError.self) { try request.withOutput(2, as: Float.self) { _, _ in } }
        }
        #expect(throws: OpenVINOError.self) { try model([]) }
        #expect(throws: OpenVINOError.self) { try model([try NDArray(repeating: 0, shape: [1, 3, 224, 224])]) }
    }

    @Test("The same input gives the same output, from many threads at once")
    func concurrency() async throws {
        let model = try detector()
        let input = try NDArray<Float>(repeating: 0.25, shape: [1, 224, 224, 3])
        let expected = try model([input])[1].elements
        try await withThrowingTaskGroup(of: [Float].self) { group in
            for _ in 0..<4 { group.addTask { try model([input])[1].elements } }
            for try await result in group { #expect(result == expected) }
        }
    }

    @Test("A model in the other's place is told apart before it runs")
    func swapped() throws {
        let detector = try Place.locations.url(of: .blazePoseDetector)
        let landmarks = try Place.locations.url(of: .blazePoseLandmarks)
        let error = #expect(throws: OpenVINOError.self) { try BlazePose(detector: landmarks, landmarks: detector) }
        #expect(error?.path == landmarks.path)
    }
}
