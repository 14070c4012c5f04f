/// What a dataset's keypoints mean: names, symmetry, links to draw, colours, and how exactly people place them.
public struct Skeleton: Hashable, Sendable {
    /// Which half of the body a keypoint belongs to.
    public enum BodyPart: String, Hashable, Sendable {
        case upper, lower
    }

    /// One keypoint; its index in `keypoints` is its id.
    public struct Joint: Hashable, Sendable {
        public var name: String
        public var color: Color
        /// Nil where the dataset does not say.
        public var part: BodyPart?
        /// The keypoint that this one becomes in the mirror; nil for one that stays.
        public var swap: Int?

        public init(name: String, color: Color = Skeleton.defaultJointColor, part: BodyPart? = nil, swap: Int? = nil) {
            self.name = name
            self.color = color
            self.part = part
            self.swap = swap
        }
    }

    /// A line between two keypoints.
    public struct Link: Hashable, Sendable {
        public var start: Int
        public var end: Int
        public var color: Color

        public init(start: Int, end: Int, color: Color = Skeleton.defaultLinkColor) {
            self.start = start
            self.end = end
            self.color = color
        }
    }

    /// MMPose's colours where a dataset gives none.
    public static let defaultJointColor = Color(red: 255, green: 128, blue: 0)
    public static let defaultLinkColor = Color(red: 96, green: 96, blue: 255)

    /// The dataset's name, "coco".
    public var name: String
    public var joints: [Joint]
    public var links: [Link]
    /// Spread of human annotations per keypoint relative to the instance's size, for object keypoint similarity; empty where
    /// the dataset gives none.
    public var sigmas: [Double]
    /// Weight of every keypoint in the loss, as the dataset gives it. A few of MMPose's files have fewer than keypoints.
    public var jointWeights: [Double]
    /// Further numbers of the dataset by name (`stats_info`), a single one as a list of one.
    public var statistics: [String: [Double]]
    /// What is odd about the definition though it can be used, one sentence each.
    public var remarks: [String]

    public init(
        name: String, joints: [Joint], links: [Link], sigmas: [Double] = [], jointWeights: [Double] = [],
        statistics: [String: [Double]] = [:], remarks: [String] = []
    ) {
        self.name = name
        self.joints = joints
        self.links = links
        self.sigmas = sigmas
        self.jointWeights = jointWeights.isEmpty ? Array(repeating: 1, count: joints.count) : jointWeights
        self.statistics = statistics
        self.remarks = remarks
    }

    /// Number of keypoints.
    public var count: Int { joints.count }
    public var names: [String] { joints.map(\.name) }

    /// The id of a keypoint.
    public func index(of name: String) -> Int? { joints.firstIndex { $0.name == name } }

    /// For every keypoint the id of its mirror image, itself where there is none.
    public var flipIndices: [Int] { joints.indices.map { joints[$0].swap ?? $0 } }

    /// Keypoints that change places in the mirror, `(swap, own)` in the order and with the repetitions of MMPose: each pair
    /// appears from both sides.
    public var flipPairs: [(Int, Int)] { joints.indices.compactMap { own in joints[own].swap.map { ($0, own) } } }

    /// Ids of the upper, or lower, body.
    public func indices(of part: BodyPart) -> [Int] { joints.indices.filter { joints[$0].part == part } }
}
