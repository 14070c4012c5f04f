public import PoseCore
public import PyConfig

/// Mirrors an image of hands: left and right hand change places, and so does the sign of the depth between them.
public struct HandRandomFlip: PixelFreeTransform {
    private let flip: RandomFlip

    public init(probability: Double = 0.5) { flip = RandomFlip(probability: probability) }

    /// Arguments: `prob=0.5`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        flip = RandomFlip(probability: try arguments.probability("prob", default: 0.5))
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        try Self.apply(flipping: flip.draw(using: &generator) != nil, to: &sample)
    }

    /// Mirrors a sample, or only records that it was not.
    ///
    /// - Throws: `PoseSampleError` when the sample tells nothing of hands.
    public static func apply(flipping: Bool, to sample: inout PoseSample) throws {
        guard var hands = sample.hands else { throw PoseSampleError.missing("type of hand") }
        guard hands.handType.shape.last == 2 else {
            throw PoseSampleError.shape("the type of hand", expected: "(N, 2)", found: hands.handType.shape)
        }
        try RandomFlip.apply(flipping ? .horizontal : nil, to: &sample)
        guard flipping else { return }
        for start in stride(from: 0, to: hands.handType.count, by: 2) {
            hands.handType.values.elements.swapAt(start, start + 1)
        }
        hands.relativeRootDepth.negate()
        sample.hands = hands
    }
}
