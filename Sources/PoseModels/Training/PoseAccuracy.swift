import Torch

/// What MMPose logs beside the losses of a step, computed as its NumPy code does: distances in float32, thresholds
/// exclusive, keypoints without a valid sample left out of the mean.
enum PoseAccuracy {
    /// Part of keypoints whose predicted peak is close to the true one, in units of the map's size.
    ///
    /// Shapes: maps `(B, K·n, H, W)`, of each keypoint's `n` the first counts; mask `(B, K)`, true where the truth is
    /// known.
    static func heatmaps(_ output: Tensor, _ target: Tensor, mask: Tensor) throws -> Double {
        let shape = output.shape
        let keypoints = try mask.size(1)
        guard shape.count == 4, keypoints > 0 else { return 0 }
        let step = max(shape[1] / keypoints, 1)
        func peaks(_ maps: Tensor) throws -> [SIMD2<Float>] {
            let maps = try step > 1 ? maps[.all, .slice(step: step)] : maps
            let (values, positions) = try maps.detach().flatten(from: 2).max(dim: 2)
            return zip(try values.toArray(Float.self), try positions.toArray(Int.self)).map { value, position in
                value <= 0 ? [-1, -1] : [Float(position % shape[3]), Float(position / shape[3])]
            }
        }
        return try correct(
            peaks(output), peaks(target), mask: mask, threshold: 0.05,
            // Height for x and width for y, as MMPose has it since 0.x.
            unit: [Double(shape[2]), Double(shape[3])])
    }

    /// The same for SimCC's distributions along both axes, `(B, K, bins)` each.
    static func distributions(_ output: [Tensor], _ target: [Tensor], splitRatio: Double, mask: Tensor) throws -> Double
    {
        func peaks(_ axes: [Tensor]) throws -> [SIMD2<Float>] {
            let (x, columns) = try axes.element(at: 0).detach().max(dim: 2)
            let (y, rows) = try axes.element(at: 1).detach().max(dim: 2)
            let scores = zip(try x.toArray(Float.self), try y.toArray(Float.self)).map { $0 > $1 ? $1 : $0 }
            let ratio = Float(splitRatio)
            let points = zip(try columns.toArray(Float.self), try rows.toArray(Float.self))
            return zip(points, scores).map { point, score in
                (score <= 0 ? [-1, -1] : [point.0, point.1]) / ratio
            }
        }
        let width = try output.element(at: 0).size(-1)
        let height = try output.element(at: 1).size(-1)
        return try correct(
            peaks(output), peaks(target), mask: mask, threshold: 0.05,
            unit: [(Double(height) / splitRatio).rounded(.down), (Double(width) / splitRatio).rounded(.down)])
    }

    /// The same for coordinates as parts of the input, `(B, K, 2 or more)`.
    static func coordinates(_ output: Tensor, _ target: Tensor, mask: Tensor) throws -> Double {
        func points(_ tensor: Tensor) throws -> [SIMD2<Float>] {
            let values = try tensor[.ellipsis, ..<2].toArray(Float.self)
            return stride(from: 0, to: values.count - 1, by: 2).map { [values[$0], values[$0 + 1]] }
        }
        return try correct(points(output), points(target), mask: mask, threshold: 0.05, unit: [1, 1])
    }

    /// Mean distance of points `(…, D)` over the places where the mask `(…)` is true; NaN when there is none.
    static func meanError(_ output: Tensor, _ target: Tensor, mask: Tensor) throws -> Double {
        let distances = try (output.detach() - target.detach()).norm(dim: -1).toArray(Float.self)
        let valid = zip(distances, try mask.toArray(Bool.self)).filter(\.1)
        return valid.reduce(0) { $0 + Double($1.0) } / Double(valid.count)
    }

    /// Part of samples whose labels `(B, L)` are all on the right side of a half. Samples with an invalid label do not
    /// count; 0 when none is left.
    static func labels(_ output: Tensor, _ target: Tensor, mask: Tensor) throws -> Double {
        let mask = try mask.gt(0)
        let valid = try (mask.rank == 2 ? mask.logicalNot().any(dim: 1).logicalNot() : mask).toArray(Bool.self)
        let agreeing = try ((output.detach() - 0.5) * (target.detach() - 0.5)).gt(0).all(dim: 1).toArray(Bool.self)
        let counted = zip(agreeing, valid).filter(\.1)
        return counted.isEmpty ? 0 : Double(counted.count { $0.0 }) / Double(counted.count)
    }

    /// Mean over keypoints of the part of their valid samples closer than the threshold.
    private static func correct(
        _ output: [SIMD2<Float>], _ target: [SIMD2<Float>], mask: Tensor, threshold: Float, unit: SIMD2<Double>
    ) throws -> Double {
        let keypoints = try mask.size(1)
        let valid = try mask.toArray(Bool.self)
        guard output.count == valid.count, target.count == valid.count else {
            throw ModelError.invalidInput("weights of \(valid.count) keypoints for \(output.count) predicted ones")
        }
        let parts = (0..<keypoints).compactMap { keypoint -> Double? in
            let samples = stride(from: keypoint, to: valid.count, by: keypoints).filter { valid[$0] }
            guard !samples.isEmpty else { return nil }
            let close = samples.count { index in
                let difference = SIMD2<Double>(output[index] - target[index]) / unit
                return Float((difference * difference).sum().squareRoot()) < threshold
            }
            return Double(close) / Double(samples.count)
        }
        return parts.isEmpty ? 0 : parts.reduce(0, +) / Double(parts.count)
    }
}
