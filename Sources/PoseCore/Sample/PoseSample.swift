/// An image with what is known about the instances in it, on its way through a pipeline of transforms.
///
/// N is the number of instances (1 for top-down samples), K of key points. Coordinates are pixels of `image` as it is at
/// that moment; before the first transform, of the image as read.
public struct PoseSample: Sendable {
    // MARK: image

    /// The pixels; nil until `LoadImage`, and for samples of key points alone.
    public var image: Image?
    /// The image while nobody has looked at its pixels yet, in place of `image`: between a `LoadImage` that leaves decoding
    /// to `TopdownAffine`, and that.
    public var deferredImage: DeferredImage?
    /// The same at other scales, for tests that run at several.
    public var imagesAtScales: [Image] = []
    /// Where to read them.
    public var imagePath: String?
    /// Size of the image as read.
    public var originalSize: ImageSize?
    /// Size of the image now, as far as transforms keep account of it.
    public var imageSize: ImageSize?

    // MARK: identity

    /// Whether it is an image with everyone in it (`data_mode='bottomup'`): ids and categories are lists then, also of
    /// one instance.
    public var listsInstances = false
    /// Annotation ids of the instances.
    public var ids: [Int] = []
    public var imageID: Int?
    public var datasetName: String?
    /// How crowded the image is, in CrowdPose: a number, `()`, or the same one for every instance, `(N)`.
    public var crowdIndex: RealArray?
    /// Category of every instance.
    public var categories: [Int] = []
    /// Whether categories are a list also of one instance.
    public var listsCategories = false

    // MARK: instances

    /// `(N, 4)` left, top, right, bottom; or `(N, 4, 2)` the corners of boxes that were rotated.
    public var boxes: RealArray?
    /// `(N)`
    public var boxScores: RealArray?
    /// `(N, 2)`
    public var boxCenters: RealArray?
    /// `(N, 2)`: width and height of the region that becomes the network's input.
    public var boxScales: RealArray?
    /// `(N)` in degrees.
    public var boxRotations: RealArray?
    /// `(N)` in square pixels.
    public var areas: RealArray?
    /// `(N, K, 2 or 3)` in the image as read, but for flips and other transforms of the whole image.
    public var keypoints: RealArray?
    /// `(N, K)`
    public var keypointsVisible: RealArray?
    /// `(N, K)`: whether a visibility may be learned from.
    public var keypointsVisibleWeights: RealArray?
    /// `(N, K, 2 or 3)` in the network's input.
    public var transformedKeypoints: RealArray?
    /// Size of the head for PCKh, `(N, 1)`.
    public var headSizes: RealArray?
    /// Regions of instances that must not be learned from.
    public var invalidRegions: [Segmentation] = []
    /// The same as pixels of the image as read, 1 where invalid; made by transforms that mix samples.
    public var invalidMask: Image?
    /// What 3D hands know besides.
    public var hands: HandAnnotation?
    /// What 3D poses know besides.
    public var lifting: LiftingAnnotation?
    /// `(N, K, 3)` in the camera's space.
    public var cameraKeypoints: RealArray?
    /// 3D key points of every frame `(T, K, 3)`, of which `targetFrames` are the lifting target.
    public var keypoints3D: RealArray?
    public var targetFrames: [Int] = []

    // MARK: dataset

    /// Which key point each becomes in a mirror.
    public var flipIndices: [Int] = []
    public var upperBody: [Int] = []
    public var lowerBody: [Int] = []
    /// How much each key point counts, `(K)`.
    public var datasetKeypointWeights: RealArray?

    /// Other samples of the dataset, for transforms that mix several.
    public var source: (any SampleSource)?

    // MARK: network

    /// Size of the network's input.
    public var inputSize: ImageSize?
    /// Centre of the region that became the input, in the image as read.
    public var inputCenter: SIMD2<Double>?
    /// Width and height of that region.
    public var inputScale: SIMD2<Double>?
    /// Of the region's centre and scale.
    public var inputPrecision = RealPrecision.single
    /// From the image as read to the input, where a transform of the whole image records it.
    public var warp: WarpMatrix?
    /// Whether the image is mirrored; nil until a transform has had the choice.
    public var flipped: Bool?
    public var flipDirection: FlipDirection?
    /// What `GenerateTarget` made.
    public var targets: SampleTargets?
    /// What `PackPoseInputs` made.
    public var packed: PackedSample?
    /// Arrays of a dataset that no transform needs to know.
    public var extras: [String: AnyNDArray] = [:]

    /// Set by a transform that finds nothing to learn from in the sample: why. A loader takes another instead.
    public var rejection: String?

    public init() {}

    /// One box of an image, without an annotation, as inference has it.
    ///
    /// - Throws: nothing in practice; the shapes are fixed.
    public init(image: Image, box: Box) throws {
        self.image = image
        originalSize = ImageSize(width: image.width, height: image.height)
        imageSize = originalSize
        boxes = try RealArray(box.xyxy, shape: [1, 4])
        boxScores = try RealArray([1], shape: [1])
    }

