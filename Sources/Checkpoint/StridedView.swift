/// The arithmetic of a strided view, checked: what a hostile file can say about a tensor without lying inside its
/// storage ends here.
struct StridedView {
    let strides: [Int]
    let elementCount: Int
    /// Bytes from the first to the last element reached, both included; 0 when empty.
    let span: Int

    /// An expanded dimension (stride 0) may make a tensor larger than its storage. Real ones are small; beyond this
    /// many bytes and this many times the storage it is a bomb.
    private static let expansionBytes = 64 << 20
    private static let expansionFactor = 64
    /// PyTorch itself allows 64 dimensions in most operators.
    private static let maximumRank = 64

    init(shape: [Int], strides: [Int]?, elementSize: Int, byteOffset: Int, storageBytes: Int) throws {
        guard shape.count <= Self.maximumRank else {
            throw CheckpointError.Reason.limit("a tensor has \(shape.count) dimensions")
        }
        let count = try Self.product(shape)
        let steps = try strides ?? Self.contiguousStrides(shape)
        guard steps.count == shape.count else {
            throw CheckpointError.Reason.malformed("shape \(shape) comes with \(steps.count) strides")
        }
        guard steps.allSatisfy({ $0 >= 0 }) else {
            throw CheckpointError.Reason.malformed("negative stride in \(steps)")
        }
        guard byteOffset >= 0, byteOffset <= storageBytes else {
            throw CheckpointError.Reason.malformed(
                "a tensor of shape \(shape) starts at byte \(byteOffset) of a storage of \(storageBytes) bytes")
        }
        let span = count == 0 ? 0 : try Self.span(shape: shape, strides: steps, elementSize: elementSize)
        guard span <= storageBytes - byteOffset else {
            throw CheckpointError.Reason.malformed(
                "a tensor of shape \(shape), strides \(steps) at byte \(byteOffset) leaves its storage of "
                    + "\(storageBytes) bytes")
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: elementSize)
        guard !overflow, bytes <= Self.expansionBytes || bytes / Self.expansionFactor <= storageBytes else {
            throw CheckpointError.Reason.limit(
                "shape \(shape) expands a storage of \(storageBytes) bytes beyond reason")
        }
        self.strides = steps
        self.elementCount = count
        self.span = span
    }

    /// The number of elements of `shape`. A 0 anywhere wins only if the other sizes alone do not overflow.
    static func product(_ shape: [Int]) throws -> Int {
        var result = 1
        var isEmpty = false
        for size in shape {
            guard size >= 0 else { throw CheckpointError.Reason.malformed("negative size in shape \(shape)") }
            if size == 0 {
                isEmpty = true
                continue
            }
            let (next, overflow) = result.multipliedReportingOverflow(by: size)
            guard !overflow else { throw CheckpointError.Reason.malformed("shape \(shape) overflows") }
            result = next
        }
        return isEmpty ? 0 : result
    }

    /// Row-major strides; as PyTorch, a size of 0 counts as 1.
    static func contiguousStrides(_ shape: [Int]) throws -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        var step = 1
        for dimension in shape.indices.reversed() {
            strides[dimension] = step
            let (next, overflow) = step.multipliedReportingOverflow(by: max(shape[dimension], 1))
            guard !overflow else { throw CheckpointError.Reason.malformed("shape \(shape) overflows") }
            step = next
        }
        return strides
    }

    private static func span(shape: [Int], strides: [Int], elementSize: Int) throws -> Int {
        var last = 0
        for (size, stride) in zip(shape, strides) {
            let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, carried) = last.addingReportingOverflow(reach)
            guard !overflow, !carried else {
                throw CheckpointError.Reason.malformed("strides \(strides) of shape \(shape) overflow")
            }
            last = sum
        }
        let (elements, carried) = last.addingReportingOverflow(1)
        let (bytes, overflow) = elements.multipliedReportingOverflow(by: elementSize)
        guard !overflow, !carried else {
            throw CheckpointError.Reason.malformed("strides \(strides) of shape \(shape) overflow")
        }
        return bytes
    }
}
