import Foundation
import Testing
import Torch

/// Memory of others: kept alive exactly as long as needed, never read outside.
@Suite struct MemoryTests {
    /// Floats 0, 1, 2, … that notice when they go away.
    final class Owner: Sendable {
        nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
        let onRelease: @Sendable () -> Void

        init(count: Int, onRelease: @escaping @Sendable () -> Void = {}) {
            bytes = .allocate(byteCount: count * 4, alignment: 64)
            for index in 0..<count { bytes.storeBytes(of: Float(index), toByteOffset: index * 4, as: Float.self) }
            self.onRelease = onRelease
        }

        var readOnly: UnsafeRawBufferPointer { UnsafeRawBufferPointer(bytes) }

        deinit {
            bytes.deallocate()
            onRelease()
        }
    }

    @Test("A borrowing tensor copies nothing and keeps the owner until its last view is gone")
    func lifetime() throws {
        nonisolated(unsafe) var released = 0
        var view: Tensor?
        do {
            let owner = Owner(count: 12) { released += 1 }
            let tensor = try Tensor(borrowing: owner.readOnly, shape: [3, 4], dtype: .float32, owner: owner)
            #expect(tensor.dataAddress == owner.readOnly.baseAddress)
            view = try tensor[1]
        }
        #expect(released == 0)
        #expect(try view?.toArray(Float.self) == [4, 5, 6, 7])
        view = nil
        #expect(released == 1)
    }

    @Test("Strides are respected, and what does not lie inside the memory is refused without leaking the owner")
    func bounds() throws {
        nonisolated(unsafe) var released = 0
        do {
            let owner = Owner(count: 12) { released += 1 }
            func borrow(_ shape: [Int], _ strides: [Int]? = nil, from offset: Int = 0) throws -> Tensor {
                let bytes = UnsafeRawBufferPointer(rebasing: owner.readOnly[offset...])
                return try Tensor(borrowing: bytes, shape: shape, strides: strides, dtype: .float32, owner: owner)
            }
            #expect(try borrow([4, 3], [1, 4]).toArray(Int.self) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
            #expect(try borrow([0, 5]).count == 0)
            #expect(try borrow([]).item() == 0)
            for (shape, strides) in [
                ([13], [1]), ([4, 3], [1, 5]), ([2], [12]), ([-1], [1]), ([2], [-1]), ([2, 2], [1]),
                ([Int.max], [Int.max]), ([Int.max, Int.max], [1, 1]),
            ] {
                #expect(throws: TorchError.self, "\(shape) \(strides)") { try borrow(shape, strides) }
            }
            #expect(throws: TorchError.self) { try borrow([Int.max, 3, Int.max]) }
            #expect(throws: TorchError.self) { try borrow([2], from: 2) }
        }
        #expect(released == 1)
    }

    @Test("Copying takes memory at any address")
    func unaligned() throws {
        let owner = Owner(count: 4)
        let bytes = UnsafeRawBufferPointer(rebasing: owner.readOnly[4...])
        let shifted = UnsafeMutableRawBufferPointer.allocate(byteCount: 13, alignment: 16)
        defer { shifted.deallocate() }
        let target = UnsafeMutableRawBufferPointer(rebasing: shifted[1...])
        target.copyMemory(from: bytes)
        let tensor = try Tensor(copying: UnsafeRawBufferPointer(target), shape: [3], dtype: .float32)
        #expect(try tensor.toArray(Float.self) == [1, 2, 3])
    }

    @Test("Values of every type survive the way in and out")
    func types() throws {
        #expect(try Tensor([1.5, -2] as [Double]).toArray(Double.self) == [1.5, -2])
        #expect(try Tensor([1, -2] as [Int]).dtype == .int64)
        #expect(try Tensor([1, -2] as [Int32]).toArray(Int32.self) == [1, -2])
        #expect(try Tensor([1, -2] as [Int16]).toArray(Int16.self) == [1, -2])
        #expect(try Tensor([1, -2] as [Int8]).toArray(Int8.self) == [1, -2])
        #expect(try Tensor([1, 255] as [UInt8]).toArray(UInt8.self) == [1, 255])
        #expect(try Tensor([true, false]).toArray(Bool.self) == [true, false])
        #expect(try Tensor([Float]()).toArray(Float.self) == [])
        for type in ScalarType.allCases {
            #expect(try Tensor.ones([2], dtype: type).dtype == type)
            #expect(try Tensor.ones([2], dtype: type).toArray(Float.self) == [1, 1])
        }
    }

    @Test("Meta tensors have shapes but no values")
    func meta() throws {
        let x = try Tensor.zeros([1 << 20, 1 << 20], device: .meta)
        #expect(try x.matmul(x).shape == [1 << 20, 1 << 20])
        #expect(x.device == .meta)
        #expect(x.dataAddress == nil)
        #expect(throws: TorchError.self) { try x.toArray(Float.self) }
        #expect(throws: TorchError.self) { try x.withUnsafeBytes { $0.count } }
    }
}
