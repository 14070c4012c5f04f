/// Which fields of a COCO-style file hold an instance's key points, and which key points they are.
public struct KeypointLayout: Sendable {
    /// One list of the file.
    public struct Part: Sendable {
        public let name: String
        /// The field with the coordinates, three numbers a key point.
        public let field: StaticString
        /// The field with a score of this part alone, in results that have one.
        public let scoreField: StaticString?
        public let keypoints: Range<Int>
    }

    public let parts: [Part]

    /// Number of key points of all parts.
    public var count: Int { parts.last?.keypoints.upperBound ?? 0 }

    /// One list, `keypoints`.
    public static func single(_ count: Int) -> KeypointLayout {
        KeypointLayout(parts: [Part(name: "keypoints", field: "keypoints", scoreField: nil, keypoints: 0..<count)])
    }

    /// The 133 key points of COCO-WholeBody in five lists.
    public static let wholeBody = KeypointLayout(parts: [
        Part(name: "body", field: "keypoints", scoreField: nil, keypoints: 0..<17),
        Part(name: "foot", field: "foot_kpts", scoreField: "foot_score", keypoints: 17..<23),
        Part(name: "face", field: "face_kpts", scoreField: "face_score", keypoints: 23..<91),
        Part(name: "lefthand", field: "lefthand_kpts", scoreField: "lefthand_score", keypoints: 91..<112),
        Part(name: "righthand", field: "righthand_kpts", scoreField: "righthand_score", keypoints: 112..<133),
    ])
}
