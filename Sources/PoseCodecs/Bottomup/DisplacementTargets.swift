import PoseCore

/// Around every visible root, the way from each pixel to the instance's visible key points. Where instances overlap, the
/// smaller one's.
struct DisplacementTargets {
    /// `(2K, H, W)`: along x and y in turn.
    private(set) var values: NDArray<Float>
    /// `(2K, H, W)`: one over the instance's diagonal where there is a displacement, otherwise 0.
    private(set) var weights: NDArray<Float>

    /// - Parameters:
    ///   - keypoints: `(N, K, 2)` in pixels of the maps.
    ///   - visible: `(N, K)`; visible is what is 1 or more.
    ///   - radius: how far around a root, in pixels.
    init(
        size: ImageSize, keypoints: RealArray, visible: RealArray, geometry: InstanceGeometry, radius: Double
    ) throws {
        let count = keypoints.shape[1]
        values = try NDArray(repeating: 0, shape: [count * 2, size.height, size.width])
        weights = values
        var sizes = [Float](repeating: 0, count: size.area)
        let (width, height) = (Double(size.width), Double(size.height))
        for (instance, root) in geometry.roots.enumerated() where geometry.rootsVisible[instance] >= 1 {
            let (rootX, rootY) = (Double(root.x), Double(root.y))
            guard rootX >= 0, rootY >= 0, rootX < width, rootY < height else { continue }
            let columns = max(truncated(rootX - radius), 0)..<min(truncated(rootX + radius), size.width)
            let rows = max(truncated(rootY - radius), 0)..<min(truncated(rootY + radius), size.height)
            for keypoint in 0..<count where visible.elements[instance * count + keypoint] >= 1 {
                let place = (instance * count + keypoint) * 2
                let (x, y) = (keypoints.elements[place], keypoints.elements[place + 1])
                guard x >= 0, y >= 0, x < width, y < height else { continue }
                for row in rows {
                    for column in columns {
                        let pixel = row * size.width + column
                        let (alongX, alongY) = (
                            2 * keypoint * size.area + pixel, (2 * keypoint + 1) * size.area + pixel
                        )
                        let taken = values.elements[alongX] != 0 || values.elements[alongY] != 0
                        if taken, geometry.diagonals[instance] > sizes[pixel] { continue }
                        let weight = Float(1 / Double(geometry.diagonals[instance]))
                        weights.elements[alongX] = weight
                        weights.elements[alongY] = weight
                        values.elements[alongX] = Float(x - Double(column))
                        values.elements[alongY] = Float(y - Double(row))
                        sizes[pixel] = geometry.diagonals[instance]
                    }
                }
            }
        }
    }
}
