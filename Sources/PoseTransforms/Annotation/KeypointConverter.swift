public import PoseCore
public import PyConfig

/// Turns one dataset's key points into another's. What has no source stays at zero, invisible and not to be learned.
public struct KeypointConverter: Transform {
    public let keypointCount: Int
    /// For each key point that has a source: its number, and the source's, or two whose middle it is.
    public let mapping: [(target: Int, sources: (Int, Int))]

    /// Arguments: `num_keypoints`, `mapping`: pairs of source and target, where a source may itself be a pair.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        try self.init(arguments, mapping: "mapping")
    }

    init(_ arguments: Arguments, mapping name: String) throws {
        keypointCount = try arguments.int("num_keypoints")
        guard (0...1 << 16).contains(keypointCount) else {
            throw arguments.invalid("num_keypoints", "must be 0 or more, found \(keypointCount)")
        }
        guard let pairs = arguments.value(name)?.arrayValue else {
            throw arguments.invalid(name, "expected a list of pairs of source and target")
        }
        let count = keypointCount
        mapping = try pairs.enumerated().map { index, pair in
            let failure = arguments.invalid(
                "\(name).\(index)", "expected (source, target) or ((source, source), target), targets below \(count)")
            guard let parts = pair.arrayValue, parts.count == 2, let target = parts[1].intValue,
                (0..<count).contains(target)
            else { throw failure }
            let sources = parts[0].arrayValue?.compactMap(\.intValue) ?? parts[0].intValue.map { [$0, $0] } ?? []
            guard sources.count == 2, sources.allSatisfy({ $0 >= 0 }) else { throw failure }
            return (target, (sources[0], sources[1]))
        }
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        let (keypoints, visible) = try sample.requiredKeypoints()
        let source = sample.keypoints3D ?? keypoints
        guard source.rank == 3, source.shape.prefix(2) == keypoints.shape.prefix(2) else {
            throw PoseSampleError.shape("3D key points", expected: "\(keypoints.shape)", found: source.shape)
        }
        let before = source.shape[1]
        guard mapping.allSatisfy({ max($0.sources.0, $0.sources.1) < before }) else {
            throw PoseSampleError.invalid("the converter takes key points that the dataset's \(before) do not include")
        }
        let converted = try points(source)
        let convertedVisible = try self.visible(visible)
        sample.keypoints = try converted.firstCoordinates(2)
        sample.keypointsVisible = convertedVisible
        var weights = try RealArray(repeating: 0, shape: convertedVisible.shape, precision: .double)
        for row in 0..<keypoints.shape[0] {
            for (target, _) in mapping { weights.values.elements[row * keypointCount + target] = 1 }
        }
        sample.keypointsVisibleWeights = weights
        if sample.flipIndices.count == before { sample.flipIndices = flipIndices(sample.flipIndices) }
        if sample.keypoints3D != nil { try setTarget(of: &sample, points: converted, visible: convertedVisible) }
    }

    /// `(N, K', 3)` of double precision. The middle of two is taken in the precision of the source.
    private func points(_ source: RealArray) throws -> RealArray {
        let (count, before, dimensions) = (source.shape[0], source.shape[1], source.shape[2])
        var result = try RealArray(repeating: 0, shape: [count, keypointCount, 3], precision: .double)
        for row in 0..<count {
            for (target, sources) in mapping {
                for axis in 0..<min(dimensions, 3) {
                    let first = source.elements[(row * before + sources.0) * dimensions + axis]
                    let second = source.elements[(row * before + sources.1) * dimensions + axis]
                    let isMiddle = sources.0 != sources.1
                    result.values.elements[(row * keypointCount + target) * 3 + axis] =
                        isMiddle ? 0.5 * source.precision.round(first + second) : first
                }
            }
        }
        return result
    }

    /// `(N, K')`; the middle of two is as visible as both together.
    private func visible(_ source: RealArray) throws -> RealArray {
        let (count, before) = (source.shape[0], source.shape[1])
        // MMPose multiplies the visibility of single sources with itself as soon as any is a pair.
        let multiplies = mapping.contains { $0.sources.0 != $0.sources.1 }
        var result = try RealArray(repeating: 0, shape: [count, keypointCount], precision: .double)
        for row in 0..<count {
            for (target, sources) in mapping {
                let first = source.elements[row * before + sources.0]
                let second = source.elements[row * before + sources.1]
                result.values.elements[row * keypointCount + target] =
                    multiplies ? source.precision.round(first * second) : first
            }
        }
        return result
    }

    /// Which converted key point each becomes in a mirror: the one whose sources are the mirror images of its own, or
    /// itself when there is none.
    private func flipIndices(_ before: [Int]) -> [Int] {
        guard before.allSatisfy(before.indices.contains) else { return Array(0..<keypointCount) }
        var result = Array(0..<keypointCount)
        for (target, sources) in mapping {
            let mirrored = Set([before[sources.0], before[sources.1]])
            let partner = mapping.first { Set([$0.sources.0, $0.sources.1]) == mirrored }
            if let partner { result[target] = partner.target }
        }
        return result
    }

    private func setTarget(of sample: inout PoseSample, points: RealArray, visible: RealArray) throws {
        sample.keypoints3D = points
        guard sample.targetFrames.allSatisfy({ (0..<points.shape[0]).contains($0) }) else {
            throw PoseSampleError.invalid("target frames \(sample.targetFrames) of \(points.shape[0])")
        }
        let target = try points.rows(sample.targetFrames)
        let targetVisible = try visible.rows(sample.targetFrames)
        var lifting = sample.lifting ?? LiftingAnnotation(target: target)
        lifting.target = target
        lifting.targetVisible = targetVisible
        sample.lifting = lifting
    }
}

extension RealArray {
    /// The first numbers of every point.
    func firstCoordinates(_ kept: Int) throws -> RealArray {
        let dimensions = shape.last ?? 1
        let values = elements.indices.filter { $0 % dimensions < kept }.map { elements[$0] }
        return try RealArray(values, shape: shape.dropLast() + [kept], precision: precision)
    }
}
