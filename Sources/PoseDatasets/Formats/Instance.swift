import PoseCore

/// One annotated person, hand, face, animal or garment as a dataset's file has it, in pixels of its image.
///
/// Numbers are rounded as MMPose's are: boxes, scores and, but for whole bodies, key points are NumPy float32.
struct Instance: Sendable {
    var id: Int
    var imageID: Int
    var imagePath: String
    /// Left, top, right, bottom.
    var box: SIMD4<Float>
    var boxScore: Float = 1
    /// Given by datasets that annotate centre and scale rather than a box.
    var boxCenter: SIMD2<Float>?
    var boxScale: SIMD2<Float>?
    /// `keypointCount × dimensions` coordinates.
    var keypoints: [Double]
    var dimensions = 2
    var precision = RealPrecision.single
    /// One value a key point, at most 1.
    var visible: [Double]
    var visiblePrecision = RealPrecision.single
    /// How many key points are annotated, when the dataset says.
    var keypointCount: Int?
    var area: Float?
    var isCrowd = false
    var categoryID: Int?
    /// Whether MMPose makes up the category, as a list of one.
    var listsCategory = false
    /// The size that errors are divided by: the head's for MPII and Panoptic.
    var headSize: Double?
    /// The head's box, for MPII-TRB.
    var headBox: SIMD4<Double>?
    /// The size of the face's box for AFLW.
    var boxSize: Double?
    /// How crowded the image is, 0 to 1.
    var crowdIndex: RealArray?
    /// Size of the image as the file gives it.
    var imageSize: ImageSize?
    /// Where polygons or run lengths stand in the file.
    var segmentation: Int?
    /// Where the annotation stands in the file.
    var source: Int?
    var video: VideoFrames?
    var hands: HandInstance?
    /// Found by a detector, not annotated: key points mean nothing.
    var isDetection = false

    /// Why an instance is no sample of its own in top-down data; nil for a good one.
    var defect: DroppedInstances.Reason? {
        if isDetection { return nil }
        if isCrowd { return .crowd }
        if keypointCount == 0 { return .noKeypoints }
        if box.z - box.x <= 0 || box.w - box.y <= 0 { return .emptyBox }
        if keypoints.allSatisfy({ $0 <= 0 }) { return .noKeypoints }
        return nil
    }
}

/// What PoseTrack's video samples have besides.
struct VideoFrames: Hashable, Sendable {
    /// Number of the frame in its video, and how many it has.
    var frame: Int
    var frameCount: Int
}

/// What two-handed samples have besides, in millimetres and the camera's space.
struct HandInstance: Hashable, Sendable {
    /// Right, left.
    var handType: SIMD2<Float>
    var handTypeValid: Double
    /// Depth of the left wrist minus the right one's.
    var relativeRootDepth: Float
    var relativeRootValid: Float
    /// Depth of both wrists: right, left.
    var absoluteDepth: SIMD2<Double>
    var focal: SIMD2<Float>
    var principalPoint: SIMD2<Float>
    /// `42 × 3`.
    var keypointsInCamera: [Float]
}

/// How many annotated instances did not become samples, by reason.
public struct DroppedInstances: Hashable, Sendable {
    /// Why an instance was left out.
    public enum Reason: String, CaseIterable, Sendable {
        case crowd = "marked as a crowd"
        case noKeypoints = "without annotated key points"
        case emptyBox = "with a box without area inside the image"
        case notAnnotated = "without a box or key points"
        case category = "of another category"
        case score = "below the score threshold"
        case unknownImage = "of images that the annotation file does not have"
        case notAsked = "outside the subset asked for"
    }

    /// Counts, without the reasons that did not occur.
    public internal(set) var counts: [Reason: Int] = [:]

    mutating func add(_ reason: Reason, _ count: Int = 1) {
        if count > 0 { counts[reason, default: 0] += count }
    }

    mutating func add(_ other: DroppedInstances) {
        for (reason, count) in other.counts { add(reason, count) }
    }

    /// All of them.
    public var total: Int { counts.values.reduce(0, +) }
}

extension DroppedInstances: CustomStringConvertible {
    /// "12 marked as a crowd, 3 of another category"; "none".
    public var description: String {
        let parts = Reason.allCases.compactMap { reason in counts[reason].map { "\($0) \(reason.rawValue)" } }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
}
