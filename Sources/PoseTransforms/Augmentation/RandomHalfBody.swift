public import PoseCore
public import PyConfig

/// Takes the upper or the lower half of a body for the whole, so that cut-off people are learned.
public struct RandomHalfBody: PixelFreeTransform {
    public let minTotal, minUpper, minLower: Int
    /// Factor of the half's size.
    public let padding: Double
    public let probability: Double
    /// Of the upper half, when both are well enough to be seen.
    public let upperProbability: Double

    /// Arguments: `min_total_keypoints=9`, `min_upper_keypoints=2`, `min_lower_keypoints=3`, `padding=1.5`, `prob=0.3`,
    /// `upper_prioritized_prob=0.7`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        minTotal = try arguments.int("min_total_keypoints", default: 9)
        minUpper = try arguments.int("min_upper_keypoints", default: 2)
        minLower = try arguments.int("min_lower_keypoints", default: 3)
        padding = try arguments.double("padding", default: 1.5)
        probability = try arguments.probability("prob", default: 0.3)
        upperProbability = try arguments.probability("upper_prioritized_prob", default: 0.7)
    }

    public func callAsFunction(
        _ sample: inout PoseSample, using generator: inout some RandomNumberGenerator
    ) throws {
        try apply(draw(for: sample, using: &generator), to: &sample)
    }

    /// For every instance the key points of the half to take; nil to take it whole.
    ///
    /// - Throws: `PoseSampleError` without key points, or for halves with others.
    public func draw(
        for sample: PoseSample, using generator: inout some RandomNumberGenerator
    ) throws -> [[Int]?] {
        let (keypoints, visible) = try sample.requiredKeypoints()
        let count = keypoints.shape[1]
        guard (sample.upperBody + sample.lowerBody).allSatisfy({ (0..<count).contains($0) }) else {
            throw PoseSampleError.invalid("the halves of the body name more than \(count) key points")
        }
        return (0..<keypoints.shape[0]).map { instance in
            let seen = Array(visible.elements[instance * count..<(instance + 1) * count])
            guard seen.reduce(0, +) >= Double(minTotal), generator.uniform() <= probability else { return nil }
            return half(
                seen, of: sample, preferUpper: generator.chance(upperProbability))
        }
    }

    private func half(_ seen: [Double], of sample: PoseSample, preferUpper: Bool) -> [Int]? {
        let upper = sample.upperBody.filter { seen[$0] > 0 }
        let lower = sample.lowerBody.filter { seen[$0] > 0 }
        switch (upper.count >= minUpper, lower.count >= minLower) {
        case (false, false): return nil
        case (true, false): return upper
        case (false, true): return lower
        case (true, true): return preferUpper ? upper : lower
        }
    }

    /// Makes halves the regions of their instances.
    ///
    /// - Throws: `PoseSampleError` when the sample has no regions, or not as many.
    public func apply(_ halves: [[Int]?], to sample: inout PoseSample) throws {
        var (centers, scales) = try sample.requiredRegions()
        let keypoints = try sample.requiredKeypoints().keypoints
        let precision = keypoints.precision
        guard centers.shape[0] == halves.count, keypoints.shape[0] == halves.count else {
            throw PoseSampleError.shape("regions", expected: "(\(halves.count), 2)", found: centers.shape)
        }
        if halves.contains(where: { $0 != nil }) {
            centers = centers.converted(to: centers.precision.promoted(with: precision))
            scales = scales.converted(to: scales.precision.promoted(with: precision))
        }
        for (instance, half) in halves.enumerated() {
            guard let half, !half.isEmpty else { continue }
            for axis in 0..<2 {
                let values = half.map {
                    keypoints.elements[(instance * keypoints.shape[1] + $0) * keypoints.shape[2] + axis]
                }
                let sum = values.dropFirst().reduce(values[0]) { precision.round($0 + $1) }
                let extent = precision.round((values.max() ?? 0) - (values.min() ?? 0))
                centers.values.elements[instance * 2 + axis] = precision.round(sum / Double(half.count))
                scales.values.elements[instance * 2 + axis] = precision.round(extent * precision.round(padding))
            }
        }
        sample.boxCenters = centers
        sample.boxScales = scales
    }
}
