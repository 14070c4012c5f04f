import PoseCore

extension RealArray {
    /// The first two coordinates of every point mapped; the others stay.
    ///
    /// The numbers are those of `cv2.transform`: float32 points with a float32 matrix, one product of each row fused into
    /// the sum; a matrix without rotation is applied to each axis alone.
    /// - Throws: `PoseSampleError.shape` for points of fewer than two coordinates.
    func mapped(by map: AffineMap) throws -> RealArray {
        let dimensions = shape.last ?? 0
        guard dimensions >= 2 else {
            throw PoseSampleError.shape("key points", expected: "(N, K, 2)", found: shape)
        }
        let epsilon = precision == .single ? Double(Float.ulpOfOne) : Double.ulpOfOne
        let straight = abs(precision.round(map.b)) <= epsilon && abs(precision.round(map.c)) <= epsilon
        var result = self
        for start in stride(from: 0, to: count, by: dimensions) {
            let (x, y) = (elements[start], elements[start + 1])
            result.values.elements[start] =
                straight ? fused(map.a, x, map.tx) : fused(map.a, x, product(map.b, y), map.tx)
            result.values.elements[start + 1] =
                straight ? fused(map.d, y, map.ty) : fused(map.c, x, product(map.d, y), map.ty)
        }
        return result
    }

    private func product(_ a: Double, _ b: Double) -> Double {
        precision == .single ? Double(Float(a) * Float(b)) : a * b
    }

    /// `a * b + c`, rounded once.
    private func fused(_ a: Double, _ b: Double, _ c: Double) -> Double {
        precision == .single ? Double(Float(c).addingProduct(Float(a), Float(b))) : c.addingProduct(a, b)
    }

    /// `(a * b + c) + d`, rounded twice.
    private func fused(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
        precision.round(fused(a, b, c) + precision.round(d))
    }
}
