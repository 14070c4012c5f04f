/// A 2×3 matrix that maps points of one image to another: `x' = a x + b y + tx`, `y' = c x + d y + ty`.
public struct AffineMap: Hashable, Sendable, Codable {
    public var a, b, tx, c, d, ty: Double

    public init(a: Double, b: Double, tx: Double, c: Double, d: Double, ty: Double) {
        self.a = a
        self.b = b
        self.tx = tx
        self.c = c
        self.d = d
        self.ty = ty
    }

    /// From six numbers, row-major; nil for another count.
    public init?(rowMajor values: [Double]) {
        guard values.count == 6 else { return nil }
        self.init(a: values[0], b: values[1], tx: values[2], c: values[3], d: values[4], ty: values[5])
    }

    public static let identity = AffineMap(a: 1, b: 0, tx: 0, c: 0, d: 1, ty: 0)

    /// `[a, b, tx, c, d, ty]`.
    public var rowMajor: [Double] { [a, b, tx, c, d, ty] }

    /// The map that takes three points to three others, solved as `cv2.getAffineTransform` does: the 6×6 system by
    /// Gaussian elimination with partial pivoting in double precision. Points on one line give the zero map, as there.
    public init(
        from source: (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>),
        to target: (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>)
    ) {
        let sources = [source.0, source.1, source.2]
        let targets = [target.0, target.1, target.2]
        var matrix = [[Double]]()
        var right = [Double]()
        for (from, to) in zip(sources, targets) {
            matrix.append([from.x, from.y, 1, 0, 0, 0])
            right.append(to.x)
            matrix.append([0, 0, 0, from.x, from.y, 1])
            right.append(to.y)
        }
        let x = Self.solve(&matrix, &right) ?? Array(repeating: 0, count: 6)
        self.init(a: x[0], b: x[1], tx: x[2], c: x[3], d: x[4], ty: x[5])
    }

    /// LU decomposition with partial pivoting; nil for a singular matrix. The order of operations is OpenCV's, so that
    /// results agree to the last bit.
    private static func solve(_ matrix: inout [[Double]], _ right: inout [Double]) -> [Double]? {
        let count = right.count
        for column in 0..<count {
            var pivot = column
            for row in column + 1..<count where abs(matrix[row][column]) > abs(matrix[pivot][column]) { pivot = row }
            // OpenCV's threshold for doubles.
            guard abs(matrix[pivot][column]) >= Double.ulpOfOne * 100 else { return nil }
            if pivot != column {
                matrix.swapAt(pivot, column)
                right.swapAt(pivot, column)
            }
            let scale = -1 / matrix[column][column]
            for row in column + 1..<count {
                let factor = matrix[row][column] * scale
                for k in column + 1..<count { matrix[row][k] += factor * matrix[column][k] }
                right[row] += factor * right[column]
            }
        }
        for row in stride(from: count - 1, through: 0, by: -1) {
            var sum = right[row]
            for k in row + 1..<count { sum -= matrix[row][k] * right[k] }
            right[row] = sum / matrix[row][row]
        }
        return right
    }

    /// The map back, as `cv2.invertAffineTransform` computes it: the zero map when there is none.
    public var inverse: AffineMap {
        var determinant = a * d - b * c
        determinant = determinant != 0 ? 1 / determinant : 0
        let a11 = d * determinant
        let a22 = a * determinant
        let a12 = -b * determinant
        let a21 = -c * determinant
        return AffineMap(
            a: a11, b: a12, tx: -a11 * tx - a12 * ty, c: a21, d: a22, ty: -a21 * tx - a22 * ty)
    }

    /// A point's image.
    public func apply(_ point: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2(a * point.x + b * point.y + tx, c * point.x + d * point.y + ty)
    }

    /// Points' images.
    public func apply(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
        points.map(apply)
    }

    /// First this map, then `next`.
    public func then(_ next: AffineMap) -> AffineMap {
        AffineMap(
            a: next.a * a + next.b * c, b: next.a * b + next.b * d, tx: next.a * tx + next.b * ty + next.tx,
            c: next.c * a + next.d * c, d: next.c * b + next.d * d, ty: next.c * tx + next.d * ty + next.ty)
    }
}
