/// Floats of an inference engine, looked at in place: contiguous, row-major, not owned.
///
/// The memory must outlive the view; make one inside `withUnsafeBufferPointer` or the engine's equivalent and let it go
/// before that returns.
public struct BorrowedArray: @unchecked Sendable {
    public let values: UnsafeBufferPointer<Float>
    public let shape: [Int]

    /// - Throws: `NDArrayError` when values and shape disagree.
    public init(_ values: UnsafeBufferPointer<Float>, shape: [Int]) throws {
        let count = try NDArray<Float>.count(of: shape)
        guard values.count == count else { throw NDArrayError.count(values.count, shape: shape) }
        self.values = values
        self.shape = shape
    }

    private init(unchecked values: UnsafeBufferPointer<Float>, shape: [Int]) {
        self.values = values
        self.shape = shape
    }

    public var rank: Int { shape.count }
    public var count: Int { values.count }

    /// The part at an index of the first dimension; nil when there is none.
    public func part(_ index: Int) -> BorrowedArray? {
        guard let extent = shape.first, (0..<extent).contains(index) else { return nil }
        let size = values.count / extent
        let part = UnsafeBufferPointer(rebasing: values[index * size..<(index + 1) * size])
        return BorrowedArray(unchecked: part, shape: Array(shape.dropFirst()))
    }
}

extension NDArray where Element == Float {
    /// Lends the values to `body` without copying them.
    public func withBorrowed<R>(_ body: (BorrowedArray) throws -> R) throws -> R {
        try withUnsafeBufferPointer { try body(try BorrowedArray($0, shape: shape)) }
    }
}

/// What a head gives for a batch of images, as its codec decodes it. The first dimension of every array is the image.
public enum HeadOutput: Sendable {
    /// One map a key point, `(B, K, H, W)`; UDP's combined maps have three.
    case heatmaps(BorrowedArray)
    /// Two classifications a key point: along x `(B, K, Wx)` and y `(B, K, Wy)`.
    case simcc(x: BorrowedArray, y: BorrowedArray)
    /// Coordinates as parts of the input `(B, K, 2)`, or with their uncertainty `(B, K, 4)`.
    case regression(BorrowedArray)
    /// Maps with the instances' roots in the last channel `(B, 1 or K + 1, H, W)`, and from there the way to every key
    /// point `(B, 2K, H, W)`.
    case roots(heatmaps: BorrowedArray, displacements: BorrowedArray)
    /// One map a key point `(B, K, H, W)`, and maps that tell instances apart `(B, L·K, H, W)`.
    case tagged(heatmaps: BorrowedArray, tags: BorrowedArray)
    /// For every image maps of each instance found `(N, K, H, W)`, and their scores `(N)` or `(N, 1)`.
    case instances([(heatmaps: BorrowedArray, scores: BorrowedArray)])
    /// A transformer's queries: scores `(B, Q, C)`, boxes as centre and size `(B, Q, 4)`, key points `(B, Q, 3K)`: all
    /// coordinates, then as many numbers of confidence.
    case queries(scores: BorrowedArray, boxes: BorrowedArray, keypoints: BorrowedArray)
    /// Volumes `(B, K, D, H, W)` of both hands, depth between their roots `(B, 1)`, and which are there `(B, 2)`.
    case hands(heatmaps: BorrowedArray, rootDepth: BorrowedArray, handType: BorrowedArray)
    /// Lifted key points `(B, K, 3)`, or of every frame `(B, T, K, 3)`.
    case lifted(BorrowedArray)

    /// What messages call it.
    public var name: String {
        switch self {
        case .heatmaps: "heatmaps"
        case .simcc: "simcc"
        case .regression: "regression"
        case .roots: "roots and displacements"
        case .tagged: "heatmaps and tags"
        case .instances: "instances' heatmaps"
        case .queries: "queries"
        case .hands: "hands' volumes"
        case .lifted: "lifted key points"
        }
    }

    /// Number of images.
    public var batchCount: Int {
        switch self {
        case .heatmaps(let array), .simcc(let array, _), .regression(let array), .roots(let array, _),
            .tagged(let array, _), .queries(let array, _, _), .hands(let array, _, _), .lifted(let array):
            array.shape.first ?? 0
        case .instances(let images): images.count
        }
    }
}
