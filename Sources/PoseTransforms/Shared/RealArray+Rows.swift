import PoseCore

extension RealArray {
    /// Numbers in each part of the first dimension.
    var rowSize: Int { shape.first.map { $0 > 0 ? count / $0 : 0 } ?? 0 }

    /// Some parts of the first dimension, in the order given. Indices must be inside.
    func rows(_ indices: [Int]) throws -> RealArray {
        let size = rowSize
        let values = indices.flatMap { elements[$0 * size..<($0 + 1) * size] }
        return try RealArray(values, shape: [indices.count] + shape.dropFirst(), precision: precision)
    }

    /// Parts of the second dimension in another order, as `(N, K, …)`. Indices must be inside.
    func columns(_ indices: [Int]) throws -> RealArray {
        let perRow = shape.count > 1 ? shape[1] : 1
        let size = perRow > 0 ? rowSize / perRow : 0
        let values = (0..<(shape.first ?? 0)).flatMap { row in
            indices.flatMap { index in
                let start = row * rowSize + index * size
                return elements[start..<start + size]
            }
        }
        return try RealArray(
            values, shape: [shape[0], indices.count] + shape.dropFirst(2), precision: precision)
    }

    /// Arrays behind each other along the first dimension; of the precision that holds them all.
    ///
    /// - Throws: `NDArrayError` when their other dimensions differ.
    static func concatenated(_ arrays: [RealArray]) throws -> RealArray {
        let rows = arrays.reduce(0) { $0 + ($1.shape.first ?? 0) }
        let rest = arrays.first.map { Array($0.shape.dropFirst()) } ?? []
        guard arrays.allSatisfy({ Array($0.shape.dropFirst()) == rest }) else {
            throw NDArrayError.stack(arrays.map(\.shape))
        }
        let precision = arrays.dropFirst().reduce(arrays.first?.precision ?? .single) {
            $0.promoted(with: $1.precision)
        }
        return try RealArray(arrays.flatMap(\.elements), shape: [rows] + rest, precision: precision)
    }

    /// Every coordinate changed, of points `(…, 2)` or `(…, 3)`, whose depth stays, or of boxes `(…, 4)`.
    ///
    /// - Parameter transform: gets a coordinate and its axis, 0 or 1.
    func mapCoordinates(_ transform: (Double, _ axis: Int) -> Double) -> RealArray {
        let dimensions = max(shape.last ?? 1, 1)
        var result = self
        for index in 0..<count {
            let place = index % dimensions
            if dimensions == 3 && place == 2 { continue }
            result.values.elements[index] = precision.round(transform(elements[index], place % 2))
        }
        return result
    }
}
