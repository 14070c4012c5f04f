public import PoseCore
public import PyConfig
public import Torch

/// A head that finds everybody in an image.
public protocol BottomupHead: Head {
    /// The people in one image, in pixels of the network's input, in MMPose's order and with its scores.
    ///
    /// - Parameter scales: the features of the image at every scale it was run at, the first at its own.
    /// - Throws: `ModelError.invalidInput` when the head cannot do what the test asks for, what the codec throws.
    func people(_ scales: [TestTimeFeatures], _ test: BottomupTest) throws -> [DecodedPose]

    /// Which ways of testing the head knows besides running once.
    var augmentations: TestTimeAugmentations { get }

    /// How keys of older versions that are outside of the head become the head's.
    var modelConversions: [any StateDictRule] { get }
}

extension BottomupHead {
    public var modelConversions: [any StateDictRule] { [] }
}

/// Ways to run one image several times.
public struct TestTimeAugmentations: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// As it is and mirrored.
    public static let flip = TestTimeAugmentations(rawValue: 1)
    /// At several sizes.
    public static let scales = TestTimeAugmentations(rawValue: 2)
}

/// What backbone and neck give for one image at one scale.
public struct TestTimeFeatures: Sendable {
    /// `(1, C, H, W)`, one or several.
    public let maps: [Tensor]
    /// The same of the mirror image, when the config asks for a flip test.
    public let mirrored: [Tensor]?

    public init(maps: [Tensor], mirrored: [Tensor]? = nil) {
        self.maps = maps
        self.mirrored = mirrored
    }
}

extension [TestTimeFeatures] {
    /// Those of the image at its own scale.
    func atOwnScale() throws -> TestTimeFeatures {
        guard let first else { throw ModelError.invalidInput("there are no features of the image") }
        return first
    }
}

/// What a bottom-up head needs to know besides the features.
public struct BottomupTest: Sendable {
    /// What the config's `test_cfg` asks for.
    public var settings: BottomupSettings
    /// The codec of the head, if the config has one.
    public var codec: (any KeypointCodec)?
    /// For each keypoint, the one that takes its place in a mirror image.
    public var flipIndices: [Int]
    /// Keypoints that a limb connects.
    public var links: [SIMD2<Int>]
    /// Of the network, at the image's own scale.
    public var inputSize: ImageSize

    public init(
        settings: BottomupSettings, codec: (any KeypointCodec)?, flipIndices: [Int], links: [SIMD2<Int>],
        inputSize: ImageSize
    ) {
        self.settings = settings
        self.codec = codec
        self.flipIndices = flipIndices
        self.links = links
        self.inputSize = inputSize
    }

    /// What the codec reads off maps of one image.
    ///
    /// - Throws: `ModelError.invalidInput` when the config names none, `CodecError`.
    func decode(_ output: HeadTensors) throws -> [DecodedPose] {
        guard let codec else { throw ModelError.invalidInput("model.head has no decoder, the codec of its outputs") }
        let context = DecodingContext(imageSize: SIMD2(Double(inputSize.width), Double(inputSize.height)))
        return try output.withOutput { try codec.decode($0, image: 0, context: context) }
    }

    /// The flip indices as a tensor.
    func flipIndexTensor(count: Int) throws -> Tensor {
        guard flipIndices.count == count else {
            throw ModelError.invalidInput("a flip test of \(count) keypoints with \(flipIndices.count) flip indices")
        }
        return try Tensor(flipIndices, shape: [count])
    }
}

/// The `test_cfg` of a bottom-up model.
public struct BottomupSettings: Sendable {
    /// `flip_test`
    public var flips = false
    /// `multiscale_test`
    public var usesScales = false
    /// `shift_heatmap`: mirrored maps move right by one pixel.
    public var shiftsHeatmap = false
    /// `align_corners`, when maps are resized.
    public var alignsCorners = false
    /// `restore_heatmap_size`: maps are brought to the size of the input.
    public var restoresSize = false
    /// `score_thr`: one-stage heads leave out what scores no more.
    public var scoreThreshold = 0.01
    /// `nms_thr`: of boxes that overlap more, one-stage heads keep the best; from 1 on they keep all.
    public var overlapThreshold = 1.0
    /// `nms_pre`: so many go into the suppression at most.
    public var candidates = 100_000
    /// `nms_dist_thr`: keypoints closer than this part of a pose's diagonal are the same; 0 for no such suppression.
    public var nearbyDistance = 0.0
    /// `nms_joints_thr`: with more such keypoints two poses are the same; half of them when nil.
    public var nearbyKeypoints: Int?
    /// `max_num_people` that this suppression keeps.
    public var maximalPeople = 30
    /// `blur_kernel_size`: of the smoothing of maps.
    public var blurKernel = 3
    /// `max_instances`: so many roots at most.
    public var maximalInstances = 30
    /// `score_threshold`: a root must score more.
    public var rootThreshold = 0.01
    /// `output_keypoint_indices`: the keypoints to report, when the model predicts more.
    public var outputKeypointIndices: [Int]?

    /// MMPose's defaults.
    public init() {}

    /// Reads a `test_cfg`.
    ///
    /// - Throws: `ConfigError` for values that make no sense and names that are none.
    public init(testing arguments: Arguments) throws {
        flips = try arguments.bool("flip_test", default: flips)
        usesScales = try arguments.bool("multiscale_test", default: usesScales)
        shiftsHeatmap = try arguments.bool("shift_heatmap", default: shiftsHeatmap)
        alignsCorners = try arguments.bool("align_corners", default: alignsCorners)
        restoresSize = try arguments.bool("restore_heatmap_size", default: restoresSize)
        scoreThreshold = try arguments.double("score_thr", default: scoreThreshold)
        overlapThreshold = try arguments.double("nms_thr", default: overlapThreshold)
        candidates = try arguments.int("nms_pre", default: candidates, in: 0...Int(Int32.max))
        nearbyDistance = try arguments.double("nms_dist_thr", default: nearbyDistance)
        nearbyKeypoints = try arguments.optionalInt("nms_joints_thr")
        maximalPeople = try arguments.int("max_num_people", default: maximalPeople)
        blurKernel = try arguments.int("blur_kernel_size", default: blurKernel, in: 1...255)
        maximalInstances = try arguments.int("max_instances", default: maximalInstances, in: 0...Int(Int32.max))
        rootThreshold = try arguments.double("score_threshold", default: rootThreshold)
        outputKeypointIndices = try arguments.optionalInts("output_keypoint_indices")
        // Each head has one flip mode; maps are shown by other means; what MMPose reads when it exports a model; a zoo
        // config's misspelling, and a number its codec has too.
        arguments.ignore(
            "flip_mode", "shift_coords", "output_heatmaps", "input_size", "Pmultiscale_test", "num_select")
        guard blurKernel % 2 == 1 else { throw arguments.invalid("blur_kernel_size", "must be odd") }
        try arguments.finish()
    }
}
