import PoseCore

/// Where the root of an instance is.
enum RootType: String {
    /// Mean of its visible key points.
    case keypointCenter = "kpt_center"
    /// Middle of the box around them.
    case boxCenter = "bbox_center"
}

/// Roots and sizes of instances, by their visible key points.
///
/// Shapes: key points `(N, K, 2)`, visibilities `(N, K)`; visible is what is above zero.
struct InstanceGeometry {
    /// `(N, 2)`, float32; (0, 0) for an instance without a visible key point.
    let roots: [SIMD2<Float>]
    /// 1, or 0 for an instance without a visible key point.
    var rootsVisible: [Double]
    /// Diagonal of the box around every instance.
    let diagonals: [Float]
    /// Left, top, right, bottom of those boxes.
    let boxes: [SIMD4<Float>]

    init(keypoints: RealArray, visible: RealArray, root: RootType) {
        let (instances, count) = (keypoints.shape[0], keypoints.shape[1])
        var boxes: [SIMD4<Float>] = []
        var roots: [SIMD2<Float>] = []
        var rootsVisible: [Double] = []
        for instance in 0..<instances {
            let points = (0..<count).filter { visible.elements[instance * count + $0] > 0 }.map { index in
                let start = (instance * count + index) * 2
                return SIMD2(keypoints.elements[start], keypoints.elements[start + 1])
            }
            guard let first = points.first else {
                boxes.append(.zero)
                roots.append(.zero)
                rootsVisible.append(0)
                continue
            }
            let low = points.reduce(first, pointwiseMin)
            let high = points.reduce(first, pointwiseMax)
            boxes.append(SIMD4(Float(low.x), Float(low.y), Float(high.x), Float(high.y)))
            roots.append(
                root == .boxCenter
                    ? SIMD2<Float>((low + high).rounded(to: keypoints.precision) / 2)
                    : SIMD2<Float>(Self.mean(points, keypoints.precision)))
            rootsVisible.append(1)
        }
        self.boxes = boxes
        self.roots = roots
        self.rootsVisible = rootsVisible
        diagonals = boxes.map { box in
            let size = box.highHalf - box.lowHalf
            return (size * size).sum().squareRoot()
        }
    }

    /// Summed one after the other in the precision of the points, as NumPy does along the first axis.
    private static func mean(_ points: [SIMD2<Double>], _ precision: RealPrecision) -> SIMD2<Double> {
        points.dropFirst().reduce(points[0]) { ($0 + $1).rounded(to: precision) } / Double(points.count)
    }

    /// `(N, 2)`
    var rootArray: RealArray {
        get throws { try RealArray(roots.flatMap { [Double($0.x), Double($0.y)] }, shape: [roots.count, 2]) }
    }
}

extension SIMD2<Double> {
    func rounded(to precision: RealPrecision) -> SIMD2 { SIMD2(precision.round(x), precision.round(y)) }
}
