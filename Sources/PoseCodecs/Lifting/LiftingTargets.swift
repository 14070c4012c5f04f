import PoseCore
import PyConfig

/// What the codecs for lifting have in common: a 3D pose relative to its root, and the network's input made of 2D key
/// points.
struct LiftingTargets {
    let codec: String
    /// Joints whose mean is the root.
    let rootIndices: [Int]
    /// Whether the root is left out; only when it is a single joint.
    let removeRoot: Bool
    let saveIndex: Bool
    let reshape: Bool
    let concatVisibility: Bool

    /// Arguments: `root_index=0` (or several), `remove_root=False`, `save_index=False`, `reshape_keypoints=True`,
    /// `concat_vis=False`.
    init(_ arguments: Arguments, codec: String) throws {
        self.codec = codec
        rootIndices = try arguments.ints("root_index", default: [0], orScalar: true)
        guard !rootIndices.isEmpty, rootIndices.allSatisfy({ $0 >= 0 }) else {
            throw arguments.invalid("root_index", "expected joints, found \(rootIndices)")
        }
        removeRoot = try arguments.bool("remove_root", default: false) && rootIndices.count == 1
        saveIndex = try arguments.bool("save_index", default: false)
        reshape = try arguments.bool("reshape_keypoints", default: true)
        concatVisibility = try arguments.bool("concat_vis", default: false)
    }

    /// For a codec that keeps its root and its input's shape.
    init(codec: String, rootIndex: Int, concatVisibility: Bool) {
        self.codec = codec
        rootIndices = [rootIndex]
        (removeRoot, saveIndex, reshape) = (false, false, false)
        self.concatVisibility = concatVisibility
    }

    /// The annotation's 3D pose; without one the 2D pose of the first frame stands in, as in inference.
    func target(_ annotation: KeypointAnnotation) throws -> PoseFrames {
        let keypoints = annotation.keypoints
        guard let target = annotation.lifting?.target else {
            let first = try PoseFrames(keypoints, codec: codec, name: "key points")
            guard first.frames > 0 else { throw CodecError.missing(codec: codec, "a frame of key points") }
            let size = first.joints * first.dimensions
            return try PoseFrames(
                RealArray(
                    Array(keypoints.elements[..<size]), shape: [1, first.joints, first.dimensions],
                    precision: keypoints.precision), codec: codec, name: "key points")
        }
        return try PoseFrames(target, codec: codec, name: "the lifting target")
    }

    /// - Throws: `CodecError.shape` when the pose lacks a joint of the root.
    func checkRoot(_ target: PoseFrames) throws {
        guard rootIndices.allSatisfy({ $0 < target.joints }) else {
            throw CodecError.shape(
                codec: codec, array: "the lifting target",
                expected: "(T, K, 3) with K above \(rootIndices.max() ?? 0)",
                found: [target.frames, target.joints, target.dimensions])
        }
    }

    /// How much every joint counts, and how much its trajectory does: 1 where it is visible. Without visibilities the
    /// trajectory counts inversely to the depth.
    func weights(
        _ annotation: KeypointAnnotation, _ target: PoseFrames
    ) throws -> (joints: RealArray, trajectory: RealArray) {
        let shape = Array(try target.array.shape.dropLast())
        guard let visible = annotation.lifting?.targetVisible else {
            let joints = try RealArray(repeating: 1, shape: shape)
            guard target.dimensions > 2 else { return (joints, joints) }
            let depths = (0..<target.frames * target.joints).map { 1 / target.values[$0 * target.dimensions + 2] }
            return (joints, try RealArray(depths, shape: shape, precision: target.precision))
        }
        guard visible.count == target.frames * target.joints else {
            throw CodecError.shape(
                codec: codec, array: "visibilities of the target", expected: "\(shape)", found: visible.shape)
        }
        let joints = try RealArray(visible.elements.map { $0 > 0.5 ? 1 : 0 }, shape: visible.shape)
        return (joints, joints)
    }

    /// `(T, K)` weights without the root's.
    func withoutRoot(_ weights: RealArray, joints: Int) throws -> RealArray {
        let kept = weights.elements.indices.filter { $0 % joints != rootIndices[0] }.map { weights.elements[$0] }
        var shape = weights.shape
        // The dimension of joints is the one of their number; others of that size come before it.
        guard let axis = shape.lastIndex(of: joints) else {
            throw CodecError.shape(
                codec: codec, array: "weights", expected: "(T, \(joints))", found: weights.shape)
        }
        shape[axis] -= 1
        return try RealArray(kept, shape: shape, precision: weights.precision)
    }

    /// The network's input from `(T, K, D)` key points: with visibilities as a further number if asked for, and
    /// `(K·D, T)` if reshaped.
    func inputs(_ keypoints: PoseFrames, visible: RealArray) throws -> RealArray {
        let joined = concatVisibility ? try keypoints.appending(visible.elements, codec: codec) : keypoints
        let array = try RealArray(
            joined.values, shape: [joined.frames, joined.joints, joined.dimensions], precision: joined.precision)
        guard reshape else { return array }
        let flat = try array.values.transposed([1, 2, 0]).reshaped([array.shape[1] * array.shape[2], array.shape[0]])
        return RealArray(flat, precision: array.precision)
    }

    /// What decoding needs to undo the root's removal.
    func metadata(root: RealArray) throws -> [String: AnyNDArray] {
        var result = ["target_root": root.array]
        if removeRoot {
            result["target_root_removed"] = .bool(try NDArray([true], shape: []))
            if saveIndex { result["target_root_index"] = .int64(try NDArray([Int64(rootIndices[0])], shape: [])) }
        }
        return result
    }

    /// The names under which a sample's own pose is packed.
    static var packing: TargetPacking {
        TargetPacking(instances: ["lifting_target", "lifting_target_visible"], heatmapMask: true)
    }
}
