public import PoseCore
public import PyConfig

/// A single frame's 2D pose to 3D (Martinez et al. 2017, "A simple yet effective baseline for 3d human pose estimation").
///
/// Targets: labels `lifting_target_label` (the pose relative to its root), `lifting_target_weight` and
/// `trajectory_weights`; the network's input is `(K·D, N)` normalised 2D key points. Decodes `.lifted`; with the root in
/// the context the poses are where they were in the camera's space.
public struct ImagePoseLifting: KeypointCodec {
    public let keypointCount: Int
    private let targets: LiftingTargets
    /// Mean and deviation of every coordinate of the input and of the target; empty without.
    private let inputMean, inputDeviation, targetMean, targetDeviation: [Double]
    private let checks = CodecChecks(codec: "ImagePoseLifting")

    /// Arguments: `num_keypoints`, `root_index=0`, `remove_root=False`, `save_index=False`, `reshape_keypoints=True`,
    /// `concat_vis=False`, `keypoints_mean=None`, `keypoints_std=None`, `target_mean=None`, `target_std=None`.
    /// `additional_encode_keys` has no effect: everything known about a sample is passed on.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_keypoints")
        targets = try LiftingTargets(arguments, codec: "ImagePoseLifting")
        inputMean = try arguments.numbers("keypoints_mean", joints: keypointCount)
        inputDeviation = try arguments.numbers("keypoints_std", joints: keypointCount)
        let joints = keypointCount - (targets.removeRoot ? 1 : 0)
        targetMean = try arguments.numbers("target_mean", joints: joints)
        targetDeviation = try arguments.numbers("target_std", joints: joints)
        for (name, mean, deviation) in [
            ("keypoints_std", inputMean, inputDeviation), ("target_std", targetMean, targetDeviation),
        ] where mean.count != deviation.count {
            throw arguments.invalid(name, "must have as many numbers as the mean")
        }
        arguments.ignore("additional_encode_keys")
    }

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        let target = try targets.target(annotation)
        try targets.checkRoot(target)
        let (jointWeights, trajectory) = try targets.weights(annotation, target)
        var weights = jointWeights
        let root = target.mean(of: targets.rootIndices, in: .single)
        var label = target.subtracting(root)
        if targets.removeRoot {
            label = label.removing(targets.rootIndices[0])
            weights = try targets.withoutRoot(weights, joints: target.joints)
        }
        try check(label.values.count / max(label.frames, 1), targetMean, "target_mean")
        label = label.combined(with: targetMean, -).combined(with: targetDeviation, /)
        var keypoints = try PoseFrames(annotation.keypoints, codec: checks.codec, name: "key points")
        try check(keypoints.joints * keypoints.dimensions, inputMean, "keypoints_mean")
        keypoints = keypoints.combined(with: inputMean, -).combined(with: inputDeviation, /)
        let rootArray = try RealArray(root, shape: target.hasFrames ? [target.frames, 3] : [3])
        return EncodedTargets(
            labels: [
                "lifting_target_label": try label.array.array, "lifting_target_weight": weights.array,
                "trajectory_weights": trajectory.array,
            ],
            inputs: try targets.inputs(keypoints, visible: annotation.visible).array,
            metadata: try targets.metadata(root: rootArray))
    }

    private func check(_ count: Int, _ mean: [Double], _ name: String) throws {
        guard mean.isEmpty || mean.count == count else {
            throw CodecError.shape(
                codec: checks.codec, array: "a pose", expected: "\(mean.count) numbers, as \(name) has",
                found: [count])
        }
    }

    public var packing: TargetPacking { LiftingTargets.packing }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        var pose = try LiftedPose(output, image: index, checks: checks)
        if !targetMean.isEmpty {
            for frame in pose.frames.indices {
                try check(pose.frames[frame].count * 3, targetMean, "target_mean")
                pose.frames[frame] = pose.frames[frame].enumerated().map { joint, point in
                    SIMD3(
                        point.x * Float(targetDeviation[3 * joint]) + Float(targetMean[3 * joint]),
                        point.y * Float(targetDeviation[3 * joint + 1]) + Float(targetMean[3 * joint + 1]),
                        point.z * Float(targetDeviation[3 * joint + 2]) + Float(targetMean[3 * joint + 2]))
                }
            }
        }
        try pose.restore(
            root: context.targetRoot, at: targets.removeRoot ? targets.rootIndices[0] : nil, codec: checks.codec)
        return pose.poses
    }
}

extension Arguments {
    /// Numbers in lists of any depth, as float32; empty when absent. So many for each of `joints`.
    fileprivate func numbers(_ name: String, joints: Int) throws -> [Double] {
        func flatten(_ value: ConfigValue) throws -> [Double] {
            if let number = value.doubleValue { return [RealPrecision.single.round(number)] }
            guard let elements = value.arrayValue else { throw invalid(name, "expected lists of numbers") }
            return try elements.flatMap(flatten)
        }
        guard has(name), let value = value(name) else { return [] }
        let numbers = try flatten(value)
        guard joints > 0, numbers.count % joints == 0, !numbers.isEmpty else {
            throw invalid(name, "\(numbers.count) numbers are not as many for each of \(joints) key points")
        }
        return numbers
    }
}
