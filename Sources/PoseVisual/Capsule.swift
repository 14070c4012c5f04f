import Foundation

/// Outlines of limbs and dots as convex polygons.
enum Capsule {
    /// A line with width and round ends, which may differ in size; nil when one lies within the other.
    static func polygon(
        from start: SIMD2<Double>, radius startRadius: Double, to end: SIMD2<Double>, radius endRadius: Double
    ) -> [SIMD2<Double>]? {
        let axis = end - start
        let length = axis.length
        guard length > abs(startRadius - endRadius) + 1e-6 else { return nil }
        let direction = atan2(axis.y, axis.x)
        // The common tangents touch both discs at this angle from the axis.
        let tangent = acos((startRadius - endRadius) / length)
        return arc(end, endRadius, from: direction - tangent, to: direction + tangent)
            + arc(start, startRadius, from: direction + tangent, to: direction + 2 * .pi - tangent)
    }

    /// A polygon that passes for a disc. (OpenCV's small discs look like diamonds.)
    static func disc(_ center: SIMD2<Double>, radius: Double) -> [SIMD2<Double>] {
        arc(center, radius, from: 0, to: .pi).dropLast() + arc(center, radius, from: .pi, to: 2 * .pi).dropLast()
    }

    private static func arc(
        _ center: SIMD2<Double>, _ radius: Double, from first: Double, to last: Double
    ) -> [SIMD2<Double>] {
        let steps = min(max(Int((radius * 2).rounded(.up)), 6), 24)
        return (0...steps).map { step in
            let angle = first + (last - first) * Double(step) / Double(steps)
            return center + radius * SIMD2(cos(angle), sin(angle))
        }
    }
}
