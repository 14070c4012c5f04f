import PyConfig
public import Torch

/// Losses of poses without 3D truth (Pavllo et al. 2019): their projection must hit the 2D keypoints, and their bones must
/// be as long as those of poses with truth.
public struct SemiSupervisionLoss: Loss {
    private let projection: MPJPELoss
    private let bones: BoneLoss
    private let warmupIterations: Int

    init(_ arguments: Arguments) throws {
        projection = MPJPELoss(weight: try arguments.double("projection_loss_weight", default: 1))
        bones = try BoneLoss(
            parents: arguments.ints("joint_parents"), weight: arguments.double("bone_loss_weight", default: 1),
            arguments)
        warmupIterations = try arguments.int("warmup_iterations", default: 0)
    }

    /// `proj_loss` and `bone_loss`; nothing in the first iterations of a run, as many as the config says.
    ///
    /// - Parameters:
    ///   - labeledPose: predictions for samples with truth, root-relative, `(N, K, 3)`.
    ///   - unlabeledPose: predictions for samples without, `(M, K, 3)`.
    ///   - unlabeledTrajectory: where their roots are, `(M, 1, 3)`.
    ///   - target: their 2D keypoints, `(M, K, 2)`.
    ///   - intrinsics: of their cameras, `(M, 4)` focal lengths and centre, or `(M, 9)` with three radial and two
    ///     tangential distortions.
    public func callAsFunction(
        labeledPose: Tensor, unlabeledPose: Tensor, unlabeledTrajectory: Tensor, target: Tensor, intrinsics: Tensor,
        progress: TrainingProgress
    ) throws -> TrainingLosses {
        guard progress.iteration >= warmupIterations else { return TrainingLosses() }
        let projected = try Self.project(unlabeledPose + unlabeledTrajectory, intrinsics)
        return TrainingLosses([
            "proj_loss": try projection(projected, target, weights: nil),
            "bone_loss": try bones(unlabeledPose, labeledPose, weights: nil),
        ])
    }

    /// Points of the camera's space `(M, K, 3)` on its image `(M, K, 2)`; none farther out than 45 degrees.
    static func project(_ points: Tensor, _ intrinsics: Tensor) throws -> Tensor {
        var camera = intrinsics
        while camera.rank < points.rank { camera = try camera.unsqueeze(1) }
        func part(_ range: Range<Int>) throws -> Tensor { try camera[.ellipsis, range] }
        var image = try (points[.ellipsis, ..<2] / points[.ellipsis, 2...]).clamp(min: -1, max: 1)
        if try camera.size(-1) == 9 {
            let tangential = try part(7..<9)
            let square = try image.square().sum(dim: -1, keepDim: true)
            let powers = try Tensor.cat([square, square.pow(2), square.pow(3)], dim: -1)
            let radial = try (part(4..<7) * powers).sum(dim: -1, keepDim: true) + 1
            let skew = try (tangential * image).sum(dim: -1, keepDim: true)
            image = try image * (radial + skew) + tangential * square
        }
        return try part(0..<2) * image + part(2..<4)
    }
}
