public import PoseCore
public import Torch

/// The raw outputs of a head, before decoding.
public enum HeadTensors: Sendable {
    /// One map for each keypoint (UDP's combined form: three): `(B, K, H, W)`.
    case heatmaps(Tensor)
    /// A distribution over the columns and one over the rows for each keypoint: `(B, K, W·r)` and `(B, K, H·r)`.
    case simcc(x: Tensor, y: Tensor)

    /// The tensors with the names `pose model forward` gives them: their positions.
    public var named: [(name: String, tensor: Tensor)] {
        switch self {
        case .heatmaps(let maps): [("0", maps)]
        case .simcc(let x, let y): [("0", x), ("1", y)]
        }
    }

    /// Lends the outputs to a codec.
    ///
    /// - Throws: `TorchError` when a tensor cannot be brought to the CPU as contiguous float32.
    public func withOutput<R>(_ body: (HeadOutput) throws -> R) throws -> R {
        switch self {
        case .heatmaps(let maps):
            try maps.withBorrowed { try body(.heatmaps($0)) }
        case .simcc(let x, let y):
            try x.withBorrowed { x in try y.withBorrowed { y in try body(.simcc(x: x, y: y)) } }
        }
    }
}

extension Tensor {
    /// Lends the elements as floats, in place when they are contiguous floats on the CPU already.
    func withBorrowed<R>(_ body: (BorrowedArray) throws -> R) throws -> R {
        let tensor = try to(.cpu).to(.float32).contiguous()
        let shape = tensor.shape
        return try tensor.withUnsafeBytes { bytes in
            try body(BorrowedArray(bytes.bindMemory(to: Float.self), shape: shape))
        }
    }
}
