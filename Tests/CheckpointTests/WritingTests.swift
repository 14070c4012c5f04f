import Checkpoint
import Foundation
import OrderedCollections
import Testing

/// What is written reads back as it was.
struct WritingTests {
    private func destination() -> URL {
        FileManager.default.temporaryDirectory.appending(path: "checkpoint-\(UUID().uuidString)")
    }

    @Test(arguments: ["dtypes.pth", "views.pth", "views_legacy.pth", "openmmlab.pth"])
    func pthKeepsTensorsStridesAndSharing(name: String) throws {
        let original = try Fixture.open(name).stateDict()
        let url = destination()
        defer { try? FileManager.default.removeItem(at: url) }
        try CheckpointWriter.pth(original, meta: PickleDict([.string("epoch"): .int(3)]), to: url)
        let file = try CheckpointFile.open(url)
        let copy = try file.stateDict()
        #expect(file.format == .zip && file.meta?.dictValue?["epoch"]?.intValue == 3)
        #expect(copy.keys == original.keys && copy.versions == original.versions)
        for (one, other) in zip(copy, original) {
            #expect(one.dtype == other.dtype && one.shape == other.shape && one.strides == other.strides)
            #expect(one.numbers() == other.numbers())
            for (second, third) in zip(copy, original) {
                #expect((one.storage === second.storage) == (other.storage === third.storage))
            }
        }
    }

    @Test(arguments: ["dtypes.pth", "views.pth", "openmmlab.pth"])
    func safetensorsKeepsTensors(name: String) throws {
        let original = try Fixture.open(name).stateDict()
        let url = destination()
        defer { try? FileManager.default.removeItem(at: url) }
        let metadata = ["format": "pt", "quote \" and \\": "line\nbreak, ü"]
        try CheckpointWriter.safetensors(original, metadata: metadata, to: url)
        let file = try CheckpointFile.open(url)
        #expect(file.format == .safetensors && file.metadata == metadata)
        let copy = try file.stateDict()
        #expect(Set(copy.keys) == Set(original.keys))
        for tensor in copy {
            #expect(tensor.dtype == original[tensor.name]?.dtype && tensor.shape == original[tensor.name]?.shape)
            #expect(tensor.isContiguous && tensor.numbers() == original[tensor.name]?.numbers())
        }
    }

    /// Random shapes, strides and values survive both formats.
    @Test func roundTripOfRandomTensors() throws {
        var random = SeededGenerator(state: 7)
        for _ in 0..<20 {
            var state = StateDict()
            for index in 0..<Int.random(in: 1...6, using: &random) {
                let dtype = ScalarType.allCases.randomElement(using: &random) ?? .float32
                let shape = (0..<Int.random(in: 0...4, using: &random)).map { _ in Int.random(in: 0...4, using: &random)
                }
                let count = shape.reduce(1, *)
                let bytes = (0..<(count + 3) * dtype.byteCount).map { _ in UInt8.random(in: 0...1, using: &random) }
                var strides = shape.map { _ in 1 }
                var step = 1
                for dimension in shape.indices.shuffled(using: &random) {
                    strides[dimension] = step
                    step *= max(shape[dimension], 1)
                }
                state["layer.\(index)"] = try TensorEntry(
                    dtype: dtype, shape: shape, strides: strides, storage: TensorStorage(bytes),
                    byteOffset: dtype.byteCount * Int.random(in: 0...3, using: &random))
            }
            let url = destination()
            defer { try? FileManager.default.removeItem(at: url) }
            for write in [
                { try CheckpointWriter.pth(state, to: url) }, { try CheckpointWriter.safetensors(state, to: url) },
            ] {
                try write()
                let copy = try CheckpointFile.open(url).stateDict()
                #expect(Set(copy.keys) == Set(state.keys))
                for tensor in copy {
                    #expect(tensor.shape == state[tensor.name]?.shape)
                    #expect(tensor.contiguousBytes() == state[tensor.name]?.contiguousBytes())
                }
            }
        }
    }

    @Test func metaValuesSurvive() throws {
        let url = destination()
        defer { try? FileManager.default.removeItem(at: url) }
        let values: OrderedDictionary<PickleKey, PickleValue> = [
            .string("none"): .none, .string("long"): .int(1 << 40), .string("negative"): .int(-5),
            .string("raw"): .bytes([0, 200, 255]), .string("set"): .set([.int(1)]),
            .string("tuple"): .tuple([.bool(true), .float(0.1), .string("é")]), .int(7): .list([]),
        ]
        try CheckpointWriter.pth(.dict(PickleDict(values)), to: url)
        let dict = try #require(try CheckpointFile.open(url).root.dictValue)
        #expect(dict.entries.keys == values.keys)
        #expect(dict["long"]?.intValue == 1 << 40 && dict["negative"]?.intValue == -5)
        guard case .bytes([0, 200, 255])? = dict["raw"], case .set(let set)? = dict["set"] else { throw Missing() }
        #expect(set.first?.intValue == 1)
        #expect(dict["tuple"]?.arrayValue?.last?.stringValue == "é")
        #expect(dict["tuple"]?.arrayValue?[1].doubleValue == 0.1)
    }

    /// A value that a safe load would refuse is refused by its place; nothing is left behind, the old file stays.
    @Test func failureLeavesTheDestinationAlone() throws {
        let folder = destination()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appending(path: "model.pth")
        try Data("old".utf8).write(to: url)
        let meta = try #require(Fixture.open("openmmlab.pth").meta)
        let error = #expect(throws: CheckpointError.self) {
            try CheckpointWriter.pth(.dict(PickleDict([.string("meta"): meta])), to: url)
        }
        #expect(error?.description.contains("meta.when is a datetime.datetime") == true)
        #expect(try String(contentsOf: url, encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.pth"])
        #expect(throws: CheckpointError.self) {
            try CheckpointWriter.safetensors(StateDict(), to: folder.appending(path: "no/such/folder/x"))
        }
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
