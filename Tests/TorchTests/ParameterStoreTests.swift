import Foundation
import Testing

@testable import Torch

@Suite struct ParameterStoreTests {
    @Test("State-dict order is PyTorch's: a module's parameters, its buffers, then its children by first mention")
    func order() throws {
        let store = ParameterStore()
        let root = store.root
        let head = root / "head"
        _ = try BatchNorm1d(at: root / "backbone" / 1, channels: 2)
        _ = try Linear(at: root / "backbone.0", in: 2, out: 2)
        _ = try root.buffer("scale", shape: [])
        _ = try root.buffer("cache", shape: [3], persistent: false)
        _ = try root.parameter("token", shape: [1, 2])
        _ = try head.parameter("weight", shape: [2])
        #expect(
            store.entries.map(\.name) == [
                "token", "scale", "head.weight", "backbone.1.weight", "backbone.1.bias", "backbone.1.running_mean",
                "backbone.1.running_var", "backbone.1.num_batches_tracked", "backbone.0.weight", "backbone.0.bias",
            ])
        #expect(
            store.parameters.map(\.name) == [
                "token", "head.weight", "backbone.1.weight", "backbone.1.bias", "backbone.0.weight", "backbone.0.bias",
            ])
        #expect(store.parameterCount == 2 + 2 + 4 + 6)
        #expect(store["backbone.0.bias"]?.shape == [2])
        #expect(store["cache"]?.kind == .buffer(persistent: false))
        #expect(store["backbone.2.bias"] == nil)
        #expect(root.modules.map(\.layerType) == [nil, nil, nil, "BatchNorm1d", "Linear"])
    }

    @Test("A name is taken once; parameters, buffers and modules share the names")
    func duplicates() throws {
        let root = ParameterStore().root
        _ = try Linear(at: root / "fc", in: 1, out: 1)
        #expect(throws: ParameterError.duplicate("fc.weight")) { try Linear(at: root / "fc", in: 1, out: 1) }
        #expect(throws: ParameterError.duplicate("fc")) { try root.parameter("fc", shape: []) }
        #expect(throws: ParameterError.duplicate("fc.bias")) { try (root / "fc").buffer("bias", shape: []) }
        #expect(throws: ParameterError.invalidName("a.b")) { try root.parameter("a.b", shape: []) }
        #expect(throws: ParameterError.invalidName("")) { try root.parameter("", shape: []) }
    }

    @Test("A shared parameter has two keys and is learned once")
    func sharing() throws {
        let store = ParameterStore()
        let weight = try (store.root / "a").parameter("weight", shape: [2])
        try (store.root / "b").share(weight, as: "weight")
        #expect(store.entries.map(\.name) == ["a.weight", "b.weight"])
        #expect(store.parameters.map(\.name) == ["a.weight"])
        #expect(try store["b.weight"]?.tensor.identity == weight.tensor.identity)
        let report = try store.load([
            ("a.weight", Tensor([1, 2] as [Float])), ("b.weight", Tensor([1, 2] as [Float])),
        ])
        #expect(report.loaded == ["a.weight", "b.weight"])
    }

    @Test("Nothing is allocated before it is used")
    func lazy() throws {
        let store = ParameterStore()
        let huge = try store.root.parameter("huge", shape: [1 << 20, 1 << 20, 1 << 20])
        #expect(!huge.isAllocated)
        #expect(throws: TorchError.self) { try huge.tensor }
        let small = try store.root.parameter("small", shape: [2], initializer: .ones)
        #expect(!small.isAllocated)
        #expect(try small.tensor.toArray(Float.self) == [1, 1])
        #expect(small.isAllocated && !small.isBorrowed)
    }

    @Test("Loading adopts mapped memory; training replaces it with memory of its own before anything is written")
    func adoption() throws {
        let store = ParameterStore()
        let norm = try BatchNorm2d(at: store.root, channels: 2)
        let owner = MemoryTests.Owner(count: 4)
        func borrowed(_ offset: Int) throws -> Tensor {
            try Tensor(
                borrowing: UnsafeRawBufferPointer(rebasing: owner.readOnly[offset...]), shape: [2], dtype: .float32,
                owner: owner)
        }
        let report = try store.load([
            ("weight", Tensor.ones([2])), ("bias", Tensor.ones([2])), ("running_mean", borrowed(0)),
            ("running_var", borrowed(8)),
        ])
        #expect(report.isComplete && report.missing.isEmpty)
        let mean = try #require(norm.runningMean)
        #expect(mean.isBorrowed)
        #expect(try mean.tensor.dataAddress == owner.readOnly.baseAddress)

        _ = try norm(Tensor.ones([1, 2, 2, 2]))
        #expect(mean.isBorrowed)
        store.isTraining = true
        _ = try norm(Tensor.ones([1, 2, 2, 2]))
        #expect(!mean.isBorrowed)
        #expect(try mean.tensor.toArray(Float.self) == [0.1, 1])
        #expect(owner.readOnly.load(as: Float.self) == 0)
        #expect(try store["num_batches_tracked"]?.tensor.intItem() == 1)
    }

    @Test("A parameter in use keeps its tensor when it is loaded again, so that an optimizer sees the new values")
    func reloading() throws {
        let store = ParameterStore()
        let parameter = try store.root.parameter("w", shape: [2])
        let before = try parameter.tensor
        try store.load([("w", Tensor([3, 4] as [Float]))])
        #expect(try parameter.tensor.identity == before.identity)
        #expect(try before.toArray(Float.self) == [3, 4])
        #expect(before.requiresGrad)
    }

    @Test("The report has every key in exactly one list")
    func report() throws {
        let store = ParameterStore()
        _ = try Linear(at: store.root / "fc", in: 2, out: 3)
        _ = try BatchNorm1d(at: store.root / "bn", channels: 3)
        _ = try store.root.buffer("index", constant: Tensor([1, 2]))
        let scalar = try store.root.parameter("scalar", shape: [])
        let report = try store.load([
            ("extra.weight", Tensor.ones([1])), ("fc.weight", Tensor.ones([3, 2], dtype: .bfloat16)),
            ("fc.bias", Tensor.ones([4])), ("bn.weight", Tensor.ones([3])), ("scalar", Tensor([5] as [Float])),
        ])
        #expect(report.loaded == ["scalar", "fc.weight", "bn.weight"])
        #expect(report.missing == ["bn.bias", "bn.running_mean", "bn.running_var"])
        #expect(report.unexpected == ["extra.weight"])
        #expect(report.shapeMismatches == [.init(name: "fc.bias", declared: [3], found: [4])])
        #expect(report.typeConversions == [.init(name: "fc.weight", from: .bfloat16, to: .float32)])
        #expect(try scalar.tensor.item() == 5)
        let error = #expect(throws: ParameterError.self) { try report.requireComplete() }
        #expect(error?.description.contains("bn.running_mean") == true)
        #expect(error?.description.contains("fc.bias is [4] instead of [3]") == true)
        #expect(throws: ParameterError.duplicateSource("scalar")) {
            try store.load([("scalar", Tensor.ones([])), ("scalar", Tensor.ones([]))])
        }
    }

    @Test("Rules rewrite the source in turn and are reported with the keys they changed")
    func rules() throws {
        struct Rename: LoadingRule {
            let name = "drop the prefix"

            func apply(to entries: inout [(name: String, tensor: Tensor)], of store: ParameterStore) -> [String] {
                var changed: [String] = []
                for index in entries.indices where entries[index].name.hasPrefix("module.") {
                    entries[index].name.removeFirst("module.".count)
                    changed.append(entries[index].name)
                }
                return changed
            }
        }
        let store = ParameterStore()
        _ = try store.root.parameter("w", shape: [1])
        let report = try store.load([("module.w", Tensor.ones([1]))], rules: [Rename(), Rename()])
        #expect(report.loaded == ["w"])
        #expect(report.converted == [.init(rule: "drop the prefix", keys: ["w"])])
    }

    @Test("Initial values depend on seed and name only, and have the distributions of torch.nn.init")
    func initializers() throws {
        func draw(
            _ seed: UInt64, _ name: String, _ initializer: Initializer, _ shape: [Int] = [8, 4, 3, 3]
        ) throws
            -> Tensor
        {
            try ParameterStore(seed: seed).root.parameter(name, shape: shape, initializer: initializer).tensor.detach()
        }
        let first = try draw(1, "a", .layerWeight).toArray(Float.self)
        #expect(try draw(1, "a", .layerWeight).toArray(Float.self) == first)
        #expect(try draw(2, "a", .layerWeight).toArray(Float.self) != first)
        #expect(try draw(1, "b", .layerWeight).toArray(Float.self) != first)

        let shape = [200, 100, 1, 5]
        func std(_ initializer: Initializer) throws -> Double { try draw(3, "w", initializer, shape).std().item() }
        func near(_ value: Double, _ expected: Double) -> Bool { abs(value / expected - 1) < 0.02 }
        #expect(near(try std(.normal(std: 0.3)), 0.3))
        #expect(near(try std(.uniform(-1, 1)), 1 / 3.0.squareRoot()))
        #expect(near(try std(.kaimingNormal(fan: .output, nonlinearity: .relu)), (2.0 / 1000).squareRoot()))
        #expect(near(try std(.kaimingUniform()), (2.0 / 500).squareRoot()))
        #expect(near(try std(.layerWeight), (1.0 / 1500).squareRoot()))
        #expect(near(try std(.xavierNormal()), (2.0 / 1500).squareRoot()))
        #expect(near(try std(.xavierUniform(gain: 2)), 2 * (2.0 / 1500).squareRoot()))
        // The normal distribution cut at two standard deviations has 0.8796 of the deviation.
        #expect(near(try std(.truncNormal(std: 0.02, low: -0.04, high: 0.04)), 0.02 * 0.8796))
        let cut = try draw(3, "w", .truncNormal(std: 0.02, low: -0.04, high: 0.04), shape)
        #expect(try cut.abs().max().item() <= 0.04)
    }

    @Test("Freezing reaches everything below, before and after allocation")
    func freezing() throws {
        let store = ParameterStore()
        let frozen = try Linear(at: store.root / "a" / "fc", in: 1, out: 1)
        let free = try Linear(at: store.root / "b", in: 1, out: 1)
        _ = try frozen.bias?.tensor
        try (store.root / "a").setTrainable(false)
        #expect(try !frozen.weight.tensor.requiresGrad)
        #expect(try frozen.bias?.tensor.requiresGrad == false)
        #expect(try free.weight.tensor.requiresGrad)
        #expect(store.parameters.filter(\.isTrainable).map(\.name) == ["b.weight", "b.bias"])
    }

    @Test("A parameter first used in inference mode can be trained later")
    func inferenceFirst() throws {
        let store = ParameterStore()
        let fc = try Linear(at: store.root, in: 2, out: 1)
        _ = try inferenceMode { try fc(Tensor.ones([1, 2])) }
        try fc(Tensor.ones([1, 2])).sum().backward()
        #expect(try fc.weight.tensor.grad?.toArray(Float.self) == [1, 1])
    }

    @Test("Moving to another device keeps shapes and the wish for gradients")
    func moving() throws {
        let store = ParameterStore()
        let fc = try Linear(at: store.root, in: 2, out: 1)
        _ = try fc.weight.tensor
        try store.move(to: .meta)
        #expect(try fc.weight.tensor.device == .meta)
        #expect(try fc.weight.tensor.requiresGrad)
        #expect(try fc(Tensor.ones([5, 2], device: .meta)).shape == [5, 1])
    }
}
