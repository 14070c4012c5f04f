public import PoseCore
public import PyConfig

/// Several frames' 2D poses to a 3D pose (VideoPose3D, Pavllo et al. 2019).
///
/// 2D key points are centred on the camera's frame and divided by half its width along both axes. Targets: labels
/// `lifting_target_label` (the pose relative to its root), `lifting_target_weight` and `trajectory_weights`; the network's
/// input is `(K·D, T)`. Decodes `.lifted`; with the root in the context the poses are where they were in the camera's
/// space.
public struct VideoPoseLifting: KeypointCodec {
    public let keypointCount: Int
    /// Whether the pose is taken relative to its root.
    public let zeroCenter: Bool
    /// Whether the camera's parameters are normalised like the key points and passed on.
    public let normalizeCamera: Bool
    private let targets: LiftingTargets
    private let checks = CodecChecks(codec: "VideoPoseLifting")

    /// Arguments: `num_keypoints`, `zero_center=True`, `root_index=0`, `remove_root=False`, `save_index=False`,
    /// `reshape_keypoints=True`, `concat_vis=False`, `normalize_camera=False`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_keypoints")
        zeroCenter = try arguments.bool("zero_center", default: true)
        normalizeCamera = try arguments.bool("normalize_camera", default: false)
        targets = try LiftingTargets(arguments, codec: "VideoPoseLifting")
    }

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        let target = try targets.target(annotation)
        let (jointWeights, trajectory) = try targets.weights(annotation, target)
        var weights = jointWeights
        var label = target
        var metadata: [String: AnyNDArray] = [:]
        if zeroCenter {
            try targets.checkRoot(target)
            let root = target.mean(of: targets.rootIndices, in: target.precision)
            label = target.subtracting(root)
            let shape = target.hasFrames ? [target.frames, target.dimensions] : [target.dimensions]
            metadata = try targets.metadata(root: RealArray(root, shape: shape, precision: target.precision))
            if targets.removeRoot {
                label = label.removing(targets.rootIndices[0])
                weights = try targets.withoutRoot(weights, joints: target.joints)
            }
        }
        guard let camera = annotation.lifting?.camera, camera.width > 0 else {
            throw CodecError.missing(codec: checks.codec, "width and height of the camera's frame")
        }
        let center = [0.5 * camera.width, 0.5 * camera.height].map(RealPrecision.single.round)
        let scale = RealPrecision.single.round(0.5 * camera.width)
        let keypoints = try PoseFrames(annotation.keypoints, codec: checks.codec, name: "key points")
        guard keypoints.dimensions == 2 else {
            throw CodecError.shape(
                codec: checks.codec, array: "key points", expected: "(T, K, 2)", found: annotation.keypoints.shape)
        }
        let normalized = keypoints.combined(with: center, -).combined(with: [scale], /)
        if normalizeCamera { metadata.merge(try normalizedCamera(camera, center, scale)) { $1 } }
        return EncodedTargets(
            labels: [
                "lifting_target_label": try label.array.array, "lifting_target_weight": weights.array,
                "trajectory_weights": trajectory.array,
            ],
            inputs: try targets.inputs(normalized, visible: annotation.visible).array, metadata: metadata)
    }

    /// The camera in the units of the normalised key points: focal lengths and principal point, `(2, 1)` each.
    private func normalizedCamera(
        _ camera: LiftingCamera, _ center: [Double], _ scale: Double
    ) throws -> [String: AnyNDArray] {
        guard let focal = camera.focal, let principal = camera.center else {
            throw CodecError.missing(codec: checks.codec, "focal length and principal point of the camera")
        }
        let values = [focal.x / scale, focal.y / scale]
        let shifted = [(principal.x - center[0]) / scale, (principal.y - center[1]) / scale]
        return [
            "camera_param/f": try RealArray(values, shape: [2, 1], precision: camera.precision).array,
            "camera_param/c": try RealArray(shifted, shape: [2, 1], precision: camera.precision).array,
        ]
    }

    public var packing: TargetPacking { LiftingTargets.packing }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        var pose = try LiftedPose(output, image: index, checks: checks)
        try pose.restore(
            root: context.targetRoot, at: targets.removeRoot ? targets.rootIndices[0] : nil, codec: checks.codec)
        return pose.poses
    }
}
