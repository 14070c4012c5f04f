/// An annotated sample as codecs see it: coordinates in pixels of the network's input.
public struct KeypointAnnotation: Sendable {
    /// `(N, K, 2 or 3)`; for lifting the frames' 2D key points `(T, K, 2)`.
    public var keypoints: RealArray
    /// `(N, K)`. Below 0.5 a key point is not annotated.
    public var visible: RealArray
    /// Boxes as corners: `(N, 4)` left, top, right, bottom, or `(N, 4, 2)` four points.
    public var boxes: RealArray?
    /// Area of every instance.
    public var areas: RealArray?
    /// Category of every instance, from 1.
    public var categories: [Int]
    /// Size of the image that coordinates refer to, for codecs that have none of their own.
    public var imageSize: ImageSize?
    /// How much each key point counts in this dataset, `(1, K)`.
    public var datasetKeypointWeights: RealArray?
    /// What 3D hands need besides.
    public var hands: HandAnnotation?
    /// What lifting needs besides.
    public var lifting: LiftingAnnotation?

    /// - Parameter visible: all visible when nil.
    /// - Throws: `NDArrayError` when key points have fewer than two dimensions.
    public init(keypoints: RealArray, visible: RealArray? = nil) throws {
        guard keypoints.rank >= 2 else { throw NDArrayError.rank(keypoints.rank, needed: 2) }
        self.keypoints = keypoints
        self.visible = try visible ?? RealArray(repeating: 1, shape: Array(keypoints.shape.dropLast()))
        self.categories = []
    }
}

/// A sample of two interacting hands.
public struct HandAnnotation: Sendable {
    /// Depth of the left wrist minus the right one's, in millimetres.
    public var relativeRootDepth: Double
    /// Whether that is known.
    public var relativeRootValid: Double
    /// Which hands are there, `(1, 2)`: right, left.
    public var handType: RealArray
    /// Whether that is known, `(1)`.
    public var handTypeValid: RealArray

    public init(
        relativeRootDepth: Double, relativeRootValid: Double, handType: RealArray, handTypeValid: RealArray
    ) {
        self.relativeRootDepth = relativeRootDepth
        self.relativeRootValid = relativeRootValid
        self.handType = handType
        self.handTypeValid = handTypeValid
    }
}

/// A 3D pose and the camera that saw it.
public struct LiftingAnnotation: Sendable {
    /// `(T, K, 3)` or `(K, 3)` in the camera's space.
    public var target: RealArray
    /// `(T, K)` or `(K)`; all visible when nil.
    public var targetVisible: RealArray?
    public var camera: LiftingCamera?
    /// Millimetres a unit of the normalised pose stands for, `(T)`; nil or 0 means unknown.
    public var factor: RealArray?

    public init(
        target: RealArray, targetVisible: RealArray? = nil, camera: LiftingCamera? = nil, factor: RealArray? = nil
    ) {
        self.target = target
        self.targetVisible = targetVisible
        self.camera = camera
        self.factor = factor
    }
}

/// The camera parameters that lifting codecs use, in pixels.
public struct LiftingCamera: Hashable, Sendable {
    public var width, height: Double
    /// Focal lengths along x and y.
    public var focal: SIMD2<Double>?
    /// Principal point.
    public var center: SIMD2<Double>?
    /// Of focal lengths and principal point.
    public var precision: RealPrecision

    public init(
        width: Double, height: Double, focal: SIMD2<Double>? = nil, center: SIMD2<Double>? = nil,
        precision: RealPrecision = .single
    ) {
        self.precision = precision
        self.width = width
        self.height = height
        self.focal = focal
        self.center = center
    }
}

/// Training targets made from key points, under the names MMPose packs them with.
public struct EncodedTargets: Sendable {
    /// One value per instance or key point: `gt_instance_labels`.
    public var labels: [String: AnyNDArray]
    /// Maps: `gt_fields`.
    public var fields: [String: AnyNDArray]
    /// Values that stand in for the annotation's own in `gt_instances`.
    public var instances: [String: AnyNDArray]
    /// What the network gets when its input is key points rather than an image.
    public var inputs: AnyNDArray?
    /// Facts about the sample that decoding or metrics ask for.
    public var metadata: [String: AnyNDArray]

    public init(
        labels: [String: AnyNDArray] = [:], fields: [String: AnyNDArray] = [:], instances: [String: AnyNDArray] = [:],
        inputs: AnyNDArray? = nil, metadata: [String: AnyNDArray] = [:]
    ) {
        self.labels = labels
        self.fields = fields
        self.instances = instances
        self.inputs = inputs
        self.metadata = metadata
    }
}
