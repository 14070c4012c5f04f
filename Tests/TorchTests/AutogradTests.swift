import Testing
import Torch

@Suite struct AutogradTests {
    @Test("Gradients flow through operators called by name and accumulate in leaves")
    func backward() throws {
        let x = try Tensor([1, 2, 3] as [Float]).requiresGrad_()
        #expect(x.isLeaf && x.requiresGrad)
        try (x * x).sum().backward()
        #expect(try x.grad?.toArray(Float.self) == [2, 4, 6])
        try (x * 10).backward(Tensor([1, 0, 1] as [Float]))
        #expect(try x.grad?.toArray(Float.self) == [12, 4, 16])
        try x.setGrad(nil)
        #expect(try x.grad == nil)
    }

    @Test("Gradients without accumulating, of second order too; unused inputs are nil")
    func gradients() throws {
        let x = try Tensor([2] as [Double]).requiresGrad_()
        let unused = try Tensor([1] as [Double]).requiresGrad_()
        let y = try x * x * x
        let first = try #require(try y.gradients(of: [x], createGraph: true)[0])
        #expect(try first.item() == 12)
        #expect(try first.gradients(of: [x])[0]?.item() == 12)
        #expect(try x.grad == nil)
        let z = try x * 5
        #expect(throws: TorchError.self) { try z.gradients(of: [unused], keepGraph: true) }
        #expect(try z.gradients(of: [unused], allowUnused: true)[0] == nil)
    }

    @Test("Modes end with their closure, also when it throws")
    func modes() throws {
        let x = try Tensor.ones([2]).requiresGrad_()
        #expect(isGradEnabled)
        let inside = try noGrad { try [(x * 2).requiresGrad, withGrad { try (x * 2).requiresGrad }, isGradEnabled] }
        #expect(inside == [false, true, false])
        #expect(isGradEnabled)
        #expect(throws: TorchError.self) { try noGrad { _ = try x.reshape([5]) } }
        #expect(isGradEnabled)
        let y = try inferenceMode { try x * 2 }
        #expect(!y.requiresGrad)
        #expect(throws: TorchError.self) { try (y * x).sum().backward() }
    }

    @Test("Autocast lowers the precision of matrix products inside its closure")
    func autocasting() throws {
        let x = try Tensor.ones([4, 4])
        let inside = try autocast(.bfloat16) { try x.matmul(x) }
        #expect(inside.dtype == .bfloat16)
        #expect(try autocast(.bfloat16, enabled: false) { try x.matmul(x) }.dtype == .float32)
        #expect(try x.matmul(x).dtype == .float32)
    }

    @Test("What autograd cannot do throws: integers, second backward, leaves changed in place")
    func misuse() throws {
        #expect(throws: TorchError.self) { try Tensor([1, 2]).requiresGrad_() }
        let x = try Tensor.ones([2]).requiresGrad_()
        let y = try (x * x).sum()
        try y.backward()
        #expect(throws: TorchError.self) { try y.backward() }
        #expect(throws: TorchError.self) { try Tensor.ones([2]).sum().backward() }
        #expect(throws: TorchError.self) { try (x * 2).backward() }
        #expect(throws: TorchError.self) { try x.add_(1) }
        #expect(throws: TorchError.self) { try (x * 2).requiresGrad_(false) }
        #expect(throws: TorchError.self) { try x.setGrad(Tensor.ones([3])) }
    }
}
