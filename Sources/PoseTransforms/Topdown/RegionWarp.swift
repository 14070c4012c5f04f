import Foundation
public import PoseCore

/// The maps from a region of an image to a network's input.
public enum RegionWarp {
    /// Scale by the region's width, about centres that coincide (`get_warp_matrix`): pixels cover areas.
    ///
    /// The three pairs of points that define the map are rounded to float32, as MMPose rounds them.
    /// - Parameters:
    ///   - scale: width and height of the region; the height is not used.
    ///   - rotation: of the region against the image.
    public static func plain(
        center: SIMD2<Double>, scale: SIMD2<Double>, rotation: Rotation, output: ImageSize
    ) -> AffineMap {
        let half = scale.x * -0.5
        let arm = SIMD2(rotation.cosine * half, rotation.sine * half)
        let source = triangle(
            SIMD2(Float(center.x), Float(center.y)), SIMD2(Float(center.x + arm.x), Float(center.y + arm.y)))
        let middle = SIMD2(Double(output.width), Double(output.height)) * 0.5
        let target = triangle(
            SIMD2(Float(middle.x), Float(middle.y)),
            SIMD2(Float(middle.x + Double(output.width) * -0.5), Float(middle.y)))
        return AffineMap(from: source, to: target)
    }

    /// Scale along each axis, first and last pixels coinciding (`get_udp_warp_matrix`, UDP, arXiv:1911.07524). The six
    /// numbers are float32.
    ///
    /// - Parameters:
    ///   - scale: width and height of the region.
    ///   - rotation: of the region against the image.
    public static func unbiased(
        center: SIMD2<Double>, scale: SIMD2<Double>, rotation: Rotation, output: ImageSize
    ) -> AffineMap {
        let size = SIMD2(Double(output.width), Double(output.height))
        return unbiased(center: center, scale: scale, rotation: rotation, outputSize: size)
    }

    /// The same for an output whose size need not be whole.
    static func unbiased(
        center: SIMD2<Double>, scale: SIMD2<Double>, rotation: Rotation, outputSize: SIMD2<Double>
    ) -> AffineMap {
        // MMPose takes sine and cosine of whatever angle there is as doubles here.
        let (sine, cosine) = (sin(rotation.radians), cos(rotation.radians))
        let scaleX = (outputSize.x - 1) / scale.x
        let scaleY = (outputSize.y - 1) / scale.y
        let twice = center * 2
        func single(_ value: Double) -> Double { Double(Float(value)) }
        return AffineMap(
            a: single(cosine * scaleX), b: single(-sine * scaleX),
            tx: single(scaleX * (-0.5 * twice.x * cosine + 0.5 * twice.y * sine + 0.5 * scale.x)),
            c: single(sine * scaleY), d: single(cosine * scaleY),
            ty: single(scaleY * (-0.5 * twice.x * sine - 0.5 * twice.y * cosine + 0.5 * scale.y)))
    }

    /// Two points and a third that makes a right angle at the second.
    private static func triangle(
        _ first: SIMD2<Float>, _ second: SIMD2<Float>
    ) -> (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>) {
        let direction = first - second
        let third = second + SIMD2(-direction.y, direction.x)
        return (SIMD2<Double>(first), SIMD2<Double>(second), SIMD2<Double>(third))
    }
}

/// An angle of an array of some precision.
public struct Rotation: Hashable, Sendable {
    public let radians: Double
    /// With the precision of the angle.
    let sine, cosine: Double

    /// - Parameter degrees: positive turns the region from x towards y.
    public init(degrees: Double, precision: RealPrecision = .double) {
        switch precision {
        case .double, .integer:
            radians = degrees * (.pi / 180)
            (sine, cosine) = (sin(radians), cos(radians))
        case .single:
            let angle = Float(degrees) * (Float.pi / 180)
            radians = Double(angle)
            (sine, cosine) = (Double(sin(angle)), Double(cos(angle)))
        }
    }

    public static let none = Rotation(degrees: 0)
}
