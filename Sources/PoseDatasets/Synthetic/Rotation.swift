import Foundation

/// Directions in a picture.
enum Rotation {
    /// So far away at an angle in radians: 0 is down, a right angle to the right.
    static func point(length: Double, angle: Double) -> SIMD2<Double> {
        SIMD2(sin(angle), cos(angle)) * length
    }
}
