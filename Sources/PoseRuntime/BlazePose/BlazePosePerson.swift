public import PoseCore

/// One landmark of a person.
public struct PoseLandmark: Hashable, Sendable {
    /// Pixels of the picture, whole numbers at pixel centres. May lie outside the picture.
    public var position: SIMD2<Double>
    /// Depth relative to the middle of the hips, at the scale of pixels; smaller is nearer to the camera.
    public var z: Double
    /// Probability that it is in the picture and not hidden, 0 to 1.
    public var visibility: Double
    /// Probability that it is in the picture, hidden or not, 0 to 1.
    public var presence: Double

    /// A landmark from its parts.
    public init(position: SIMD2<Double>, z: Double, visibility: Double, presence: Double) {
        self.position = position
        self.z = z
        self.visibility = visibility
        self.presence = presence
    }
}

/// A person found by BlazePose.
public struct BlazePosePerson: Hashable, Sendable {
    /// What the landmark model looked at.
    public let region: PersonRegion
    /// Around the whole body, in pixels of the picture and within it.
    public let box: Box
    /// How sure the detector is that someone is there, 0 to 1; 1 when the box was given by the caller.
    public let detectionScore: Double
    /// How sure the landmark model is that a person is in the region, 0 to 1.
    public let presence: Double
    /// The 33 landmarks of the body, in BlazePose's order: nose first, right foot last.
    public let landmarks: [PoseLandmark]

    /// Both models' opinions multiplied, 0 to 1; people are ordered by it.
    public var score: Double { detectionScore * presence }

    /// The 33 landmarks; scores are the visibilities.
    public var keypoints: Keypoints {
        Keypoints(points: landmarks.map(\.position), depths: landmarks.map(\.z), scores: landmarks.map(\.visibility))
    }

    /// The 17 of them that COCO has, in COCO's order, without depths; scores are the visibilities.
    public var coco17: Keypoints {
        let chosen = Self.cocoIndices.filter(landmarks.indices.contains).map { landmarks[$0] }
        return Keypoints(points: chosen.map(\.position), scores: chosen.map(\.visibility))
    }

    /// Number of each COCO keypoint among the 33 landmarks.
    public static let cocoIndices = [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28]

    init(
        region: PersonRegion, landmarks: [PoseLandmark], detectionScore: Double, presence: Double, imageSize: ImageSize
    ) {
        self.region = region
        self.landmarks = landmarks
        self.detectionScore = detectionScore
        self.presence = presence
        box = Self.box(around: landmarks, region: region, in: imageSize)
    }

    /// The landmarks' extent, a tenth wider on each side: landmarks end at the eyes, the wrists and the ankles' joints,
    /// people do not. (Agrees with COCO's boxes better than the region, whose square is far wider than most people.)
    private static func box(around landmarks: [PoseLandmark], region: PersonRegion, in size: ImageSize) -> Box {
        let extent = Box(around: landmarks.map(\.position)) ?? Box(around: region.corners)
        guard let extent else { return Box(x1: 0, y1: 0, x2: Double(size.width), y2: Double(size.height)) }
        return extent.scaled(by: 1.2).clipped(to: size)
    }
}
