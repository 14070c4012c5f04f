public import PoseCore
public import PyConfig

/// Mirrors the image with its boxes and key points, left and right exchanged.
public struct RandomFlip: PixelFreeTransform {
    /// Directions with the probability of each; together at most 1.
    public let choices: [(direction: FlipDirection, probability: Double)]

    public init(probability: Double = 0.5, direction: FlipDirection = .horizontal) {
        choices = [(direction, probability)]
    }

    /// Arguments: `prob=0.5` (shared by the directions, or one for each), `direction='horizontal'` (or several of
    /// 'horizontal', 'vertical', 'diagonal').
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        let directions = try arguments.strings("direction", default: ["horizontal"], orScalar: true).map { name in
            guard let direction = FlipDirection(rawValue: name) else {
                throw arguments.invalid("direction", "expected horizontal, vertical or diagonal, found '\(name)'")
            }
            return direction
        }
        let given = try arguments.doubles("prob", default: [0.5], orScalar: true)
        let isShared = arguments.value("prob")?.arrayValue == nil
        let shared = Array(repeating: given[0] / Double(max(directions.count, 1)), count: directions.count)
        let probabilities = isShared ? shared : given
        guard probabilities.count == directions.count, !directions.isEmpty else {
            throw arguments.invalid("prob", "\(given.count) probabilities for \(directions.count) directions")
        }
        guard probabilities.allSatisfy({ $0 >= 0 }), probabilities.reduce(0, +) <= 1 + 1e-9 else {
            throw arguments.invalid("prob", "probabilities must be 0 or more and at most 1 together: \(given)")
        }
        choices = Array(zip(directions, probabilities)).map { (direction: $0.0, probability: $0.1) }
    }

    /// The direction for the next sample; nil leaves it as it is.
    public func draw(using generator: inout some RandomNumberGenerator) -> FlipDirection? {
        var rest = generator.uniform()
        for (direction, probability) in choices {
            if rest < probability { return direction }
            rest -= probability
        }
        return nil
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        try Self.apply(draw(using: &generator), to: &sample)
    }

    /// Mirrors a sample; nil only records that it was not.
    ///
    /// - Throws: `PoseSampleError` for key points that `flipIndices` does not fit.
    public static func apply(_ direction: FlipDirection?, to sample: inout PoseSample) throws {
        sample.flipped = direction != nil
        sample.flipDirection = direction
        guard let direction else { return }
        let size = try sample.extent()
        let mirror = Mirror(direction: direction, size: size)
        sample.image = try sample.image?.flipped(
            horizontal: direction != .vertical, vertical: direction != .horizontal)
        sample.deferredImage = sample.deferredImage?.flipped(
            horizontal: direction != .vertical, vertical: direction != .horizontal)
        sample.boxes = try sample.boxes.map(mirror.boxes)
        sample.boxCenters = sample.boxCenters.map(mirror.points)
        guard sample.keypoints != nil else { return }
        let (keypoints, visible) = try sample.requiredKeypoints()
        let order = direction == .diagonal ? Array(0..<keypoints.shape[1]) : sample.flipIndices
        guard order.count == keypoints.shape[1], order.allSatisfy(order.indices.contains) else {
            throw PoseSampleError.invalid("flip indices \(order) do not belong to \(keypoints.shape[1]) key points")
        }
        sample.keypoints = mirror.keypoints(try keypoints.columns(order))
        sample.keypointsVisible = try visible.columns(order)
        sample.keypointsVisibleWeights = try sample.keypointsVisibleWeights?.columns(order)
    }
}

/// Where coordinates are in a mirror image. MMPose computes some of them as `(w - x) - 1` and others as `(w - 1) - x`,
/// which can differ in the last bit.
private struct Mirror {
    let direction: FlipDirection
    private let extent: [Double]

    init(direction: FlipDirection, size: ImageSize) {
        self.direction = direction
        extent = [Double(size.width), Double(size.height)]
    }

    private func mirrors(_ axis: Int) -> Bool {
        switch direction {
        case .horizontal: axis == 0
        case .vertical: axis == 1
        case .diagonal: true
        }
    }

    /// Points or corners `(…, 2)`.
    func points(_ array: RealArray) -> RealArray {
        array.mapCoordinates { value, axis in
            mirrors(axis) ? array.precision.round(extent[axis] - value) - 1 : value
        }
    }

    /// Boxes `(N, 4)` left, top, right, bottom, whose sides change places; or their corners `(N, 4, 2)`.
    func boxes(_ array: RealArray) throws -> RealArray {
        guard array.rank == 2 else { return points(array) }
        guard array.shape[1] == 4 else {
            throw PoseSampleError.shape("boxes", expected: "(N, 4)", found: array.shape)
        }
        var result = points(array)
        for start in stride(from: 0, to: array.count, by: 4) {
            for axis in 0..<2 where mirrors(axis) { result.values.elements.swapAt(start + axis, start + axis + 2) }
        }
        return result
    }

    /// Key points `(N, K, D)`; along the diagonal of double precision, as MMPose has them.
    func keypoints(_ array: RealArray) -> RealArray {
        if direction == .diagonal { return points(array.converted(to: .double)) }
        return array.mapCoordinates { value, axis in mirrors(axis) ? extent[axis] - 1 - value : value }
    }
}
