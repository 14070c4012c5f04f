import Testing
import Torch

/// What belongs to the process or a thread; one after the other, because they share it.
@Suite(.serialized) struct RuntimeTests {
    @Test("The number of threads is what was set; zero is refused")
    func threads() throws {
        let before = threadCount
        defer { try? setThreadCount(before) }
        try setThreadCount(1)
        #expect(threadCount == 1)
        #expect(throws: TorchError.self) { try setThreadCount(0) }
        #expect(threadCount == 1)
        #expect(libtorchVersion.hasPrefix("2."))
        #expect(Device.cpu.isAvailable)
    }

    @Test("A generator starts over at its seed")
    func generators() throws {
        let generator = try Generator(seed: 5)
        let first = try Tensor.rand([4], generator: generator).toArray(Float.self)
        #expect(try Tensor.rand([4], generator: generator).toArray(Float.self) != first)
        try generator.setSeed(5)
        #expect(try Tensor.rand([4], generator: generator).toArray(Float.self) == first)
    }

    /// Notes the calls it sees; throws at the operator it is told to.
    final class Recorder: OperatorObserver {
        struct Refusal: Error {}

        var names: [String] = []
        var refused: String?

        func didCall(_ op: Operator, arguments: [IValue], results: [IValue]) throws {
            if op.name == refused { throw Refusal() }
            names.append(op.name)
        }
    }

    @Test("An observer sees every call on its thread inside the closure, and no other")
    func observing() async throws {
        let recorder = Recorder()
        let x = try Tensor.ones([2, 2])
        try observingOperators(with: recorder) { _ = try (x * 2).relu().sum(dim: 0) }
        _ = try x + x
        #expect(recorder.names == ["aten::mul.Scalar", "aten::relu", "aten::sum.dim_IntList"])
        recorder.refused = "aten::relu"
        #expect(throws: Recorder.Refusal.self) { try observingOperators(with: recorder) { _ = try x.relu() } }
        #expect(recorder.names.count == 3)
    }

    @Test("An operator found by name: defaults, lists, several results, argument names")
    func byName() throws {
        let x = try Tensor([3, 1, 2] as [Float])
        let sort = Operator("aten::sort")
        #expect(sort.argumentNames == ["self", "dim", "descending"])
        let results = try sort.call([.tensor(x)])
        guard case .tensor(let values) = results[0], case .tensor(let order) = results[1] else {
            Issue.record("sort gave \(results)")
            return
        }
        #expect(try values.toArray(Float.self) == [1, 2, 3])
        #expect(try order.toArray(Int.self) == [1, 2, 0])
        guard case .bool(let answer)? = try Operator("aten::is_floating_point").call([.tensor(x)]).first,
            case .int(let size)? = try Operator("aten::size.int").call([.tensor(x), .int(0)]).first
        else {
            Issue.record("wrong kinds of results")
            return
        }
        #expect(answer)
        #expect(size == 3)
    }

    @Test("The fused optimizers can be called by name")
    func fused() throws {
        let weight = try Tensor([1, 2] as [Float])
        let gradient = try Tensor([1, -1] as [Float])
        _ = try Operator("aten::_fused_sgd_").call([
            .tensors([weight]), .tensors([gradient]), .tensors([]), .double(0), .double(0), .double(0.5), .double(0),
            .bool(false), .bool(false), .bool(true),
        ])
        #expect(try weight.toArray(Float.self) == [0.5, 2.5])
        #expect(Operator("aten::_fused_adamw_").exists)
    }

    @Test("The cost of a call is measured, and small")
    func overhead() throws {
        let overhead = try OperatorOverhead.measure(repetitions: 2_000, rounds: 3)
        #expect(overhead.unboxed > 0)
        #expect(overhead.call > overhead.unboxed)
        // A debug build on a busy machine; the release figure is some hundred nanoseconds.
        #expect(overhead.difference < 100_000)
    }
}
