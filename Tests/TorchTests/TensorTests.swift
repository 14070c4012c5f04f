import Testing
import Torch

@Suite struct TensorTests {
    @Test("Values go in and come out in row-major order, converted on request")
    func roundTrip() throws {
        let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        #expect(x.shape == [2, 3])
        #expect(x.strides == [3, 1])
        #expect(x.dtype == .float32)
        #expect(x.device == .cpu)
        #expect(try x.toArray(Int.self) == [1, 2, 3, 4, 5, 6])
        #expect(try x.transpose(0, 1).toArray(Float.self) == [1, 4, 2, 5, 3, 6])
        #expect(try (x * 2 + x - 1).sum().item() == 57)
    }

    @Test("A convolution stack at a path runs")
    func layers() throws {
        let store = ParameterStore()
        let path = store.root / "backbone"
        let net = Sequential([
            try Conv2d(at: path / "conv", inChannels: 3, outChannels: 4, kernel: 3, stride: 2, padding: 1, bias: false),
            try BatchNorm2d(at: path / "bn", channels: 4), ActivationLayer(.relu),
            MaxPool2d(kernel: 3, stride: 2, padding: 1),
        ])
        let y = try noGrad { try net(Tensor.ones([1, 3, 16, 16])) }
        #expect(y.shape == [1, 4, 4, 4])
        #expect(
            store.entries.map(\.name) == [
                "backbone.conv.weight", "backbone.bn.weight", "backbone.bn.bias", "backbone.bn.running_mean",
                "backbone.bn.running_var", "backbone.bn.num_batches_tracked",
            ])
    }

    @Test("Shapes that do not fit throw")
    func errors() throws {
        #expect(throws: TorchError.self) { try Tensor.ones([2, 3]).matmul(Tensor.ones([2, 3])) }
    }
}