    /// An image without annotations, as inference of everybody in it has it.
    public init(image: Image) {
        self.image = image
        originalSize = image.size
        imageSize = image.size
    }

    /// Number of instances, by whichever of their arrays there is.
    public var instanceCount: Int {
        keypoints?.shape.first ?? boxes?.shape.first ?? boxCenters?.shape.first ?? ids.count
    }

    /// Points of the network's input as points of the image as read; depths stay.
    ///
    /// - Throws: `PoseSampleError.missing` before a transform has cut out the input.
    public func inImage(_ keypoints: Keypoints) throws -> Keypoints {
        guard let inputSize, let inputCenter, let inputScale else {
            throw PoseSampleError.missing("the region of the network's input (TopdownAffine or BottomupResize)")
        }
        let size = SIMD2(Double(inputSize.width), Double(inputSize.height))
        var result = keypoints
        result.points = keypoints.points.map { $0 / size * inputScale + inputCenter - 0.5 * inputScale }
        return result
    }
}

/// Samples before any transform, by number.
public protocol SampleSource: Sendable {
    var count: Int { get }
    /// - Throws: when the sample cannot be made.
    func sample(at index: Int) throws -> PoseSample
}

/// Which way an image is mirrored.
public enum FlipDirection: String, Hashable, Sendable, CaseIterable {
    case horizontal, vertical, diagonal
}

/// A map of the plane that a transform applied to an image.
public struct WarpMatrix: Hashable, Sendable {
    /// Row-major: six numbers, or nine for a perspective.
    public var values: [Double]
    /// Whether what comes from outside the image counts as part of it in masks.
    public var countsOutside: Bool

    public init(_ values: [Double], countsOutside: Bool = false) {
        self.values = values
        self.countsOutside = countsOutside
    }
}

/// Targets of a sample, made by one codec or several.
public struct SampleTargets: Sendable {
    /// `gt_instance_labels`.
    public var labels: [String: AnyNDArray]
    /// `gt_fields`: a single array, or one per level.
    public var fields: [String: [AnyNDArray]]
    /// Whether fields have levels, even if it is one.
    public var isMultilevel: Bool
    /// Values that stand in for the annotation's own in `gt_instances`.
    public var instances: [String: AnyNDArray]
    /// What the network gets when its input is key points rather than an image.
    public var inputs: AnyNDArray?
    /// Facts that decoding or metrics ask for.
    public var metadata: [String: AnyNDArray]
    public var packing: TargetPacking

    public init(
        labels: [String: AnyNDArray] = [:], fields: [String: [AnyNDArray]] = [:], isMultilevel: Bool = false,
        instances: [String: AnyNDArray] = [:], inputs: AnyNDArray? = nil, metadata: [String: AnyNDArray] = [:],
        packing: TargetPacking = TargetPacking()
    ) {
        self.labels = labels
        self.fields = fields
        self.isMultilevel = isMultilevel
        self.instances = instances
        self.inputs = inputs
        self.metadata = metadata
        self.packing = packing
    }
}

/// A sample as training and evaluation take it, under MMPose's names and with its element types.
public struct PackedSample: Sendable {
    /// `(C, H, W)` of an image as it is, or a lifter's input.
    public var inputs: AnyNDArray
    /// `gt_instances`.
    public var instances: [String: AnyNDArray]
    /// `gt_instance_labels`.
    public var labels: [String: AnyNDArray]
    /// `gt_fields`; levels as `name.0`, `name.1`, ….
    public var fields: [String: AnyNDArray]
    /// The asked-for facts about the sample.
    public var metainfo: [String: AnyNDArray]

    public init(
        inputs: AnyNDArray, instances: [String: AnyNDArray] = [:], labels: [String: AnyNDArray] = [:],
        fields: [String: AnyNDArray] = [:], metainfo: [String: AnyNDArray] = [:]
    ) {
        self.inputs = inputs
        self.instances = instances
        self.labels = labels
        self.fields = fields
        self.metainfo = metainfo
    }

    /// Everything under the names of a dumped sample: `inputs`, `gt_instances/…`, `gt_instance_labels/…`, `gt_fields/…`,
    /// `metainfo/…`.
    public var arrays: [(name: String, array: AnyNDArray)] {
        var result = [(name: "inputs", array: inputs)]
        for (prefix, group) in [
            ("gt_instances", instances), ("gt_instance_labels", labels), ("gt_fields", fields), ("metainfo", metainfo),
        ] {
            result += group.sorted { $0.key < $1.key }.map { (name: "\(prefix)/\($0.key)", array: $0.value) }
        }
        return result
    }
}

/// A sample that lacks what a transform needs.
public enum PoseSampleError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(String)
    case shape(String, expected: String, found: [Int])
    /// A value that cannot be used.
    case invalid(String)

    public var description: String {
        switch self {
        case .missing(let what): "the sample has no \(what)"
        case .shape(let name, let expected, let found): "\(name) must have shape \(expected), not \(found)"
        case .invalid(let problem): problem
        }
    }
}
