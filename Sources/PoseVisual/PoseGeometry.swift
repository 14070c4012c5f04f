import PoseCore

/// What of a person is to be seen, and how big to draw it.
struct PoseGeometry {
    /// Places of the keypoints to draw; nil for those that are unknown, unsure or far outside.
    let points: [SIMD2<Double>?]
    /// Radius of every keypoint's dot.
    let radii: [Double]
    /// Radius of a dot that has room.
    let base: Double

    init(_ person: Person, in size: ImageSize, style: PoseStyle) {
        let longest = Double(max(size.width, size.height))
        let points: [SIMD2<Double>?] = person.keypoints.points.enumerated().map { index, point in
            let confidence = index < person.confidence.count ? person.confidence[index] : 0
            guard confidence >= style.keypointThreshold, point.x.isFinite, point.y.isFinite else { return nil }
            // One wild point must not make the whole drawing huge; limbs towards it are cut at the image anyway.
            return point.clamped(lowerBound: SIMD2(repeating: -8 * longest), upperBound: SIMD2(repeating: 9 * longest))
        }
        let extent = min(Self.extent(points, box: person.box), 1.5 * longest)
        let base = min(max(extent * 0.0135, 1.4), max(longest * 0.012, 1.4)) * style.weight
        self.points = points
        self.radii = Self.radii(points, base: base)
        self.base = base
    }

    /// Width of the dark rim around something of this radius.
    static func rim(_ radius: Double) -> Double { min(radius * 0.3, 2.5) }

    /// How far drawings reach beyond the points.
    var margin: Double { base + Self.rim(base) + 3 }

    /// Half the width of a limb: short ones, as in hands and faces, are thin.
    func halfWidth(length: Double) -> Double { min(base * 0.72, max(length * 0.11, 0.4)) }

    /// How long the person is in the picture.
    private static func extent(_ points: [SIMD2<Double>?], box: Box) -> Double {
        let seen = points.compactMap(\.self)
        let around = Box(around: seen).map { max($0.width, $0.height) } ?? 0
        let given = box.isValid ? max(box.width, box.height) : 0
        return seen.count >= 4 ? around : max(around, given)
    }

    /// Dots keep clear of their nearest neighbour, so that faces and hands of many points stay readable.
    private static func radii(_ points: [SIMD2<Double>?], base: Double) -> [Double] {
        points.indices.map { index in
            guard let point = points[index] else { return 0 }
            var nearest = Double.infinity
            for other in points.indices where other != index {
                if let neighbour = points[other] {
                    let offset = neighbour - point
                    nearest = min(nearest, (offset * offset).sum())
                }
            }
            return min(base, max(nearest.squareRoot() * 0.36, base * 0.3, 0.8))
        }
    }

    /// The part of the image that limbs and dots may touch, as whole pixels; nil when all is outside.
    func region(in size: ImageSize) -> (x: Int, y: Int, width: Int, height: Int)? {
        guard let box = Box(around: points.compactMap(\.self)) else { return nil }
        let margin = margin
        let x1 = Int(max(0, (box.x1 - margin).rounded(.down)))
        let y1 = Int(max(0, (box.y1 - margin).rounded(.down)))
        let x2 = Int(min(Double(size.width), (box.x2 + margin).rounded(.up)))
        let y2 = Int(min(Double(size.height), (box.y2 + margin).rounded(.up)))
        guard x2 > x1, y2 > y1 else { return nil }
        return (x1, y1, x2 - x1, y2 - y1)
    }
}

extension SIMD2<Double> {
    var length: Double { (self * self).sum().squareRoot() }
}
