/// Keypoint definitions needed without MMPose's zoo at hand.
extension Skeleton {
    /// A keypoint of a built-in definition.
    private struct Row {
        var name: String
        var part: BodyPart
        var sigma: Double?

        init(_ name: String, _ part: BodyPart, _ sigma: Double? = nil) {
            self.name = name
            self.part = part
            self.sigma = sigma
        }
    }

    /// Left green, right orange, the middle blue, as MMPose colours people.
    private static func color(_ side: BodySide) -> Color {
        switch side {
        case .left: Color(red: 0, green: 255, blue: 0)
        case .right: Color(red: 255, green: 128, blue: 0)
        case .center: Color(red: 51, green: 153, blue: 255)
        }
    }

    private init(name: String, rows: [Row], links: [(Int, Int)], weights: [Double] = []) {
        let indices = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.name, $0) })
        let joints = rows.map { row in
            Joint(
                name: row.name, color: Self.color(BodySide(name: row.name)), part: row.part,
                swap: Self.mirrored(row.name).flatMap { indices[$0] })
        }
        self.init(
            name: name, joints: joints,
            links: links.map { start, end in
                let sides = [BodySide(name: rows[start].name), BodySide(name: rows[end].name)]
                return Link(start: start, end: end, color: Self.color(sides[0] == sides[1] ? sides[0] : .center))
            },
            sigmas: rows.compactMap(\.sigma), jointWeights: weights)
    }

    /// The 17 keypoints of COCO (Lin et al. 2014) with the sigmas of its evaluation.
    public static let coco = Skeleton(
        name: "coco",
        rows: [
            Row("nose", .upper, 0.026), Row("left_eye", .upper, 0.025), Row("right_eye", .upper, 0.025),
            Row("left_ear", .upper, 0.035), Row("right_ear", .upper, 0.035), Row("left_shoulder", .upper, 0.079),
            Row("right_shoulder", .upper, 0.079), Row("left_elbow", .upper, 0.072), Row("right_elbow", .upper, 0.072),
            Row("left_wrist", .upper, 0.062), Row("right_wrist", .upper, 0.062), Row("left_hip", .lower, 0.107),
            Row("right_hip", .lower, 0.107), Row("left_knee", .lower, 0.087), Row("right_knee", .lower, 0.087),
            Row("left_ankle", .lower, 0.089), Row("right_ankle", .lower, 0.089),
        ],
        links: [
            (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10),
            (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
        ],
        weights: [1, 1, 1, 1, 1, 1, 1, 1.2, 1.2, 1.5, 1.5, 1, 1, 1.2, 1.2, 1.5, 1.5])

    /// The 33 keypoints of BlazePose (Bazarevsky et al. 2020). It has no published sigmas.
    public static let blazePose = Skeleton(
        name: "blazepose",
        rows: [
            Row("nose", .upper), Row("left_eye_inner", .upper), Row("left_eye", .upper), Row("left_eye_outer", .upper),
            Row("right_eye_inner", .upper), Row("right_eye", .upper), Row("right_eye_outer", .upper),
            Row("left_ear", .upper), Row("right_ear", .upper), Row("mouth_left", .upper), Row("mouth_right", .upper),
            Row("left_shoulder", .upper), Row("right_shoulder", .upper), Row("left_elbow", .upper),
            Row("right_elbow", .upper), Row("left_wrist", .upper), Row("right_wrist", .upper),
            Row("left_pinky", .upper),
            Row("right_pinky", .upper), Row("left_index", .upper), Row("right_index", .upper),
            Row("left_thumb", .upper),
            Row("right_thumb", .upper), Row("left_hip", .lower), Row("right_hip", .lower), Row("left_knee", .lower),
            Row("right_knee", .lower), Row("left_ankle", .lower), Row("right_ankle", .lower), Row("left_heel", .lower),
            Row("right_heel", .lower), Row("left_foot_index", .lower), Row("right_foot_index", .lower),
        ],
        links: [
            (0, 1), (1, 2), (2, 3), (3, 7), (0, 4), (4, 5), (5, 6), (6, 8), (9, 10), (11, 12), (11, 13), (13, 15),
            (15, 17),
            (15, 19), (15, 21), (17, 19), (12, 14), (14, 16), (16, 18), (16, 20), (16, 22), (18, 20), (11, 23),
            (12, 24),
            (23, 24), (23, 25), (24, 26), (25, 27), (26, 28), (27, 29), (28, 30), (29, 31), (30, 32), (27, 31),
            (28, 32),
        ])
}
