public import PoseCore
public import PyConfig

/// A video's 2D poses to 3D poses of every frame (MotionBERT, Zhu et al. 2023).
///
/// 2D key points are divided by half the frame's width and centred. With a camera the 3D pose is projected into the frame
/// and its depth scaled alike; `factor` is how many of the pose's units a unit of that is. Targets: labels
/// `lifting_target_label` and `lifting_target_weight`, instances `lifting_target` (the label) and
/// `lifting_target_visible`; the network's input is `(T, K, 2 or 3)`. Decodes `.lifted` into one pose per frame, relative
/// to its root, in thousandths of the target's unit.
public struct MotionBERTLabel: KeypointCodec {
    /// Whether targets are normalised, as for training, or brought back to the pose's units, as for testing.
    public enum Mode: String, Sendable {
        case train, test
    }

    public let keypointCount: Int
    public let mode: Mode
    /// Whether decoding sets the first joint to zero.
    public let rootRelative: Bool
    private let rootIndex: Int
    private let targets: LiftingTargets
    private let checks = CodecChecks(codec: "MotionBERTLabel")

    /// Arguments: `num_keypoints`, `root_index=0`, `remove_root=False` and `save_index=False` (no effect, as in MMPose),
    /// `concat_vis=False`, `rootrel=False`, `mode='test'`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        keypointCount = try arguments.int("num_keypoints")
        rootIndex = try arguments.int("root_index", default: 0)
        guard rootIndex >= 0 else { throw arguments.invalid("root_index", "must be a joint, found \(rootIndex)") }
        rootRelative = try arguments.bool("rootrel", default: false)
        let name = try arguments.string("mode", default: "test")
        guard let mode = Mode(rawValue: name.lowercased()) else {
            throw arguments.invalid("mode", "expected 'train' or 'test', found '\(name)'")
        }
        self.mode = mode
        arguments.ignore("remove_root", "save_index")
        targets = LiftingTargets(
            codec: "MotionBERTLabel", rootIndex: rootIndex,
            concatVisibility: try arguments.bool("concat_vis", default: false))
    }

    // MARK: encoding

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        guard let lifting = annotation.lifting else {
            throw CodecError.missing(codec: checks.codec, "a lifting target")
        }
        guard let camera = lifting.camera, camera.width > 0 else {
            throw CodecError.missing(codec: checks.codec, "width and height of the camera's frame")
        }
        var label = try targets.target(annotation)
        try targets.checkRoot(label)
        guard label.dimensions == 3 else {
            throw CodecError.shape(
                codec: checks.codec, array: "the lifting target", expected: "(T, K, 3)", found: lifting.target.shape)
        }
        let weights = try targets.weights(annotation, label).joints
        var factor = [Double](repeating: 4, count: label.frames)
        if let focal = camera.focal, let center = camera.center {
            (label, factor) = projected(label, camera, focal, center)
        }
        if mode == .train { normalize(&label, width: camera.width / 1000, height: camera.height / 1000) }
        label = label.subtracting(label.mean(of: [rootIndex], in: label.precision))
        if let given = lifting.factor, let first = given.elements.first, first != 0 {
            guard given.count == label.frames else {
                throw CodecError.shape(
                    codec: checks.codec, array: "factors", expected: "(\(label.frames))", found: given.shape)
            }
            factor = given.elements
        }
        if mode == .test { scale(&label, by: factor) }
        let keypoints = try normalizedKeypoints(annotation.keypoints, camera)
        let target = try label.array
        let visible = try lifting.targetVisible ?? RealArray(repeating: 1, shape: Array(target.shape.dropLast()))
        return EncodedTargets(
            labels: ["lifting_target_label": target.array, "lifting_target_weight": weights.array],
            instances: ["lifting_target": target.array, "lifting_target_visible": visible.array],
            inputs: try targets.inputs(keypoints, visible: annotation.visible).array,
            metadata: ["factor": try RealArray(factor, shape: [factor.count, 1]).array])
    }

    /// 2D key points in units of half the frame's width, centred.
    private func normalizedKeypoints(_ keypoints: RealArray, _ camera: LiftingCamera) throws -> PoseFrames {
        var frames = try PoseFrames(keypoints, codec: checks.codec, name: "key points")
        guard frames.dimensions >= 2 else {
            throw CodecError.shape(
                codec: checks.codec, array: "key points", expected: "(T, K, 2)", found: keypoints.shape)
        }
        normalize(&frames, width: camera.width, height: camera.height, depth: false)
        return frames
    }

    private func normalize(_ frames: inout PoseFrames, width: Double, height: Double, depth: Bool = true) {
        let precision = frames.precision
        let divisor = precision.round(width)
        let shift = [1, height / width]
        for place in frames.values.indices {
            let axis = place % frames.dimensions
            if axis >= 2 && !depth { continue }
            let scaled = precision.round(frames.values[place] / divisor) * 2
            frames.values[place] = precision.round(axis < 2 ? scaled - shift[axis] : scaled)
        }
    }

    private func scale(_ frames: inout PoseFrames, by factor: [Double]) {
        let size = frames.joints * frames.dimensions
        for place in frames.values.indices {
            frames.values[place] = frames.precision.round(frames.values[place] * factor[place / size])
        }
    }

    /// The pose as the camera sees it, in thousandths of pixels, its depth in the same measure relative to the root; and
    /// for every frame how many units of the pose one of those is, from the projection of a square about the root.
    private func projected(
        _ pose: PoseFrames, _ camera: LiftingCamera, _ focal: SIMD2<Double>, _ center: SIMD2<Double>
    ) -> (PoseFrames, factor: [Double]) {
        let precision = pose.precision
        func thousandth(_ value: Double) -> Double { camera.precision.round(value / 1000) }
        let focal = SIMD2(thousandth(focal.x), thousandth(focal.y))
        let center = SIMD2(thousandth(center.x), thousandth(center.y))
        func project(_ value: Double, depth: Double, axis: Int) -> Double {
            let scaled = precision.round(precision.round(value / depth) * focal[axis])
            return precision.round(scaled + center[axis])
        }
        var result = pose
        var factors: [Double] = []
        for frame in 0..<pose.frames {
            let root = pose.index(frame, rootIndex)
            let (rootX, rootDepth) = (pose.values[root], pose.values[root + 2])
            let left = project(precision.round(rootX - 1), depth: rootDepth, axis: 0)
            let right = project(precision.round(rootX + 1), depth: rootDepth, axis: 0)
            let extent = precision.round(precision.round(right - left) + precision.round(0.001))
            factors.append(precision.round(2 / extent))
            for joint in 0..<pose.joints {
                let place = pose.index(frame, joint)
                let depth = pose.values[place + 2]
                for axis in 0..<2 {
                    result.values[place + axis] = project(pose.values[place + axis], depth: depth, axis: axis)
                }
                result.values[place + 2] = precision.round(
                    precision.round(extent / 2) * precision.round(depth - rootDepth))
            }
        }
        return (result, factors)
    }

    public var packing: TargetPacking { LiftingTargets.packing }

    // MARK: decoding

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        var pose = try LiftedPose(output, image: index, checks: checks)
        let factors = context.factor?.elements ?? []
        guard factors.isEmpty || factors.count == 1 || factors.count == pose.frames.count else {
            throw CodecError.shape(
                codec: checks.codec, array: "factors", expected: "(\(pose.frames.count))", found: [factors.count])
        }
        for frame in pose.frames.indices {
            guard rootIndex < pose.frames[frame].count else {
                throw CodecError.shape(
                    codec: checks.codec, array: "key points", expected: "more than \(rootIndex) joints",
                    found: [pose.frames[frame].count])
            }
            if rootRelative { pose.frames[frame][0] = .zero }
            if let size = context.imageSize {
                let shift = SIMD3(1, size.y / size.x, 0)
                pose.frames[frame] = pose.frames[frame].map {
                    SIMD3<Float>((SIMD3<Double>($0) + shift) * size.x / 2)
                }
            }
            if !factors.isEmpty {
                let factor = factors[factors.count == 1 ? 0 : frame]
                pose.frames[frame] = pose.frames[frame].map { SIMD3<Float>(SIMD3<Double>($0) * factor) }
            }
            let root = pose.frames[frame][rootIndex]
            pose.frames[frame] = pose.frames[frame].map { ($0 - root) / 1000 }
        }
        return pose.poses
    }
}
