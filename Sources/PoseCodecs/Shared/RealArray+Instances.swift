import PoseCore
import PyConfig

extension RealArray {
    /// One instance of many, its dimension kept.
    func instance(_ index: Int) throws -> RealArray {
        let size = count / max(shape[0], 1)
        return try RealArray(
            Array(elements[index * size..<(index + 1) * size]), shape: [1] + shape.dropFirst(), precision: precision)
    }

    /// `(N, K, 2)` with a further point per instance; `(N, K + 1, 2)`.
    func appendingPoints(_ points: [SIMD2<Float>]) throws -> RealArray {
        let size = shape[1] * 2
        let values = points.enumerated().flatMap { index, point in
            elements[index * size..<(index + 1) * size] + [Double(point.x), Double(point.y)]
        }
        return try RealArray(values, shape: [shape[0], shape[1] + 1, 2], precision: precision)
    }

    /// `(N, K)` with a further value per instance; `(N, K + 1)`.
    func appendingColumn(_ column: [Double]) throws -> RealArray {
        let size = shape[1]
        let values = column.enumerated().flatMap { index, value in
            elements[index * size..<(index + 1) * size] + [value]
        }
        return try RealArray(values, shape: [shape[0], size + 1], precision: precision)
    }

    /// Corners `(N, 4, 2)` of boxes `(N, 4)`: left top, left bottom, right top, right bottom.
    func corners() throws -> RealArray {
        let values = stride(from: 0, to: count, by: 4).flatMap { start in
            let (left, top, right, bottom) = (
                elements[start], elements[start + 1], elements[start + 2], elements[start + 3]
            )
            return [left, top, left, bottom, right, top, right, bottom]
        }
        return try RealArray(values, shape: [shape[0], 4, 2], precision: precision)
    }
}

extension Arguments {
    /// `root_type`.
    func rootType() throws -> RootType {
        let name = try string("root_type", default: RootType.keypointCenter.rawValue)
        guard let type = RootType(rawValue: name) else {
            throw invalid("root_type", "expected 'kpt_center' or 'bbox_center', found '\(name)'")
        }
        return type
    }
}
