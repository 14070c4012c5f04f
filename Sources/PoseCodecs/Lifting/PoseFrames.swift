import PoseCore

/// Poses of one or several frames, `(K, D)` or `(T, K, D)`, as frames of joints.
struct PoseFrames {
    let frames, joints, dimensions: Int
    /// Whether there is a dimension for frames.
    let hasFrames: Bool
    let precision: RealPrecision
    var values: [Double]

    init(_ array: RealArray, codec: String, name: String) throws {
        guard array.rank == 2 || array.rank == 3 else {
            throw CodecError.shape(codec: codec, array: name, expected: "(K, D) or (T, K, D)", found: array.shape)
        }
        hasFrames = array.rank == 3
        frames = hasFrames ? array.shape[0] : 1
        joints = array.shape[array.rank - 2]
        dimensions = array.shape[array.rank - 1]
        precision = array.precision
        values = array.elements
    }

    private init(_ other: PoseFrames, values: [Double], joints: Int, dimensions: Int) {
        (frames, hasFrames, precision) = (other.frames, other.hasFrames, other.precision)
        (self.joints, self.dimensions) = (joints, dimensions)
        self.values = values
    }

    /// As it came in.
    var array: RealArray {
        get throws {
            try RealArray(
                values, shape: hasFrames ? [frames, joints, dimensions] : [joints, dimensions], precision: precision)
        }
    }

    func index(_ frame: Int, _ joint: Int) -> Int { (frame * joints + joint) * dimensions }

    /// Mean of some joints in every frame: `(T, D)`, flat.
    func mean(of joints: [Int], in precision: RealPrecision) -> [Double] {
        (0..<frames).flatMap { frame in
            (0..<dimensions).map { axis in
                let sum = joints.reduce(0.0) { precision.round($0 + precision.round(values[index(frame, $1) + axis])) }
                return precision.round(sum / Double(joints.count))
            }
        }
    }

    /// Every joint relative to a point of its frame.
    func subtracting(_ roots: [Double]) -> PoseFrames {
        var result = self
        for frame in 0..<frames {
            for joint in 0..<joints {
                for axis in 0..<dimensions {
                    let place = index(frame, joint) + axis
                    result.values[place] = precision.round(values[place] - roots[frame * dimensions + axis])
                }
            }
        }
        return result
    }

    /// Without one joint.
    func removing(_ joint: Int) -> PoseFrames {
        let kept = (0..<frames).flatMap { frame in
            (0..<joints).filter { $0 != joint }.flatMap { joint in
                values[index(frame, joint)..<index(frame, joint) + dimensions]
            }
        }
        return PoseFrames(self, values: kept, joints: joints - 1, dimensions: dimensions)
    }

    /// Value by value with numbers that repeat every frame.
    func combined(with other: [Double], _ operation: (Double, Double) -> Double) -> PoseFrames {
        var result = self
        for place in values.indices where !other.isEmpty {
            result.values[place] = precision.round(operation(values[place], other[place % other.count]))
        }
        return result
    }

    /// With further numbers for every joint, flat.
    ///
    /// - Throws: `CodecError.shape` when they are not as many for each.
    func appending(_ extra: [Double], codec: String) throws -> PoseFrames {
        let poses = frames * joints
        guard poses > 0, extra.count % poses == 0 else {
            throw CodecError.shape(
                codec: codec, array: "visibilities", expected: "(\(frames), \(joints))", found: [extra.count])
        }
        let count = extra.count / poses
        var joined: [Double] = []
        for joint in 0..<poses {
            joined += values[joint * dimensions..<(joint + 1) * dimensions]
            joined += extra[joint * count..<(joint + 1) * count].map(precision.round)
        }
        return PoseFrames(self, values: joined, joints: joints, dimensions: dimensions + count)
    }
}
