import PoseCore

/// How many pixels of the network's input one step of a map stands for.
///
/// MMPose keeps the two factors as float32 and so do we: they decide which pixel a tie falls into.
struct MapScale: Hashable, Sendable {
    let x, y: Float

    /// Pixels cover areas: `input / map`.
    init(input: ImageSize, map: ImageSize) {
        x = Float(Double(input.width) / Double(map.width))
        y = Float(Double(input.height) / Double(map.height))
    }

    /// Pixels are points, so that the first and last of both grids coincide (UDP): `(input - 1) / (map - 1)`.
    init(unbiasedInput input: ImageSize, map: ImageSize) {
        x = Float(Double(input.width - 1) / Double(map.width - 1))
        y = Float(Double(input.height - 1) / Double(map.height - 1))
    }

    /// Coordinates of a map from those of the input: the first two of every point.
    ///
    /// Shapes: `(N, K, D)` with D at least 2 gives `(N, K, 2)`.
    func mapCoordinates(_ keypoints: RealArray) throws -> RealArray {
        let dimensions = keypoints.shape.last ?? 0
        var values: [Double] = []
        values.reserveCapacity(keypoints.count)
        for start in stride(from: 0, to: keypoints.count, by: max(dimensions, 1)) {
            values.append(keypoints.elements[start] / Double(x))
            values.append(keypoints.elements[start + 1] / Double(y))
        }
        return try RealArray(
            values, shape: keypoints.shape.dropLast() + [2], precision: keypoints.precision)
    }

    /// A point of the input from one of a map, in float32 throughout.
    func inputPoint(x mapX: Float, y mapY: Float) -> SIMD2<Double> {
        SIMD2(Double(mapX * x), Double(mapY * y))
    }
}
