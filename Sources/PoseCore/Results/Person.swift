/// One instance found in an image.
public struct Person: Hashable, Sendable {
    /// In pixels of the decoded image.
    public var box: Box
    /// How sure the detector is, 0 to 1; 1 for boxes that were given.
    public var boxScore: Double
    /// The same number in all frames of a video that show this instance.
    public var trackID: Int?
    /// In pixels of the decoded image, with the raw scores MMPose gives.
    public var keypoints: Keypoints
    /// How sure the model is of every keypoint, 0 to 1.
    public var confidence: [Double]
    /// What models of two hands tell besides.
    public var hands: DecodedHands?
    /// The pose in space, when a 2D pose was lifted.
    public var lifted: LiftedKeypoints?

    public init(
        box: Box, boxScore: Double = 1, trackID: Int? = nil, keypoints: Keypoints, confidence: [Double]? = nil,
        hands: DecodedHands? = nil, lifted: LiftedKeypoints? = nil
    ) {
        self.hands = hands
        self.lifted = lifted
        self.box = box
        self.boxScore = boxScore
        self.trackID = trackID
        self.keypoints = keypoints
        self.confidence = confidence ?? keypoints.scores.map { $0 > 0 ? min($0, 1) : 0 }
    }
}

extension Person: Codable {
    private enum CodingKeys: String, CodingKey {
        case box = "bbox"
        case boxScore = "bbox_score"
        case trackID = "track_id"
        case keypoints
        case scores = "keypoint_scores"
        case confidence = "keypoint_confidence"
        case hands
        case lifted = "keypoints_3d"
        case liftedScores = "keypoint_3d_scores"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let scores = try values.decode([LenientDouble].self, forKey: .scores).map(\.value)
        let coordinates = try values.decode([[LenientDouble]].self, forKey: .keypoints).map { $0.map(\.value) }
        do {
            keypoints = try Keypoints(coordinates: coordinates, scores: scores)
        } catch {
            throw DecodingError.dataCorruptedError(forKey: .keypoints, in: values, debugDescription: "\(error)")
        }
        guard let box = Box(xyxy: try values.decode([LenientDouble].self, forKey: .box).map(\.value)) else {
            throw DecodingError.dataCorruptedError(forKey: .box, in: values, debugDescription: "not four numbers")
        }
        self.box = box
        boxScore = try values.decode(Double.self, forKey: .boxScore)
        trackID = try values.decodeIfPresent(Int.self, forKey: .trackID)
        confidence = try values.decode([LenientDouble].self, forKey: .confidence).map(\.value)
        hands = try values.decodeIfPresent(DecodedHands.self, forKey: .hands)
        lifted = try values.decodeIfPresent([[LenientDouble]].self, forKey: .lifted).map { rows in
            let scores = try values.decodeIfPresent([LenientDouble].self, forKey: .liftedScores)
            guard rows.allSatisfy({ $0.count == 3 }), scores.map({ $0.count == rows.count }) ?? true else {
                throw DecodingError.dataCorruptedError(
                    forKey: .lifted, in: values, debugDescription: "needs three numbers and a score for every keypoint")
            }
            return LiftedKeypoints(
                points: rows.map { SIMD3($0[0].value, $0[1].value, $0[2].value) },
                scores: scores?.map(\.value) ?? Array(repeating: 1, count: rows.count))
        }
        guard confidence.count == keypoints.count else {
            let message = "\(confidence.count) values for \(keypoints.count) keypoints"
            throw DecodingError.dataCorruptedError(forKey: .confidence, in: values, debugDescription: message)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(box.xyxy.map(LenientDouble.init), forKey: .box)
        try values.encode(boxScore, forKey: .boxScore)
        // `null` rather than absent: readers see that there is such a field.
        try values.encode(trackID, forKey: .trackID)
        try values.encode(keypoints.coordinates.map { $0.map(LenientDouble.init) }, forKey: .keypoints)
        try values.encode(keypoints.scores.map(LenientDouble.init), forKey: .scores)
        try values.encode(confidence.map(LenientDouble.init), forKey: .confidence)
        try values.encodeIfPresent(hands, forKey: .hands)
        if let lifted {
            try values.encode(
                lifted.points.map { [LenientDouble($0.x), LenientDouble($0.y), LenientDouble($0.z)] }, forKey: .lifted)
            try values.encode(lifted.scores.map(LenientDouble.init), forKey: .liftedScores)
        }
    }
}

/// A number that is written as `null` when it is not finite, which JSON has no word for.
private struct LenientDouble: Codable {
    var value: Double

    init(_ value: Double) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        value = single.decodeNil() ? .nan : try single.decode(Double.self)
    }

    func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        if value.isFinite { try single.encode(value) } else { try single.encodeNil() }
    }
}
