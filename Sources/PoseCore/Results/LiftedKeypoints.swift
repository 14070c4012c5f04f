/// Keypoints in space, as a lifter makes them from 2D ones.
///
/// The axes are the camera's: x to the right, y down, z away from it. The origin is the pose's root, the unit the one of the
/// lifter's training data: metres for Human3.6M.
public struct LiftedKeypoints: Hashable, Sendable {
    public var points: [SIMD3<Double>]
    /// What the lifter gives for every point; MMPose's lifters give 1.
    public var scores: [Double]

    /// - Parameters:
    ///   - points: as many as the lifter's definition has keypoints.
    ///   - scores: one each.
    public init(points: [SIMD3<Double>], scores: [Double]) {
        self.points = points
        self.scores = scores
    }

    /// The points with their height along z, as MMPose's inferencer gives them: x mirrored, z up from the lowest point.
    public var standing: [SIMD3<Double>] {
        let turned = points.map { SIMD3(-$0.x, $0.z, -$0.y) }
        let floor = turned.map(\.z).filter(\.isFinite).min() ?? 0
        return turned.map { SIMD3($0.x, $0.y, $0.z - floor) }
    }
}
