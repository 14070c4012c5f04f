import Foundation
import PoseCore

/// Meaning of the numbers that BlazePose's landmark model gives.
enum LandmarkOutput {
    /// Side of the crop it takes.
    static let inputSize = 256
    /// 33 landmarks of the body, two that give the region, four that are not used.
    static let count = 39
    /// Landmarks that are reported.
    static let bodyCount = 33
    /// x, y, z in pixels of the crop, logits of visibility and presence.
    static let valuesPerLandmark = 5
    /// Side of the heatmaps.
    static let heatmapSize = 64

    /// The landmarks in crop pixels (0 and 256 at its edges).
    static func decode(_ values: UnsafeBufferPointer<Float>) -> [PoseLandmark] {
        guard values.count == count * valuesPerLandmark else { return [] }
        return (0..<count).map { index in
            let row = (0..<valuesPerLandmark).map { Double(values[index * valuesPerLandmark + $0]) }
            return PoseLandmark(
                position: SIMD2(row[0], row[1]), z: row[2], visibility: sigmoid(row[3]), presence: sigmoid(row[4]))
        }
    }

    /// Moves every landmark to the centre of mass of its heatmap within the 7 × 7 cells around it, where the heatmap is
    /// sure of anything there (a cell of at least 0.5).
    ///
    /// - Parameter heatmaps: 64 × 64 × 39 logits.
    static func refine(_ landmarks: [PoseLandmark], heatmaps: UnsafeBufferPointer<Float>) -> [PoseLandmark] {
        guard heatmaps.count == heatmapSize * heatmapSize * count, landmarks.count == count else { return landmarks }
        let scale = Double(inputSize / heatmapSize)
        let reach = 3
        return landmarks.enumerated().map { index, landmark in
            let cell = landmark.position / scale
            let limit = Double(heatmapSize)
            guard cell.x >= 0, cell.y >= 0, cell.x < limit, cell.y < limit else { return landmark }
            let (column, row) = (Int(cell.x), Int(cell.y))
            var sum = SIMD2<Double>()
            var total = 0.0
            var best = 0.0
            for y in max(0, row - reach)...min(heatmapSize - 1, row + reach) {
                for x in max(0, column - reach)...min(heatmapSize - 1, column + reach) {
                    let weight = sigmoid(Double(heatmaps[(y * heatmapSize + x) * count + index]))
                    sum += SIMD2(Double(x), Double(y)) * weight
                    total += weight
                    best = max(best, weight)
                }
            }
            guard best >= 0.5, total > 0 else { return landmark }
            var refined = landmark
            refined.position = sum / total * scale
            return refined
        }
    }
}
