import Foundation
import PoseCore

/// A person as the detector sees one.
struct PersonDetection: Hashable, Sendable {
    /// 0 to 1.
    var score: Double
    /// Around the head.
    var head: Box
    /// Middle of the hips, a point on the circle around the body, middle of the shoulders, a point on the circle around
    /// the upper body.
    var points: [SIMD2<Double>]

    /// Moved and scaled: from one frame to another without rotation.
    func mapped(_ map: (SIMD2<Double>) -> SIMD2<Double>) -> PersonDetection {
        let low = map(SIMD2(head.x1, head.y1))
        let high = map(SIMD2(head.x2, head.y2))
        return PersonDetection(
            score: score, head: Box(x1: low.x, y1: low.y, x2: high.x, y2: high.y), points: points.map(map))
    }
}

/// Meaning of the numbers that BlazePose's detector gives.
enum DetectorOutput {
    /// Side of the picture it takes.
    static let inputSize = 224
    /// Numbers for one anchor: centre and size of the head box, then four points.
    static let valuesPerAnchor = 12

    /// Centres of the cells that predictions are relative to, 0 to 1: two for every cell of the two finer grids (strides
    /// 8 and 16); three layers share the coarsest grid (stride 32), with two each.
    static let anchors: [SIMD2<Double>] = [(28, 2), (14, 2), (7, 6)].flatMap { (cells: Int, perCell: Int) in
        (0..<cells * cells).flatMap { cell in
            let column = Double(cell % cells)
            let row = Double(cell / cells)
            return Array(repeating: (SIMD2(column, row) + 0.5) / Double(cells), count: perCell)
        }
    }

    /// Detections above a threshold, in coordinates of the input from 0 to 1.
    ///
    /// - Parameters:
    ///   - values: 2254 × 12, in pixels of the input relative to the anchor.
    ///   - logits: 2254.
    static func decode(
        values: UnsafeBufferPointer<Float>, logits: UnsafeBufferPointer<Float>, threshold: Double
    ) -> [PersonDetection] {
        guard logits.count == anchors.count, values.count == anchors.count * valuesPerAnchor else { return [] }
        return logits.indices.compactMap { index in
            let score = sigmoid(Double(logits[index]))
            guard score >= threshold else { return nil }
            let row = UnsafeBufferPointer(rebasing: values[index * valuesPerAnchor..<(index + 1) * valuesPerAnchor])
            let pairs = (0..<valuesPerAnchor / 2).map {
                SIMD2(Double(row[2 * $0]), Double(row[2 * $0 + 1])) / Double(inputSize)
            }
            guard pairs.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
            let head = Box(center: pairs[0] + anchors[index], size: pairs[1])
            return PersonDetection(score: score, head: head, points: pairs[2...].map { $0 + anchors[index] })
        }
    }
}

/// The logistic function.
func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
