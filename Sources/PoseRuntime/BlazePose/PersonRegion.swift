import Foundation
public import PoseCore

/// The part of a picture a person is in: a square that may be turned, so that the person stands upright in it.
///
/// Coordinates are pixels of the picture, whole numbers at pixel centres.
public struct PersonRegion: Hashable, Sendable {
    /// Middle of the hips.
    public let center: SIMD2<Double>
    /// Length of a side.
    public let side: Double
    /// How far the person is turned clockwise on the screen, in radians; 0 for one who stands upright.
    public let rotation: Double

    /// A square with its middle, its side, both in pixels, and its rotation in radians.
    public init(center: SIMD2<Double>, side: Double, rotation: Double) {
        self.center = center
        self.side = side
        self.rotation = rotation
    }

    /// MediaPipe's alignment by two points: the middle of the hips, and a point on the circle around the whole body,
    /// in the direction of the head. The square has that circle's diameter, and a quarter more as margin.
    ///
    /// Nil when the points are not finite or too near each other for a crop.
    init?(hips: SIMD2<Double>, top: SIMD2<Double>, margin: Double = 1.25) {
        let up = top - hips
        let side = 2 * (up * up).sum().squareRoot() * margin
        guard side.isFinite, side >= 4, hips.x.isFinite, hips.y.isFinite else { return nil }
        self.init(center: hips, side: side, rotation: atan2(up.x, -up.y))
    }

    /// A first guess around a box, to be corrected by the landmarks found in it. The model wants room around a person.
    init?(around box: Box) {
        let side = max(box.width, box.height) * 1.5
        guard box.isValid, side >= 4 else { return nil }
        self.init(center: box.center, side: side, rotation: 0)
    }

    /// Maps points of an upright crop of `size` × `size` pixels (0 and `size` at its edges) to the picture.
    public func cropToImage(size: Int) -> AffineMap {
        let scale = side / Double(size)
        let (cosine, sine) = (cos(rotation) * scale, sin(rotation) * scale)
        let half = Double(size) / 2
        return AffineMap(
            a: cosine, b: -sine, tx: center.x - (cosine - sine) * half, c: sine, d: cosine,
            ty: center.y - (sine + cosine) * half)
    }

    /// Corners in the picture: top left, top right, bottom right, bottom left of the person's own frame.
    public var corners: [SIMD2<Double>] {
        cropToImage(size: 1).apply([SIMD2(0, 0), SIMD2(1, 0), SIMD2(1, 1), SIMD2(0, 1)])
    }
}
