public import PoseCore
public import PyConfig

/// Mirrors 2D key points and the 3D pose they are lifted to, each about a vertical axis of its own.
public struct RandomFlipAroundRoot: Transform {
    /// The axis that coordinates are mirrored about.
    public enum Axis: Hashable, Sendable {
        /// At a fixed x.
        case at(Double)
        /// Through the mean of some joints, in every frame.
        case through([Int])
    }

    public let keypointAxis, targetAxis: Axis
    public let probability: Double
    /// Whether the camera's principal point is mirrored too.
    public let flipsCamera: Bool
    /// Whether the codec's inputs and labels are mirrored rather than the annotation; comes after `GenerateTarget` then.
    public let flipsLabels: Bool

    /// Arguments: `keypoints_flip_cfg` and `target_flip_cfg` (dicts of `center_mode='static'`, `center_x=0.5`,
    /// `center_index=0`), `flip_prob=0.5`, `flip_camera=False`, `flip_label=False`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        keypointAxis = try Self.axis(arguments.requiredChild("keypoints_flip_cfg"))
        targetAxis = try Self.axis(arguments.requiredChild("target_flip_cfg"))
        probability = try arguments.probability("flip_prob", default: 0.5)
        flipsCamera = try arguments.bool("flip_camera", default: false)
        flipsLabels = try arguments.bool("flip_label", default: false)
    }

    private static func axis(_ arguments: Arguments) throws -> Axis {
        let mode = try arguments.string("center_mode", default: "static")
        let x = try arguments.double("center_x", default: 0.5)
        let joints = try arguments.ints("center_index", default: [0], orScalar: true)
        try arguments.finish()
        switch mode {
        case "static": return .at(x)
        case "root": return .through(joints)
        default: throw arguments.invalid("center_mode", "expected 'static' or 'root', found '\(mode)'")
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        if generator.uniform() <= probability { try apply(to: &sample) }
    }

    /// Mirrors a sample.
    ///
    /// - Throws: `PoseSampleError` when it has nothing to lift or flip indices do not fit.
    public func apply(to sample: inout PoseSample) throws {
        guard var lifting = sample.lifting else { throw PoseSampleError.missing("lifting target") }
        let order = sample.flipIndices
        if flipsLabels {
            try flipLabels(of: &sample, order)
        } else {
            let (keypoints, visible) = try sample.requiredKeypoints()
            sample.keypoints = try keypoints.mirrored(keypointAxis, order)
            sample.keypointsVisible = try visible.joints(order)
            lifting.target = try lifting.target.mirrored(targetAxis, order)
        }
        lifting.targetVisible = try lifting.targetVisible?.joints(order)
        if flipsCamera {
            guard lifting.camera?.center != nil else { throw PoseSampleError.missing("principal point of the camera") }
            lifting.camera?.center?.x.negate()
        }
        sample.lifting = lifting
    }

    private func flipLabels(of sample: inout PoseSample, _ order: [Int]) throws {
        guard var targets = sample.targets, let inputs = try targets.inputs.map(RealArray.init(labels:)),
            let label = try targets.labels["lifting_target_label"].map(RealArray.init(labels:))
        else { throw PoseSampleError.missing("lifting label; GenerateTarget must come first") }
        targets.inputs = try inputs.mirrored(keypointAxis, order).array
        targets.labels["lifting_target_label"] = try label.mirrored(targetAxis, order).array
        if let visible = targets.instances["lifting_target_visible"] {
            targets.instances["lifting_target_visible"] = try RealArray(labels: visible).joints(order).array
        }
        sample.targets = targets
    }
}

extension RealArray {
    /// Real numbers of an array of labels.
    fileprivate init(labels array: AnyNDArray) throws {
        switch array {
        case .float32(let values): self.init(values.map { Double($0) }, precision: .single)
        case .float64(let values): self.init(values, precision: .double)
        default: throw PoseSampleError.invalid("a label of \(array.typeName) where real numbers are needed")
        }
    }

    /// Joints `(…, K)` in another order.
    fileprivate func joints(_ order: [Int]) throws -> RealArray {
        let count = shape.last ?? 0
        guard order.count == count, order.allSatisfy(order.indices.contains) else {
            throw PoseSampleError.invalid("flip indices \(order) do not belong to \(count) key points")
        }
        let values = elements.indices.map { elements[$0 / count * count + order[$0 % count]] }
        return try RealArray(values, shape: shape, precision: precision)
    }

    /// Points `(…, K, D)` of joints in another order, their first coordinate mirrored.
    fileprivate func mirrored(_ axis: RandomFlipAroundRoot.Axis, _ order: [Int]) throws -> RealArray {
        guard rank >= 2, shape[rank - 2] == order.count, order.allSatisfy(order.indices.contains) else {
            throw PoseSampleError.shape("a pose to mirror", expected: "(…, \(order.count), D)", found: shape)
        }
        let (joints, dimensions) = (shape[rank - 2], shape[rank - 1])
        var result = self
        for start in stride(from: 0, to: count, by: joints * dimensions) {
            let center = try center(axis, start, joints, dimensions)
            for (joint, source) in order.enumerated() {
                for coordinate in 0..<dimensions {
                    let value = elements[start + source * dimensions + coordinate]
                    result.values.elements[start + joint * dimensions + coordinate] =
                        coordinate == 0 ? precision.round(precision.round(center * 2) - value) : value
                }
            }
        }
        return result
    }

    private func center(
        _ axis: RandomFlipAroundRoot.Axis, _ start: Int, _ joints: Int, _ dimensions: Int
    ) throws -> Double {
        switch axis {
        case .at(let x): return x
        case .through(let roots):
            guard !roots.isEmpty, roots.allSatisfy({ (0..<joints).contains($0) }) else {
                throw PoseSampleError.invalid("the joints \(roots) of the axis are not among \(joints)")
            }
            let sum = roots.reduce(0.0) { precision.round($0 + elements[start + $1 * dimensions]) }
            return precision.round(sum / Double(roots.count))
        }
    }
}
