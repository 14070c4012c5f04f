import Foundation
import Testing
import Torch

/// Whatever goes wrong in C++ arrives as a Swift error; nothing traps.
@Suite struct ErrorTests {
    @Test("Every operator named in the sources exists in this libtorch")
    func namesExist() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Torch").standardizedFileURL
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var names: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /Operator\("(aten::[A-Za-z0-9_.]+)"\)/) { names.insert(String(match.1)) }
        }
        #expect(names.count > 200)
        #expect(names.filter { !Operator($0).exists }.sorted() == [])
    }

    @Test("An unknown operator is found out, and calling it throws its name")
    func unknownOperator() {
        let op = Operator("aten::no_such_thing.at_all")
        #expect(!op.exists)
        let error = #expect(throws: TorchError.self) { try op.call([]) }
        #expect(error?.operator == "aten::no_such_thing.at_all")
    }

    @Test("Shapes that do not fit: the operator and one line of libtorch's reason, no backtrace")
    func shapes() throws {
        let a = try Tensor.ones([2, 3])
        let error = #expect(throws: TorchError.self) { try a.matmul(a) }
        #expect(error?.operator == "aten::matmul")
        #expect(error?.message == "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)")
    }

    @Test("Arguments that do not fit the schema are refused before the kernel sees them")
    func wrongArguments() throws {
        let a = try Tensor.ones([2, 3])
        let sum = Operator("aten::sum.dim_IntList")
        func message(_ op: Operator, _ arguments: IValue...) -> String? {
            #expect(throws: TorchError.self) { try op.call(arguments) }?.message
        }
        #expect(message(sum, .tensor(a), .string("x"))?.contains("argument 'dim' must be") == true)
        #expect(message(sum, .none, .ints([0])) == "argument 'self' must be Tensor, not None")
        #expect(message(sum) == "argument 'self' is missing")
        #expect(
            message(sum, .tensor(a), .ints([0]), .bool(false), .none, .int(1)) == "takes at most 4 arguments, given 5")
        #expect(message(Operator("aten::cat"), .optionalTensors([a, nil])) == "None in list 'tensors'")
        #expect(
            message(Operator("aten::relu"), .tensors([a])) == "argument 'self' must be Tensor, not a list of tensors")
    }

    @Test("Huge, negative and overflowing shapes throw")
    func hostileShapes() throws {
        for shape in [[Int.max], [Int.max, Int.max], [1 << 40, 1 << 40], [1 << 50], [-1], [3, -7], [Int.min]] {
            #expect(throws: TorchError.self, "\(shape)") { try Tensor.zeros(shape) }
            #expect(throws: TorchError.self, "\(shape)") { try Tensor.ones([4]).reshape(shape + [3]) }
            #expect(throws: TorchError.self, "\(shape)") { try Tensor([1, 2] as [Float], shape: shape) }
        }
        #expect(throws: TorchError.self) { try Tensor.ones([2]).asStrided([1000], strides: [1000]) }
        #expect(throws: TorchError.self) { try Tensor.ones([2, 2])[5] }
        #expect(throws: TorchError.self) { try Tensor.ones([2, 2])[0, 0, 0] }
        #expect(throws: TorchError.self) { try Tensor.ones([2, 2])[.ellipsis, .ellipsis] }
        #expect(throws: TorchError.self) { try Tensor.ones([1, 1, 2, 2]).interpolate(scaleFactor: .nan) }
        #expect(throws: TorchError.self) { try Tensor.ones([1, 1, 2, 2]).interpolate(scaleFactor: 1e300) }
        #expect(throws: TorchError.self) { try Tensor.ones([2]).size(1) }
        #expect(throws: TorchError.self) { try Tensor.ones([2]).item() }
        #expect(throws: TorchError.self) { try Tensor.ones([3]).gather(dim: 0, index: Tensor([7])) }
    }

    @Test("A message belongs to the thread that failed")
    func threads() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 2..<10 {
                group.addTask {
                    for _ in 0..<50 {
                        let error = #expect(throws: TorchError.self) {
                            try Tensor.ones([1, index]).matmul(Tensor.ones([1, index]))
                        }
                        #expect(error?.message.hasSuffix("(1x\(index) and 1x\(index))") == true)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("Layers refuse impossible sizes when they are built")
    func layerSizes() {
        let root = ParameterStore().root
        #expect(throws: TorchError.self) {
            try Conv2d(at: root / "a", inChannels: 3, outChannels: 4, kernel: 3, groups: 2)
        }
        #expect(throws: TorchError.self) { try Conv2d(at: root / "b", inChannels: 0, outChannels: 4, kernel: 3) }
        #expect(throws: TorchError.self) {
            try Conv2d(at: root / "c", inChannels: 2, outChannels: 4, kernel: [3, 3, 3])
        }
        #expect(throws: TorchError.self) { try Linear(at: root / "d", in: 4, out: -1) }
        #expect(throws: TorchError.self) { try Activation(named: "ReLUU") }
    }
}
