import Foundation

/// Object keypoint similarity (OKS) of detections with annotations of one image: 1 where all key points agree, towards 0
/// with their squared distances in relation to the instance's area and to how exactly people place each key point.
///
/// The order of operations is that of COCO's tools, so that results differ by no more than the last bits.
struct AnnotationSimilarity: Sendable {
    /// The key points that count, of all of an instance's.
    let keypoints: Range<Int>
    /// (2σ)² of these.
    let variances: [Double]
    let useArea: Bool

    init(sigmas: [Double], keypoints: Range<Int>, useArea: Bool) {
        self.keypoints = keypoints
        self.useArea = useArea
        variances = sigmas[keypoints].map { ($0 * 2) * ($0 * 2) }
    }

    /// An annotation's area as it counts here; nil when there is none.
    func area(_ index: Int, of annotations: InstanceColumns) -> Double? {
        let box = annotations.boxes[index]
        let area = useArea ? annotations.areas[index] : box.w * box.z * CocoProtocol.boxShare
        return area.isNaN ? nil : area
    }

    /// The key points of some instances, coordinates apart.
    struct Places {
        var x: [Double]
        var y: [Double]

        init(_ columns: InstanceColumns, _ rows: some Sequence<Int>, _ keypoints: Range<Int>) {
            x = []
            y = []
            for row in rows {
                let start = row * 3 * columns.keypointCount
                for point in keypoints {
                    x.append(columns.keypoints[start + 3 * point])
                    y.append(columns.keypoints[start + 3 * point + 1])
                }
            }
        }
    }

    /// Fills `values[d]` with the similarity of every detection with one annotation.
    ///
    /// Without a visible key point the distances are those to the annotation's box grown threefold.
    func fill(
        _ values: UnsafeMutableBufferPointer<Double>, _ detections: Places, annotation: Int,
        of columns: InstanceColumns,
        area: Double
    ) {
        let count = keypoints.count
        let start = 3 * (annotation * columns.keypointCount + keypoints.lowerBound)
        var visible: [Int] = []
        visible.reserveCapacity(count)
        columns.keypoints.withUnsafeBufferPointer { source in
            for point in 0..<count where source[start + 3 * point + 2] > 0 { visible.append(point) }
            guard !visible.isEmpty else { return }
            // Key points that are not visible take no part: only the others are laid side by side.
            let gx = visible.map { source[start + 3 * $0] }
            let gy = visible.map { source[start + 3 * $0 + 1] }
            let weights = visible.map { variances[$0] }
            let scale = area + CocoProtocol.spacing
            for detection in 0..<values.count {
                let offset = detection * count
                var sum = 0.0
                for (index, point) in visible.enumerated() {
                    let dx = detections.x[offset + point] - gx[index]
                    let dy = detections.y[offset + point] - gy[index]
                    sum += Self.falloff((dx * dx + dy * dy) / weights[index] / scale / 2)
                }
                values[detection] = sum / Double(visible.count)
            }
        }
        if visible.isEmpty { fillFromBox(values, detections, columns.boxes[annotation], area) }
    }

    private func fillFromBox(
        _ values: UnsafeMutableBufferPointer<Double>, _ detections: Places, _ box: SIMD4<Double>, _ area: Double
    ) {
        let left = box.x - box.z
        let right = box.x + box.z * 2
        let top = box.y - box.w
        let bottom = box.y + box.w * 2
        for detection in 0..<values.count {
            var sum = 0.0
            for point in 0..<keypoints.count {
                let x = detections.x[detection * keypoints.count + point]
                let y = detections.y[detection * keypoints.count + point]
                let dx = max(0, left - x) + max(0, x - right)
                let dy = max(0, top - y) + max(0, y - bottom)
                sum += Self.falloff((dx * dx + dy * dy) / variances[point] / (area + CocoProtocol.spacing) / 2)
            }
            values[detection] = sum / Double(keypoints.count)
        }
    }

    /// e⁻ᵉ; far points count nothing, which spares most of the exponentials of an image.
    @inline(__always) private static func falloff(_ e: Double) -> Double { e > 40 ? 0 : exp(-e) }
}
