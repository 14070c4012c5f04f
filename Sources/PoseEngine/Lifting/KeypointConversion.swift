import PoseCore

/// Makes the keypoints a lifter reads out of those a 2D model finds, by their names.
///
/// Where the lifter has joints that the 2D model lacks they are means of others, as MMPose's `convert_keypoint_definition`
/// has them: the root lies between the hips, the thorax between the shoulders, the spine between these two. Head and base
/// of the neck follow the face where there is one, else the top of the head and the neck.
struct KeypointConversion: Sendable {
    private typealias Recipe = [(name: String, share: Double)]

    /// For every keypoint of the lifter the 2D ones it is a mean of.
    private let parts: [[(index: Int, share: Double)]]

    /// - Throws: `PipelineError` naming a keypoint that cannot be made.
    init(from source: Skeleton, to target: Skeleton) throws {
        let indices = Dictionary(source.names.enumerated().map { ($1, $0) }) { first, _ in first }
        func resolved(_ recipe: Recipe) -> [(index: Int, share: Double)]? {
            let parts = recipe.compactMap { part in indices[part.name].map { (index: $0, share: part.share) } }
            return parts.count == recipe.count ? parts : nil
        }
        let isSubset = target.names.allSatisfy { indices[$0] != nil }
        parts = try target.names.map { name in
            let recipes = isSubset ? [] : Self.recipes[name] ?? []
            guard let parts = (recipes + [[(name, 1)]]).lazy.compactMap(resolved).first else {
                throw PipelineError(
                    description: "the lifter reads '\(name)', which cannot be made of the keypoints of '\(source.name)'"
                )
            }
            return parts
        }
    }

    func callAsFunction(_ points: [SIMD2<Double>]) throws -> [SIMD2<Double>] {
        try parts.map { part in
            try part.reduce(into: SIMD2<Double>.zero) { sum, each in
                guard points.indices.contains(each.index) else {
                    throw PipelineError(description: "a person with \(points.count) keypoints cannot be lifted")
                }
                sum += points[each.index] * each.share
            }
        }
    }

    /// Human3.6M's joints by the names other datasets have; the first recipe whose keypoints are there counts.
    private static let recipes: [String: [Recipe]] = [
        "root": [[("left_hip", 0.5), ("right_hip", 0.5)]],
        "thorax": [[("left_shoulder", 0.5), ("right_shoulder", 0.5)]],
        "spine": [
            [("left_hip", 0.25), ("right_hip", 0.25), ("left_shoulder", 0.25), ("right_shoulder", 0.25)]
        ],
        "left_foot": [[("left_ankle", 1)]],
        "right_foot": [[("right_ankle", 1)]],
        "neck_base": [
            [("nose", 1)], [("neck", 0.75), ("head_top", 0.25)], [("neck", 0.75), ("top_head", 0.25)],
        ],
        "head": [
            [("left_eye", 0.5), ("right_eye", 0.5)], [("head_bottom", 0.5), ("head_top", 0.5)],
            [("neck", 5.0 / 12), ("head_top", 7.0 / 12)], [("neck", 5.0 / 12), ("top_head", 7.0 / 12)],
        ],
    ]
}
