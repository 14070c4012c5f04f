import PoseCore

/// An affine map or a perspective of the plane, for pixels, points and areas alike.
struct ImageWarp {
    /// Six or nine numbers, row-major.
    let values: [Double]

    /// - Throws: `PoseSampleError.invalid` for another count.
    init(_ values: [Double]) throws {
        guard values.count == 6 || values.count == 9 else {
            throw PoseSampleError.invalid("a map of \(values.count) numbers")
        }
        self.values = values
    }

    /// How much larger areas become; negative for mirror images.
    var determinant: Double {
        let v = values
        if v.count == 6 { return v[0] * v[4] - v[1] * v[3] }
        return v[0] * (v[4] * v[8] - v[5] * v[7]) - v[1] * (v[3] * v[8] - v[5] * v[6])
            + v[2] * (v[3] * v[7] - v[4] * v[6])
    }

    func apply(to image: Image, size: ImageSize, border: Border = .zero) throws -> Image {
        if let map = AffineMap(rowMajor: values) { return try image.warpAffine(map, size: size, border: border) }
        return try image.warpPerspective(values, size: size, border: border)
    }

    /// Points `(…, 2)`.
    func apply(to points: RealArray) throws -> RealArray {
        if let map = AffineMap(rowMajor: values) { return try points.mapped(by: map) }
        guard let dimensions = points.shape.last, dimensions == 2 else {
            throw PoseSampleError.shape("points of a perspective", expected: "(…, 2)", found: points.shape)
        }
        let precision = points.precision
        var result = points
        for start in stride(from: 0, to: points.count, by: 2) {
            let (x, y) = (points.elements[start], points.elements[start + 1])
            let mapped = (0..<3).map { row in
                let (a, b, shift) = (values[row * 3], values[row * 3 + 1], values[row * 3 + 2])
                return precision.round(precision.round(a * x + shift) + b * y)
            }
            result.values.elements[start] = precision.round(mapped[0] / mapped[2])
            result.values.elements[start + 1] = precision.round(mapped[1] / mapped[2])
        }
        return result
    }
}

extension RealArray {
    /// Corners `(N, 4, 2)` of boxes `(N, 4)`: left top, left bottom, right top, right bottom.
    func boxCorners() throws -> RealArray {
        guard rank == 2, shape[1] == 4 else {
            throw PoseSampleError.shape("boxes", expected: "(N, 4)", found: shape)
        }
        let values = stride(from: 0, to: count, by: 4).flatMap { start in
            let (left, top, right, bottom) = (
                elements[start], elements[start + 1], elements[start + 2], elements[start + 3]
            )
            return [left, top, left, bottom, right, top, right, bottom]
        }
        return try RealArray(values, shape: [shape[0], 4, 2], precision: precision)
    }

    /// Boxes or points cut to an image: from 0 to its extents.
    func clipped(to size: ImageSize) -> RealArray {
        let extent = [Double(size.width), Double(size.height)]
        return mapCoordinates { value, axis in min(max(value, 0), extent[axis]) }
    }

    /// These visibilities `(N, K)`, zero for the key points outside an image.
    func hiding(_ keypoints: RealArray, outside size: ImageSize) -> RealArray {
        let dimensions = keypoints.shape.last ?? 2
        var result = self
        for index in 0..<count {
            let (x, y) = (keypoints.elements[index * dimensions], keypoints.elements[index * dimensions + 1])
            if x < 0 || y < 0 || x > Double(size.width) || y > Double(size.height) { result.values.elements[index] = 0 }
        }
        return result
    }
}
