import Testing
import Torch

@Suite struct LayerTests {
    @Test("Dropout and stochastic depth act in training only, and not where evaluation is kept")
    func trainingMode() throws {
        let store = ParameterStore()
        let dropout = Dropout(at: store.root / "a", p: 0.5)
        let depth = DropPath(at: store.root / "b", p: 0.5)
        let x = try Tensor.ones([64, 4])
        #expect(try dropout(x).identity == x.identity)
        #expect(try depth(x).identity == x.identity)
        store.isTraining = true
        #expect(Set(try dropout(x).toArray(Float.self)) == [0, 2])
        let rows = try depth(x).unbind().map { try $0.toArray(Float.self) }
        #expect(Set(rows) == [[0, 0, 0, 0], [2, 2, 2, 2]])
        #expect(try DropPath(at: store.root / "c", p: 1)(x).sum().item() == 0)
        (store.root / "a").keepInEvaluation()
        #expect(try dropout(x).identity == x.identity)
    }

    @Test("Kept statistics: normalisation uses the running ones in training, also for modules built later")
    func keptStatistics() throws {
        let store = ParameterStore()
        store.isTraining = true
        (store.root / "backbone").keepStatistics()
        let kept = try BatchNorm1d(at: store.root / "backbone" / "bn", channels: 1)
        let free = try BatchNorm1d(at: store.root / "bn", channels: 1, momentum: nil)
        let x = try Tensor([1, 3] as [Float], shape: [2, 1])
        #expect(try kept(x).isClose(to: x, absolute: 1e-4).all().item() == 1)
        #expect(try kept.runningMean?.tensor.item() == 0)
        _ = try free(x)
        #expect(try free.runningMean?.tensor.item() == 2)
        _ = try free(x + 3)
        #expect(try free.runningMean?.tensor.item() == 3.5)
        #expect(throws: TorchError.self) { try BatchNorm2d(at: store.root / "x", channels: 1)(x) }
    }

    @Test("Every activation name gives an activation whose in-place form agrees")
    func activations() throws {
        for name in Activation.names {
            let activation = try Activation(named: name)
            let x = try Tensor.linspace(from: -4, to: 8, steps: 25)
            let expected = try activation(x)
            #expect(try activation.inPlace(x.clone()).allClose(to: expected, absolute: 1e-6), "\(name)")
        }
        #expect(try Activation(named: "LeakyReLU", negativeSlope: 0.1)(Tensor([-1] as [Double])).item() == -0.1)
    }

    @Test("Shapes of the layers")
    func shapes() throws {
        let root = ParameterStore().root
        func shape(_ layer: any Layer, _ input: [Int]) throws -> [Int] {
            try noGrad { try layer(Tensor.ones(input)).shape }
        }
        #expect(
            try shape(Conv1d(at: root / "a", inChannels: 2, outChannels: 4, kernel: 3, padding: 1), [1, 2, 9]) == [
                1, 4, 9,
            ])
        #expect(
            try shape(Conv2d(at: root / "b", inChannels: 2, outChannels: 4, kernel: [1, 3], stride: 2), [1, 2, 9, 9])
                == [1, 4, 5, 4])
        #expect(
            try shape(Conv3d(at: root / "c", inChannels: 2, outChannels: 4, kernel: 2), [1, 2, 4, 4, 4]) == [
                1, 4, 3, 3, 3,
            ])
        #expect(
            try shape(
                ConvTranspose1d(at: root / "d1", inChannels: 4, outChannels: 2, kernel: 4, stride: 2, padding: 1),
                [1, 4, 5]) == [1, 2, 10])
        #expect(
            try shape(
                ConvTranspose2d(at: root / "d", inChannels: 4, outChannels: 2, kernel: 4, stride: 2, padding: 1),
                [1, 4, 5, 6]) == [1, 2, 10, 12])
        #expect(
            try shape(
                ConvTranspose3d(
                    at: root / "e", inChannels: 4, outChannels: 2, kernel: 3, stride: 2, padding: 1, groups: 2,
                    outputPadding: 1), [1, 4, 2, 2, 2]) == [1, 2, 4, 4, 4])
        #expect(try shape(LayerNorm(at: root / "f", channels: 3), [2, 5, 3]) == [2, 5, 3])
        #expect(try shape(GroupNorm(at: root / "g", groups: 2, channels: 4), [2, 4, 3]) == [2, 4, 3])
        #expect(try shape(InstanceNorm(at: root / "h", channels: 4, affine: true), [2, 4, 3]) == [2, 4, 3])
        #expect(try shape(PReLU(at: root / "i", channels: 4), [2, 4, 3]) == [2, 4, 3])
        #expect(try shape(AvgPool2d(kernel: 3, stride: 2, ceilMode: true), [1, 1, 6, 6]) == [1, 1, 3, 3])
        #expect(try shape(AdaptiveAvgPool2d(1), [1, 3, 6, 6]) == [1, 3, 1, 1])
        #expect(try shape(Upsample(scaleFactor: 2), [1, 1, 3, 4]) == [1, 1, 6, 8])
        #expect(try shape(Upsample(size: [5, 5], mode: .bilinear(alignCorners: true)), [1, 1, 3, 4]) == [1, 1, 5, 5])
        let table = try Embedding(at: root / "j", count: 5, dimension: 3)
        #expect(try table(Tensor([0, 4])).shape == [2, 3])
        #expect(throws: TorchError.self) { try table(Tensor([5])) }
    }

    @Test("One model runs on many threads at once, its parameters being made meanwhile")
    func concurrency() async throws {
        let store = ParameterStore(seed: 4)
        let net = Sequential([
            try Conv2d(at: store.root / 0, inChannels: 3, outChannels: 8, kernel: 3),
            try BatchNorm2d(at: store.root / 1, channels: 8), ActivationLayer(.silu),
        ])
        let sums = try await withThrowingTaskGroup(of: Double.self) { group in
            for _ in 0..<16 {
                group.addTask { try noGrad { try net(Tensor.ones([1, 3, 12, 12])).sum().item() } }
            }
            return try await group.reduce(into: Set<Double>()) { $0.insert($1) }
        }
        #expect(sums.count == 1)
    }
}
