public import PoseCore
public import Torch

/// The raw outputs of a head, before decoding.
public indirect enum HeadTensors: Sendable {
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
    /// The outputs of another head, and how visible each keypoint is: `(B, K)`.
    case visibility(HeadTensors, Tensor)
    /// Maps for each keypoint `(B, K, H, W)`, and maps that tell instances apart `(B, L·K, H, W)`.
    case tagged(heatmaps: Tensor, tags: Tensor)
    /// Maps for each keypoint, the instances' roots last, `(B, K + 1, H, W)`, and the way from there to every keypoint
    /// `(B, 2K, H, W)`.
    case roots(heatmaps: Tensor, displacements: Tensor)
    /// Maps of each instance found in one image `(N, K, H, W)`, and their scores `(N)`.
    case instances(heatmaps: Tensor, scores: Tensor)
    /// Lists of maps, each with one for every level of a pyramid: `(B, C, Hᵢ, Wᵢ)`.
    case levels([[Tensor]])
    /// A transformer's queries: scores before their sigmoid `(B, Q, C)`, boxes as centre and size `(B, Q, 4)`, keypoints
    /// `(B, Q, 3K)`: all coordinates, then as many numbers of confidence; places are parts of the input.
    case queries(scores: Tensor, boxes: Tensor, keypoints: Tensor)
    /// Volumes of both hands `(B, K, D, H, W)`, depth between their roots `(B, 1)` in steps from 0 to `rootSteps`, and which
    /// are there.
    case hands(heatmaps: Tensor, rootDepth: Tensor, presence: HandPresence, rootSteps: Int)
    /// Lifted keypoints `(B, K, 3)`, or of every frame `(B, T, K, 3)`, and where the person is `(B, 1, 3)`.
    case lifted(Tensor, trajectory: Tensor?)

    /// The tensors with the names `pose model forward` gives them: their positions.
    public var named: [(name: String, tensor: Tensor)] {
        let tensors: [Tensor]
        switch self {
        case .visibility(let pose, let visibility):
            let parts = pose.named
            return parts.map { (parts.count == 1 ? "0" : "0.\($0.name)", $0.tensor) } + [("1", visibility)]
        case .levels(let lists):
            return lists.enumerated().flatMap { index, maps in
                maps.enumerated().map { ("\(index).\($0.offset)", $0.element) }
            }
        case .heatmaps(let tensor), .regression(let tensor), .likelihood(let tensor), .instances(let tensor, _):
            tensors = [tensor]
        case .stages(let maps): tensors = maps
        case .simcc(let x, let y): tensors = [x, y]
        case .integral(let coordinates, let heatmaps): tensors = [coordinates, heatmaps]
        case .tagged(let first, let second), .roots(let first, let second): tensors = [first, second]
        case .queries(let scores, let boxes, let keypoints): tensors = [scores, boxes, keypoints]
        case .hands(let heatmaps, let depth, let presence, _): tensors = [heatmaps, depth, presence.values]
        case .lifted(let keypoints, let trajectory): tensors = [keypoints] + (trajectory.map { [$0] } ?? [])
        }
        return tensors.enumerated().map { (String($0.offset), $0.element) }
    }

    /// What a codec decodes of the outputs: heatmaps of one stage, distributions or coordinates.
    ///
    /// - Throws: `ModelError.invalidInput` when there are no stages, `TorchError` when a tensor has another shape.
    public func decodable() throws -> HeadTensors {
        switch self {
        case .heatmaps, .simcc, .regression, .tagged, .roots, .instances, .levels, .queries, .hands, .lifted:
            return self
        case .visibility(let pose, _):
            return try pose.decodable()
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
        case .tagged(let heatmaps, let tags):
            try heatmaps.withBorrowed { maps in
                try tags.withBorrowed { try body(.tagged(heatmaps: maps, tags: $0)) }
            }
        case .roots(let heatmaps, let displacements):
            try heatmaps.withBorrowed { maps in
                try displacements.withBorrowed { try body(.roots(heatmaps: maps, displacements: $0)) }
            }
        case .instances(let heatmaps, let scores):
            try heatmaps.withBorrowed { maps in
                try scores.withBorrowed { try body(.instances([(heatmaps: maps, scores: $0)])) }
            }
        case .queries(let scores, let boxes, let keypoints):
            try scores.sigmoid().withBorrowed { scores in
                try boxes.withBorrowed { boxes in
                    try keypoints.withBorrowed { try body(.queries(scores: scores, boxes: boxes, keypoints: $0)) }
                }
            }
        case .hands(let heatmaps, let depth, let presence, _):
            try heatmaps.withBorrowed { maps in
                try depth.withBorrowed { depth in
                    try presence.signed().withBorrowed {
                        try body(.hands(heatmaps: maps, rootDepth: depth, handType: $0))
                    }
                }
            }
        case .lifted(let keypoints, _):
            try keypoints.withBorrowed { try body(.lifted($0)) }
        case .levels:
            throw ModelError.invalidInput("maps of several levels are for the head to decode, not for a codec")
        case .stages, .likelihood, .integral, .visibility:
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
