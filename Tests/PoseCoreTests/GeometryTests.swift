import Foundation
import PoseCore
import Testing

/// Boxes, affine maps and keypoints compute what their names say.
struct GeometryTests {
    @Test func boxesConvert() {
        let box = Box(x: 10, y: 20, width: 30, height: 40)
        #expect(box == Box(xyxy: [10, 20, 40, 60]))
        #expect(box == Box(xywh: [10, 20, 30, 40]))
        #expect(box == Box(center: SIMD2(25, 40), size: SIMD2(30, 40)))
        #expect(box.xywh == [10, 20, 30, 40])
        #expect(box.area == 1200)
        #expect(box.scaled(by: 2) == Box(x1: -5, y1: 0, x2: 55, y2: 80))
        #expect(Box(xyxy: [1, 2, 3]) == nil)
        #expect(!Box(x1: 3, y1: 0, x2: 2, y2: 1).isValid)
        #expect(!Box(x1: .nan, y1: 0, x2: 2, y2: 1).isValid)
        #expect(Box(x1: 3, y1: 0, x2: 2, y2: 1).area == 0)
    }

    @Test func boxesOverlap() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        #expect(box.iou(box) == 1)
        #expect(box.iou(Box(x: 5, y: 0, width: 10, height: 10)) == 50.0 / 150)
        #expect(box.iou(Box(x: 10, y: 0, width: 10, height: 10)) == 0)
        #expect(box.iou(Box(x1: 5, y1: 5, x2: 1, y2: 1)) == 0)
        #expect(
            Box(x: -5, y: 3, width: 100, height: 2).clipped(to: ImageSize(width: 20, height: 4))
                == Box(x1: 0, y1: 3, x2: 20, y2: 4))
    }

    @Test func boxesSurroundPoints() {
        #expect(Box(around: [SIMD2(3, 9), SIMD2(.nan, 0), SIMD2(1, 4)]) == Box(x1: 1, y1: 4, x2: 3, y2: 9))
        #expect(Box(around: [SIMD2(.infinity, 0)]) == nil)
        #expect(Box(around: []) == nil)
    }

    @Test func affineMapsComposeAndInvert() {
        let map = AffineMap(a: 2, b: 1, tx: 5, c: -1, d: 3, ty: -7)
        let point = SIMD2(3.0, 4)
        #expect(map.apply(point) == SIMD2(15, 2))
        let back = map.inverse.apply(map.apply(point))
        #expect(abs(back.x - 3) < 1e-12 && abs(back.y - 4) < 1e-12)
        let shift = AffineMap(a: 1, b: 0, tx: 100, c: 0, d: 1, ty: 0)
        #expect(map.then(shift).apply(point) == SIMD2(115, 2))
        #expect(AffineMap.identity.apply([point]) == [point])
        // As in OpenCV, what cannot be inverted gives the zero map.
        #expect(AffineMap(a: 1, b: 2, tx: 3, c: 2, d: 4, ty: 5).inverse.rowMajor.allSatisfy { $0 == 0 })
        #expect(AffineMap(rowMajor: [1, 2]) == nil)
    }

    @Test func keypointsCheckTheirShape() throws {
        let flat = try Keypoints(coordinates: [[1, 2], [3, 4]], scores: [0.5, 1])
        #expect(flat.coordinates == [[1, 2], [3, 4]])
        #expect(flat.meanScore == 0.75)
        let solid = try Keypoints(coordinates: [[1, 2, 3]], scores: [1])
        #expect(solid.is3D && solid.depths == [3])
        #expect(throws: KeypointsError.self) { try Keypoints(coordinates: [[1, 2], [3]], scores: [1, 1]) }
        #expect(throws: KeypointsError.self) { try Keypoints(coordinates: [[1]], scores: [1]) }
        #expect(throws: KeypointsError.self) { try Keypoints(coordinates: [[1, 2]], scores: []) }
        #expect(flat.applying(AffineMap(a: 1, b: 0, tx: 1, c: 0, d: 1, ty: 0)).points == [SIMD2(2, 2), SIMD2(4, 4)])
    }
}
