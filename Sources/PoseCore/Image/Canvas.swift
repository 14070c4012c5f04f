import COpenCV

/// An 8-bit picture to draw on. Points are in pixels with fractions, the middle of the first pixel at (0, 0); what lies
/// outside is cut off. Shapes are anti-aliased.
///
/// Every method throws `ImageError` for coordinates that are not finite or beyond a million pixels.
public final class Canvas {
    private let handle: OpaquePointer

    /// A copy of an image to draw on.
    ///
    /// - Throws: `ImageError` unless the image is 8-bit.
    public init(_ image: Image) throws {
        guard image.depth == .uint8 else {
            throw ImageError(.invalid(operation: "canvas", message: "drawing needs an 8-bit image, not \(image.depth)"))
        }
        handle = try Image.made("canvas") { ocv_mat_clone(image.handle, $0) }
    }

    deinit {
        ocv_mat_free(handle)
    }

    public var size: ImageSize {
        ImageSize(width: Int(ocv_mat_columns(handle)), height: Int(ocv_mat_rows(handle)))
    }

    /// What has been drawn so far.
    public func image() throws -> Image {
        try Image.make("canvas") { ocv_mat_clone(handle, $0) }
    }

    /// A part of what has been drawn so far; the rectangle must lie inside.
    public func image(x: Int, y: Int, width: Int, height: Int) throws -> Image {
        try Image.make("crop") {
            ocv_mat_crop(
                handle, Int32(clamping: x), Int32(clamping: y), Int32(clamping: width), Int32(clamping: height), $0)
        }
    }

    /// A line of whole pixels' thickness with round ends.
    public func line(from start: SIMD2<Double>, to end: SIMD2<Double>, color: Color, thickness: Int = 1) throws {
        try Image.check(
            "line",
            ocv_draw_line(
                handle, [start.x, start.y], [end.x, end.y], color.components, Int32(clamping: max(1, thickness))))
    }

    /// A disc.
    public func disc(center: SIMD2<Double>, radius: Double, color: Color) throws {
        try Image.check("circle", ocv_draw_circle(handle, [center.x, center.y], radius, color.components, -1))
    }

    /// A circle's outline.
    public func circle(center: SIMD2<Double>, radius: Double, color: Color, thickness: Int = 1) throws {
        let status = ocv_draw_circle(
            handle, [center.x, center.y], radius, color.components, Int32(clamping: max(1, thickness)))
        try Image.check("circle", status)
    }

    /// A filled ellipse of half axes `axes`, turned by `angle` degrees clockwise.
    public func ellipse(center: SIMD2<Double>, axes: SIMD2<Double>, angle: Double, color: Color) throws {
        try Image.check(
            "ellipse", ocv_draw_ellipse(handle, [center.x, center.y], [axes.x, axes.y], angle, color.components, -1))
    }

    /// Lines from point to point, and back to the first if `closed`.
    public func polyline(_ points: [SIMD2<Double>], closed: Bool, color: Color, thickness: Int = 1) throws {
        let status = ocv_draw_polyline(
            handle, Self.flat(points), points.count, closed ? 1 : 0, color.components,
            Int32(clamping: max(1, thickness)))
        try Image.check("polylines", status)
    }

    /// A filled convex polygon.
    public func convexPolygon(_ points: [SIMD2<Double>], color: Color) throws {
        try Image.check("fillConvexPoly", ocv_fill_convex(handle, Self.flat(points), points.count, color.components))
    }

    /// Filled contours by the even-odd rule. Without anti-aliasing the result is a hard mask.
    public func polygons(_ contours: [[SIMD2<Double>]], color: Color, antialiased: Bool = true) throws {
        let status = ocv_fill_polygons(
            handle, Self.flat(contours.flatMap(\.self)), contours.map(\.count), contours.count, color.components,
            antialiased ? 1 : 0)
        try Image.check("fillPoly", status)
    }

    private static func flat(_ points: [SIMD2<Double>]) -> [Double] { points.flatMap { [$0.x, $0.y] } }

    /// Extent of a text: width, height above the base line, depth below it, in pixels.
    public struct TextSize: Hashable, Sendable {
        public var width, height, baseline: Int
    }

    /// Measures a text as `text(_:at:scale:color:thickness:)` draws it.
    public static func textSize(_ text: String, scale: Double, thickness: Int = 1) throws -> TextSize {
        var size = OCVTextSize()
        try Image.check("getTextSize", ocv_text_size(text, scale, Int32(clamping: thickness), &size))
        return TextSize(width: Int(size.width), height: Int(size.height), baseline: Int(size.baseline))
    }

    /// A text in a line font; `origin` is the left end of its base line. Characters beyond ASCII appear as "?".
    public func text(
        _ text: String, at origin: SIMD2<Double>, scale: Double, color: Color, thickness: Int = 1
    ) throws {
        let status = ocv_draw_text(
            handle, text, [origin.x, origin.y], scale, color.components, Int32(clamping: thickness))
        try Image.check("putText", status)
    }

    /// Mixes an image in, its top left pixel at `x`, `y`: 0 leaves the canvas, 1 replaces it. It must lie inside.
    public func blend(_ overlay: Image, x: Int, y: Int, opacity: Double) throws {
        try Image.check(
            "addWeighted", ocv_blend(handle, overlay.handle, Int32(clamping: x), Int32(clamping: y), opacity))
    }
}
