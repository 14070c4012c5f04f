import PoseCore
import Testing

@testable import PoseRuntime

/// The arithmetic around the detector, on numbers worked out by hand.
@Suite struct DetectorOutputTests {
    @Test("2254 anchors, at the centres of the cells of three grids, in the order of the network's outputs")
    func anchors() {
        let anchors = DetectorOutput.anchors
        #expect(anchors.count == 28 * 28 * 2 + 14 * 14 * 2 + 7 * 7 * 6)
        #expect(anchors[0] == SIMD2(0.5 / 28, 0.5 / 28))
        #expect(anchors[1] == anchors[0])
        #expect(anchors[2] == SIMD2(1.5 / 28, 0.5 / 28), "columns run faster than rows")
        #expect(anchors[28 * 2] == SIMD2(0.5 / 28, 1.5 / 28))
        #expect(anchors[28 * 28 * 2] == SIMD2(0.5 / 14, 0.5 / 14))
        #expect(anchors[28 * 28 * 2 + 14 * 14 * 2] == SIMD2(0.5 / 7, 0.5 / 7))
        #expect(anchors[2253] == SIMD2(6.5 / 7, 6.5 / 7))
    }

    @Test("A prediction is relative to its anchor, in pixels of the input")
    func decode() throws {
        var values = Array(repeating: Float(0), count: 2254 * 12)
        var logits = Array(repeating: Float(-10), count: 2254)
        let index = 28 * 28 * 2 + 5
        logits[index] = 2
        logits[7] = 0.1
        values.replaceSubrange(
            index * 12..<index * 12 + 12, with: [22.4, 0, 44.8, 22.4, 0, 112, 0, -112, 11.2, 0, 0, 0])
        let found = values.withUnsafeBufferPointer { values in
            logits.withUnsafeBufferPointer { DetectorOutput.decode(values: values, logits: $0, threshold: 0.6) }
        }
        let detection = try #require(found.first)
        #expect(found.count == 1, "sigmoid(0.1) is below the threshold")
        let anchor = DetectorOutput.anchors[index]
        #expect(abs(detection.score - 0.880797) < 1e-5)
        #expect(abs(detection.head.center.x - anchor.x - 0.1) < 1e-6)
        #expect(abs(detection.head.width - 0.2) < 1e-6)
        #expect(abs(detection.head.height - 0.1) < 1e-6)
        #expect(abs(detection.points[0].y - anchor.y - 0.5) < 1e-6)
        #expect(abs(detection.points[2].x - anchor.x - 0.05) < 1e-6)
    }

    @Test("Outputs of another size or without finite numbers give no detections instead of a crash")
    func hostile() {
        let none = [Float](repeating: 5, count: 10).withUnsafeBufferPointer {
            DetectorOutput.decode(values: $0, logits: $0, threshold: 0)
        }
        #expect(none.isEmpty)
        let values = [Float](repeating: .nan, count: 2254 * 12)
        let infinite = values.withUnsafeBufferPointer { values in
            [Float](repeating: .infinity, count: 2254).withUnsafeBufferPointer {
                DetectorOutput.decode(values: values, logits: $0, threshold: 0.5)
            }
        }
        #expect(infinite.isEmpty)
    }

    private func detection(_ score: Double, x: Double) -> PersonDetection {
        PersonDetection(
            score: score, head: Box(x: x, y: 0, width: 10, height: 10), points: [SIMD2(x, 50), SIMD2(x, -20)])
    }

    @Test("Overlapping heads become one, at their mean by score; others stay")
    func merge() {
        let merged = Suppression.merge([detection(0.5, x: 2), detection(1, x: 0), detection(0.6, x: 100)])
        #expect(merged.count == 2)
        #expect(merged[0].score == 1)
        #expect(abs(merged[0].points[0].x - 2 * 0.5 / 1.5) < 1e-12)
        #expect(abs(merged[0].head.x1 - 2 * 0.5 / 1.5) < 1e-12)
        #expect(merged[1] == detection(0.6, x: 100))
        #expect(Suppression.merge([]).isEmpty)
    }
}
