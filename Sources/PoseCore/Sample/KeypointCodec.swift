import Dispatch

/// Translates between key points and what a network learns: `encode` makes training targets, `decode` reads a head's
/// output. Built once from the config's `codec` and used for both.
public protocol KeypointCodec: Sendable {
    /// Training targets of one sample.
    ///
    /// - Parameter generator: where random draws come from; codecs that draw nothing leave it alone.
    /// - Throws: `CodecError` for shapes that do not fit.
    func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets

    /// The poses in image `index` of a batch, in pixels of the network's input (lifting: in the camera's space).
    ///
    /// A codec for one instance gives exactly one pose. Numbers are MMPose's: where it keeps float32, values are rounded
    /// to it.
    /// - Throws: `CodecError` for another kind of output, shapes that do not fit, or an index out of range.
    func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose]

    /// A key point's score as a number from 0 to 1 that grows with it.
    func confidence(score: Double) -> Double

    /// How targets are packed besides the names in `EncodedTargets`.
    var packing: TargetPacking { get }
}

/// What decoding needs to know about a sample besides the network's output. Only lifting and transformer codecs ask.
public struct DecodingContext: Sendable {
    /// Where the root was before it was subtracted, one per decoded pose: `(3)` or `(T, 3)`.
    public var targetRoot: RealArray?
    /// Width and height of the image, or of the camera's frame.
    public var imageSize: SIMD2<Double>?
    /// Millimetres a unit of the normalised pose stands for, `(T)`.
    public var factor: RealArray?

    public init(targetRoot: RealArray? = nil, imageSize: SIMD2<Double>? = nil, factor: RealArray? = nil) {
        self.targetRoot = targetRoot
        self.imageSize = imageSize
        self.factor = factor
    }
}

/// One instance as a codec found it.
public struct DecodedPose: Hashable, Sendable {
    /// Points in pixels of the network's input.
    public var keypoints: Keypoints
    /// How visible each key point is, from 0 to 1, when the codec tells.
    public var visibility: [Double]?
    /// Score of the instance as a whole, when the codec tells.
    public var score: Double?
    /// Box in pixels of the network's input, when the codec or head tells.
    public var box: Box?
    /// What codecs for two hands tell.
    public var hands: DecodedHands?

    public init(
        keypoints: Keypoints, visibility: [Double]? = nil, score: Double? = nil, box: Box? = nil,
        hands: DecodedHands? = nil
    ) {
        self.keypoints = keypoints
        self.visibility = visibility
        self.score = score
        self.box = box
        self.hands = hands
    }
}

/// How two hands stand to each other.
public struct DecodedHands: Hashable, Sendable, Codable {
    private enum CodingKeys: String, CodingKey {
        case relativeRootDepth = "relative_root_depth"
        case present = "right_left"
    }

    /// Depth of the left wrist minus the right one's, in millimetres.
    public var relativeRootDepth: Double
    /// Whether there is a right and a left hand.
    public var present: [Bool]

    public init(relativeRootDepth: Double, present: [Bool]) {
        self.relativeRootDepth = relativeRootDepth
        self.present = present
    }
}

/// Which of a sample's own arrays are packed next to a codec's targets.
public struct TargetPacking: Hashable, Sendable {
    /// Names of the sample's arrays in `gt_instances`; nil stands for the usual ones.
    public var instances: [String]?
    /// Whether `keypoints_visible_weights` goes with the labels.
    public var visibleWeights: Bool
    /// Whether `heatmap_mask` goes with the fields.
    public var heatmapMask: Bool

    public init(instances: [String]? = nil, visibleWeights: Bool = false, heatmapMask: Bool = false) {
        self.instances = instances
        self.visibleWeights = visibleWeights
        self.heatmapMask = heatmapMask
    }
}

extension KeypointCodec {
    public var packing: TargetPacking { TargetPacking() }

    /// The score cut to 0…1; not a number counts as 0.
    public func confidence(score: Double) -> Double { score > 0 ? min(score, 1) : 0 }

    /// The poses in one image of a batch, by codecs that need no context.
    public func decode(_ output: HeadOutput, image index: Int = 0) throws -> [DecodedPose] {
        try decode(output, image: index, context: DecodingContext())
    }

    /// The poses of every image of a batch, in order.
    ///
    /// - Parameters:
    ///   - contexts: one per image, or none.
    ///   - threads: how many images may be decoded at once.
    /// - Throws: the first image's `CodecError`.
    public func decodeBatch(
        _ output: HeadOutput, contexts: [DecodingContext] = [], threads: Int = 1
    ) throws -> [[DecodedPose]] {
        let count = output.batchCount
        @Sendable func one(_ index: Int) throws -> [DecodedPose] {
            try decode(output, image: index, context: index < contexts.count ? contexts[index] : DecodingContext())
        }
        let workers = min(threads, count)
        guard workers > 1 else { return try (0..<count).map(one) }
        var results = [Result<[DecodedPose], any Error>?](repeating: nil, count: count)
        results.withUnsafeMutableBufferPointer { slots in
            // Every image is written by exactly one worker.
            nonisolated(unsafe) let slots = slots
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                for index in stride(from: worker, to: count, by: workers) {
                    slots[index] = Result { try one(index) }
                }
            }
        }
        return try results.compactMap { try $0?.get() }
    }
}
