import PoseCore
import Torch

/// What a one-stage head predicts at every pixel of its maps, and how it is meant there.
enum GridPredictions {
    /// The maps of all levels as one row of predictions: `(B, Σ Hᵢ·Wᵢ, C)`.
    static func flattened(_ levels: [Tensor]) throws -> Tensor {
        try Tensor.cat(levels.map { try $0.permute([0, 2, 3, 1]).flatten(from: 1, to: 2) }, dim: 1)
    }

    /// Corners of boxes from offsets to their centres and logarithms of their sizes, in strides.
    ///
    /// Shapes: predictions `(B, N, 4)`, points `(N, 4)` with their strides, output `(B, N, 4)` left, top, right, bottom.
    static func boxes(_ predictions: Tensor, at points: Tensor) throws -> Tensor {
        let parts = try predictions.split([2, 2], dim: -1)
        let stride = try points[.all, 3...3]
        let centers = try parts[0] * stride + points[.all, ..<2]
        let halves = try parts[1].exp() * stride / 2
        return try Tensor.cat([centers - halves, centers + halves], dim: -1)
    }

    /// Keypoints from their offsets in strides.
    ///
    /// Shapes: predictions `(B, N, 2K)`, points `(N, 4)`, output `(B, N, K, 2)`.
    static func keypoints(_ predictions: Tensor, at points: Tensor) throws -> Tensor {
        let offsets = try predictions.unflatten(-1, [-1, 2])
        return try offsets * points[.all, 3...3].unsqueeze(1) + points[.all, ..<2].unsqueeze(1)
    }
}

/// The predictions of one image that are people.
struct GridSelection {
    /// Positions among all predictions, best first.
    let indices: Tensor
    /// `(N)`
    let scores: Tensor
    /// `(N, 4)` left, top, right, bottom.
    let boxes: Tensor
    var count: Int { indices.count }

    /// - Parameters:
    ///   - scores: `(N, classes)`; the best class counts.
    ///   - boxes: `(N, 4)`
    init(_ scores: Tensor, boxes: Tensor, _ settings: BottomupSettings) throws {
        let confidence = try scores.max(dim: 1).values
        let valid = try confidence.gt(settings.scoreThreshold).nonzero().flatten()
        let sorted = try confidence.indexSelect(dim: 0, index: valid).sort(descending: true)
        let kept = min(settings.candidates, sorted.values.count)
        let best = try valid.indexSelect(dim: 0, index: sorted.indices.narrow(dim: 0, start: 0, length: kept))
        let values = try sorted.values.narrow(dim: 0, start: 0, length: kept)
        guard settings.overlapThreshold < 1 else {
            (indices, self.scores, self.boxes) = (best, values, try boxes.indexSelect(dim: 0, index: best))
            return
        }
        // MMPose sorts again before it suppresses, which matters to equal scores: PyTorch's order of those is its own.
        let again = try values.sort(descending: true)
        let order = try best.indexSelect(dim: 0, index: again.indices)
        let candidates = try boxes.indexSelect(dim: 0, index: order)
        let survivors = BoxSuppression.kept(
            try candidates.toArray(Float.self), threshold: Float(settings.overlapThreshold))
        let rows = try Tensor(survivors, shape: [survivors.count])
        indices = try order.indexSelect(dim: 0, index: rows)
        self.scores = try again.values.indexSelect(dim: 0, index: rows)
        self.boxes = try candidates.indexSelect(dim: 0, index: rows)
    }

    /// The people with their keypoints `(N, K, 2)` and how visible those are `(N, K)`; boxes are cut to the input.
    func people(keypoints: Tensor, visibility: Tensor, in size: ImageSize) throws -> [DecodedPose] {
        let count = try visibility.size(1)
        let points = try keypoints.toArray(Float.self)
        let visible = try visibility.toArray(Float.self)
        let scores = try scores.toArray(Float.self)
        let corners = try boxes.toArray(Float.self)
        func clamped(_ value: Float, _ extent: Int) -> Double {
            // What is not a number stays none.
            Double(value < 0 ? 0 : value > Float(extent) ? Float(extent) : value)
        }
        return scores.indices.map { index in
            let range = index * count..<(index + 1) * count
            let box = corners[4 * index..<4 * index + 4].map { $0 }
            return DecodedPose(
                keypoints: Keypoints(
                    points: range.map { SIMD2(Double(points[2 * $0]), Double(points[2 * $0 + 1])) },
                    scores: range.map { Double(visible[$0]) }),
                visibility: range.map { Double(visible[$0]) }, score: Double(scores[index]),
                box: Box(
                    x1: clamped(box[0], size.width), y1: clamped(box[1], size.height),
                    x2: clamped(box[2], size.width), y2: clamped(box[3], size.height)))
        }
    }
}

/// Suppression of boxes with the arithmetic of detectors that work on tensors: float32, and no pixel counts twice.
enum BoxSuppression {
    /// Positions of the boxes that stay, in their order.
    ///
    /// - Parameters:
    ///   - corners: left, top, right, bottom of each box, the best first.
    ///   - threshold: a box goes that overlaps a better one by more (intersection over union).
    static func kept(_ corners: [Float], threshold: Float) -> [Int] {
        let boxes = stride(from: 0, to: corners.count - 3, by: 4).map {
            SIMD4(corners[$0], corners[$0 + 1], corners[$0 + 2], corners[$0 + 3])
        }
        let areas = boxes.map { ($0.z - $0.x) * ($0.w - $0.y) }
        var rest = Array(boxes.indices)
        var kept: [Int] = []
        while let best = rest.first {
            kept.append(best)
            let (box, area) = (boxes[best], areas[best])
            rest = rest.dropFirst().filter { index in
                let other = boxes[index]
                let width = max(0, min(box.z, other.z) - max(box.x, other.x))
                let height = max(0, min(box.w, other.w) - max(box.y, other.y))
                let overlap = width * height
                let union = area + areas[index] - overlap
                // A box with a corner that is not a number has no area, and is like no other.
                return !(overlap / (union < 1e-6 ? 1e-6 : union) > threshold)
            }
        }
        return kept
    }
}
