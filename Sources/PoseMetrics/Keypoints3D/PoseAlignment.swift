/// Poses brought close to others, least squares.
enum PoseAlignment {
    /// Multiplied by one number.
    static func scaled(_ pose: [SIMD3<Double>], to target: [SIMD3<Double>]) -> [SIMD3<Double>] {
        let scale = zip(pose, target).reduce(0) { $0 + ($1.0 * $1.1).sum() } / pose.reduce(0) { $0 + ($1 * $1).sum() }
        return pose.map { $0 * scale }
    }

    /// Scaled, turned and moved: the orthogonal Procrustes problem, solved by the singular value decomposition of the
    /// covariance (Umeyama 1991).
    static func moved(_ pose: [SIMD3<Double>], to target: [SIMD3<Double>]) -> [SIMD3<Double>] {
        let count = Double(max(pose.count, 1))
        let center = pose.reduce(.zero, +) / count
        let targetCenter = target.reduce(.zero, +) / count
        var variance = 0.0
        // Columns of the covariance: the pose's axes against those of the target.
        var columns = [SIMD3<Double>](repeating: .zero, count: 3)
        for (point, goal) in zip(pose, target) {
            let (a, b) = (point - center, goal - targetCenter)
            variance += (a * a).sum()
            for axis in 0..<3 { columns[axis] += a * b[axis] }
        }
        let (left, values, right) = SingularValues.decompose(columns)
        // A mirror image is no rotation: then the direction that matters least is turned round.
        let handedness = determinant(left) * determinant(right)
        let sign: Double = handedness > 0 ? 1 : handedness < 0 ? -1 : 0
        let signs = [1, 1, sign]
        let scale = zip(values, signs).reduce(0) { $0 + $1.0 * $1.1 } / variance
        return pose.map { point in
            let offset = point - center
            var turned = SIMD3<Double>.zero
            for axis in 0..<3 { turned += right[axis] * (signs[axis] * (left[axis] * offset).sum()) }
            return turned * scale + targetCenter
        }
    }

    private static func determinant(_ columns: [SIMD3<Double>]) -> Double {
        (columns[0] * cross(columns[1], columns[2])).sum()
    }

    static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
}

/// The singular value decomposition of a 3×3 matrix by one-sided Jacobi rotations.
enum SingularValues {
    /// `A = Σ values[i] · left[i] · right[i]ᵀ`, values falling.
    ///
    /// - Parameter columns: the matrix's three columns.
    static func decompose(
        _ columns: [SIMD3<Double>]
    ) -> (left: [SIMD3<Double>], values: [Double], right: [SIMD3<Double>]) {
        var a = columns
        var v: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
        for _ in 0..<60 where !rotate(&a, &v) { break }
        let order = (0..<3).sorted { length(a[$0]) > length(a[$1]) }
        let values = order.map { length(a[$0]) }
        var left: [SIMD3<Double>] = []
        for (rank, index) in order.enumerated() {
            // A direction that the matrix does not reach is any that is square to the others.
            let isReached = values[rank] > values[0] * 1e-15 && values[rank] > 0
            left.append(isReached ? a[index] / values[rank] : direction(squareTo: left))
        }
        return (left, values, order.map { v[$0] })
    }

    /// Makes each pair of columns orthogonal once; false when all were.
    private static func rotate(_ a: inout [SIMD3<Double>], _ v: inout [SIMD3<Double>]) -> Bool {
        var changed = false
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            let alpha = (a[p] * a[p]).sum()
            let beta = (a[q] * a[q]).sum()
            let gamma = (a[p] * a[q]).sum()
            guard abs(gamma) > 1e-16 * (alpha * beta).squareRoot(), gamma != 0 else { continue }
            changed = true
            let zeta = (beta - alpha) / (2 * gamma)
            let tangent = (zeta >= 0 ? 1 : -1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
            let cosine = 1 / (1 + tangent * tangent).squareRoot()
            let sine = cosine * tangent
            (a[p], a[q]) = (a[p] * cosine - a[q] * sine, a[p] * sine + a[q] * cosine)
            (v[p], v[q]) = (v[p] * cosine - v[q] * sine, v[p] * sine + v[q] * cosine)
        }
        return changed
    }

    private static func length(_ a: SIMD3<Double>) -> Double { (a * a).sum().squareRoot() }

    private static func direction(squareTo others: [SIMD3<Double>]) -> SIMD3<Double> {
        if others.count == 2 { return PoseAlignment.cross(others[0], others[1]) }
        guard let other = others.first else { return SIMD3(1, 0, 0) }
        let axis: SIMD3<Double> = abs(other.x) < 0.6 ? SIMD3(1, 0, 0) : SIMD3(0, 1, 0)
        let square = PoseAlignment.cross(other, axis)
        return square / length(square)
    }
}
