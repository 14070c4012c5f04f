import PoseCore

extension AnnotationFormat {
    /// A box as read, and as MMPose rounds it.
    struct BoxValues {
        /// Left, top, right, bottom.
        var exact: SIMD4<Double>
        var center: SIMD2<Float>?
        var scale: SIMD2<Float>?

        var rounded: SIMD4<Float> { SIMD4(exact) }
    }

    func boxValues(_ annotation: JSONObject, _ image: ImageEntry) throws -> BoxValues {
        switch box {
        case .fixed(let width, let height):
            return BoxValues(exact: SIMD4(0, 0, Double(width), Double(height)))
        case .centerScale: return try centerScale(annotation)
        case .plain(let name):
            let values = try annotation.numbers(name, count: 4).map { Float($0) }
            let corners = SIMD4(values[0], values[1], values[0] + values[2], values[1] + values[3])
            return BoxValues(exact: SIMD4(corners))
        case .clipped(let name, let offset):
            let values = try annotation.numbers(name, count: 4)
            let size = try image.size()
            let (x, y) = (values[0] + offset, values[1] + offset)
            let limit = SIMD4(
                Double(size.width - 1), Double(size.height - 1), Double(size.width - 1), Double(size.height - 1))
            let corners = SIMD4(x, y, x + values[2], y + values[3])
            return BoxValues(exact: corners.clamped(lowerBound: SIMD4(repeating: 0), upperBound: limit))
        }
    }

    private func centerScale(_ annotation: JSONObject) throws -> BoxValues {
        let center = try annotation.numbers("center", count: 2).map { Float($0) }
        let scale = Float(try annotation.double("scale")) * 200
        return Self.boxValues(center: SIMD2(center[0], center[1]), scale: SIMD2(repeating: scale))
    }

    /// The box around a centre, in float32 arithmetic.
    static func boxValues(center: SIMD2<Float>, scale: SIMD2<Float>) -> BoxValues {
        let low = center - scale * 0.5
        let high = low + scale
        return BoxValues(
            exact: SIMD4(SIMD4<Float>(low.x, low.y, high.x, high.y)), center: center, scale: scale)
    }

    func areaValue(_ annotation: JSONObject, _ box: SIMD4<Double>) throws -> Float? {
        switch area {
        case .none: return nil
        case .annotatedOrBox:
            if annotation.has("area") { return Float(try annotation.double("area")) }
        case .box: break
        }
        return Self.area(of: box)
    }

    /// 0.53 of a box, at least 1: about what a body covers.
    static func area(of box: SIMD4<Double>) -> Float {
        Float(max((box.z - box.x) * (box.w - box.y) * 0.53, 1))
    }
}
