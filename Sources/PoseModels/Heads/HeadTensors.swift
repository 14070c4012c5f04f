public import PoseCore
public import Torch

/// The raw outputs of a head, before decoding.
public enum HeadTensors: Sendable {
    /// One map for each keypoint (UDP's combined form: three): `(B, K, H, W)`.
    case heatmaps(Tensor)
    /// The heatmaps of every stage of a network that refines them, last stage last; that one counts.
    case stages([Tensor])
    /// A distribution over the columns and one over the rows for each keypoint: `(B, K, W·r)` and `(B, K, H·r)`.
    case simcc(x: Tensor, y: Tensor)
    /// Coordinates as parts of the input, `(B, K, 2)`, or with their deviations, `(B, K, 4)`.
    case regression(Tensor)
    /// Coordinates and deviations as `regression` has them, but the deviations before their sigmoid: `(B, K, 4)`.
    case likelihood(Tensor)
    /// Coordinates `(B, K, 2)`, and the normalised maps `(B, K, H, W)` of which they are the mean positions.
    case integral(coordinates: Tensor, heatmaps: Tensor)

    /// The tensors with the names `pose model forward` gives them: their positions.
    public var named: [(name: String, tensor: Tensor)] {
        let tensors =
            switch self {
            case .heatmaps(let tensor), .regression(let tensor), .likelihood(let tensor): [tensor]
            case .stages(let maps): maps
            case .simcc(let x, let y): [x, y]
            case .integral(let coordinates, let heatmaps): [coordinates, heatmaps]
            }
        return tensors.enumerated().map { (String($0.offset), $0.element) }
    }

    /// What a codec decodes of the outputs: heatmaps of one stage, distributions or coordinates.
    ///
    /// - Throws: `ModelError.invalidInput` when there are no stages, `TorchError` when a tensor has another shape.
    public func decodable() throws -> HeadTensors {
        switch self {
        case .heatmaps, .simcc, .regression:
            return self
        case .stages(let maps):
            return .heatmaps(try maps.element(at: -1))
        case .likelihood(let tensor):
            let parts = try tensor.split([2, tensor.size(-1) - 2], dim: -1)
            return .regression(try Tensor.cat([parts[0], parts[1].sigmoid()], dim: -1))
        case .integral(let coordinates, _):
            return .regression(coordinates)
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
        case .regression(let coordinates):
            try coordinates.withBorrowed { try body(.regression($0)) }
        case .stages, .likelihood, .integral:
            try decodable().withOutput(body)
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
