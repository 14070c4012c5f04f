public import PoseCore

/// Predictions for one sample of a dataset beside its annotation: all that metrics ask for.
///
/// N is the number of instances (1 for top-down samples), K of key points. 2D coordinates are pixels of the image as read.
/// Where a sample is an image with everyone in it, predictions and annotations may differ in N.
public struct EvaluatedSample: Codable, Sendable {
    // MARK: what was predicted

    /// `(N, K, 2 or 3)`; of lifters `(T, K, 3)`.
    public var predicted: RealArray
    /// `(N, K)`
    public var scores: RealArray?
    /// `(N, 4)` left, top, right, bottom: the boxes a model found, or was given.
    public var predictedBoxes: RealArray?
    /// `(N)`, of models that find the instances themselves.
    public var predictedBoxScores: RealArray?

    // MARK: what is annotated

    /// `(N, K, 2 or 3)`; of lifters the lifting target `(T, K, 3)`.
    public var annotated: RealArray
    /// `(N, K)`, above zero where a key point counts.
    public var visible: RealArray
    /// `(N, 4)` left, top, right, bottom.
    public var boxes: RealArray?
    /// `(N)`, of the detector that found the boxes; 1 for annotated ones.
    public var boxScores: RealArray?
    /// `(N, 2)` width and height of the regions that became the network's inputs.
    public var boxScales: RealArray?
    /// Numbers errors are divided by, under the names of `gt_instances`: `head_size`, `box_size`.
    public var sizes: [String: Double] = [:]
    /// What 3D hands know besides.
    public var hands: EvaluatedHands?

    // MARK: which sample it is

    /// Place in the dataset.
    public var index = 0
    /// Annotation ids; of a top-down sample one.
    public var ids: [Int] = []
    /// Whether the sample is an image with everyone in it (`data_mode='bottomup'`).
    public var isWholeImage = false
    public var imageID: Int?
    /// Of the instance; 1 unless the dataset says otherwise.
    public var category: Int?
    /// The image, of a lifter the target's one.
    public var imagePath: String?
    public var datasetName: String?

    public init(predicted: RealArray, annotated: RealArray, visible: RealArray) {
        self.predicted = predicted
        self.annotated = annotated
        self.visible = visible
    }
}

/// Two hands in space: what a model says of them, and what is true.
public struct EvaluatedHands: Codable, Hashable, Sendable {
    /// Depth of the left wrist minus the right one's in millimetres, as predicted.
    public var predictedRootDepth: Double
    /// Whether there is a right and a left hand, as predicted.
    public var predictedHands: [Bool]
    /// The same, as annotated.
    public var hands: [Bool]
    /// Whether that is known.
    public var handsAreKnown: Bool
    /// `(1, K, 3)` in the camera's space, millimetres.
    public var cameraKeypoints: RealArray
    /// Depths of right and left wrist from the camera, millimetres.
    public var rootDepths: SIMD2<Double>
    /// Pixels.
    public var focalLength: SIMD2<Double>
    /// Pixels.
    public var principalPoint: SIMD2<Double>

    public init(
        predictedRootDepth: Double, predictedHands: [Bool], hands: [Bool], handsAreKnown: Bool,
        cameraKeypoints: RealArray, rootDepths: SIMD2<Double>, focalLength: SIMD2<Double>,
        principalPoint: SIMD2<Double>
    ) {
        self.predictedRootDepth = predictedRootDepth
        self.predictedHands = predictedHands
        self.hands = hands
        self.handsAreKnown = handsAreKnown
        self.cameraKeypoints = cameraKeypoints
        self.rootDepths = rootDepths
        self.focalLength = focalLength
        self.principalPoint = principalPoint
    }
}
