public import PoseCore

/// Curves of numbers over time as a picture: panels with axes, in two columns.
public struct CurvePlot: Sendable {
    public var panels: [Panel]

    /// Curves that share axes.
    public struct Panel: Sendable {
        public var title: String
        /// What the horizontal axis counts.
        public var axis: String
        public var curves: [Curve]

        public init(title: String, axis: String, curves: [Curve]) {
            self.title = title
            self.axis = axis
            self.curves = curves
        }
    }

    /// Values over what the horizontal axis counts.
    public struct Curve: Sendable {
        public var name: String
        /// From left to right; those that are not finite are left out.
        public var points: [SIMD2<Double>]

        public init(name: String, points: [SIMD2<Double>]) {
            self.name = name
            self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
        }
    }

    public init(panels: [Panel]) { self.panels = panels }

    private static let width = 620.0
    private static let height = 380.0

    /// - Throws: `ImageError`.
    public func image() throws -> Image {
        let columns = min(max(panels.count, 1), 2)
        let rows = max((panels.count + columns - 1) / columns, 1)
        let (width, height) = (Int(Self.width) * columns, Int(Self.height) * rows)
        let canvas = try Canvas(
            Image(Array(repeating: UInt8(255), count: width * height * 3), width: width, height: height))
        for (index, panel) in panels.enumerated() {
            let origin = SIMD2(Double(index % columns) * Self.width, Double(index / columns) * Self.height)
            try CurvePanelPainter(panel, at: origin, size: SIMD2(Self.width, Self.height)).draw(on: canvas)
        }
        return try canvas.image()
    }
}

/// Draws one panel.
private struct CurvePanelPainter {
    private let panel: CurvePlot.Panel
    private let origin, size: SIMD2<Double>
    private let x, y: AxisTicks

    private static let colors = [
        (31, 119, 180), (214, 39, 40), (44, 160, 44), (255, 127, 14), (148, 103, 189), (140, 86, 75), (23, 190, 207),
        (127, 127, 127),
    ].map { Color(red: $0.0, green: $0.1, blue: $0.2) }
    private static let (left, right, top, bottom) = (78.0, 18.0, 36.0, 44.0)

    init(_ panel: CurvePlot.Panel, at origin: SIMD2<Double>, size: SIMD2<Double>) {
        (self.panel, self.origin, self.size) = (panel, origin, size)
        let points = panel.curves.flatMap(\.points)
        x = AxisTicks(points.map(\.x))
        y = AxisTicks(points.map(\.y))
    }

    /// Where a value is drawn.
    private func place(_ value: SIMD2<Double>) -> SIMD2<Double> {
        let inner = size - SIMD2(Self.left + Self.right, Self.top + Self.bottom)
        return origin + SIMD2(Self.left, size.y - Self.bottom)
            + SIMD2(x.share(value.x), -y.share(value.y)) * inner
    }

    func draw(on canvas: Canvas) throws {
        let (ink, grid) = (Color(gray: 40), Color(gray: 225))
        for value in y.values {
            let (start, end) = (place(SIMD2(x.low, value)), place(SIMD2(x.high, value)))
            try canvas.line(from: start, to: end, color: grid)
            let text = y.text(value)
            let width = try Double(Canvas.textSize(text, scale: 0.4).width)
            try canvas.text(text, at: start + SIMD2(-width - 8, 4), scale: 0.4, color: ink)
        }
        for value in x.values {
            let (start, end) = (place(SIMD2(value, y.low)), place(SIMD2(value, y.high)))
            try canvas.line(from: start, to: end, color: grid)
            let text = x.text(value)
            let width = try Double(Canvas.textSize(text, scale: 0.4).width)
            try canvas.text(text, at: start + SIMD2(-width / 2, 16), scale: 0.4, color: ink)
        }
        for (curve, index) in zip(panel.curves, 0...) {
            let color = Self.colors[index % Self.colors.count]
            let points = curve.points.map(place)
            if points.count > 1 { try canvas.polyline(points, closed: false, color: color, thickness: 2) }
            // A single value has no line.
            if points.count == 1 { try canvas.disc(center: points[0], radius: 3, color: color) }
        }
        try canvas.text(panel.title, at: origin + SIMD2(Self.left, 24), scale: 0.55, color: ink)
        let width = try Double(Canvas.textSize(panel.axis, scale: 0.4).width)
        try canvas.text(
            panel.axis, at: origin + SIMD2((size.x - width) / 2, size.y - 8), scale: 0.4, color: ink)
        try drawNames(on: canvas, ink)
    }

    /// The names with their colours, on white over the curves.
    private func drawNames(on canvas: Canvas, _ ink: Color) throws {
        let width = try panel.curves.map { try Canvas.textSize($0.name, scale: 0.4).width }.max().map(Double.init) ?? 0
        let corner = origin + SIMD2(size.x - Self.right - width - 36, Self.top + 6)
        let end = corner + SIMD2(width + 34, Double(panel.curves.count) * 16 + 6)
        try canvas.convexPolygon(
            [corner, SIMD2(end.x, corner.y), end, SIMD2(corner.x, end.y)], color: Color(gray: 250))
        for (curve, index) in zip(panel.curves, 0...) {
            let start = corner + SIMD2(4, Double(index) * 16 + 12)
            try canvas.line(
                from: start, to: start + SIMD2(18, 0), color: Self.colors[index % Self.colors.count], thickness: 3)
            try canvas.text(curve.name, at: start + SIMD2(24, 4), scale: 0.4, color: ink)
        }
    }
}

/// Round numbers that cover a range.
struct AxisTicks: Equatable {
    let low, high, step: Double

    /// Steps of 1, 2 or 5 times a power of ten, about five of them; the range ends on steps.
    init(_ values: [Double]) {
        var (least, most) = (values.min() ?? 0, values.max() ?? 1)
        if most - least <= abs(most) * 1e-9 {
            let margin = most == 0 ? 1 : abs(most) / 2
            (least, most) = (least - margin, most + margin)
        }
        let rough = max((most - least) / 5, Double.leastNormalMagnitude * 1e20)
        var power = 1.0
        while power > rough { power /= 10 }
        while power * 10 <= rough { power *= 10 }
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
        self.step = step
        low = (least / step).rounded(.down) * step
        high = (most / step).rounded(.up) * step
    }

    var values: [Double] { (0...Int(min((high - low) / step, 20).rounded())).map { low + Double($0) * step } }

    /// From 0 at the low end to 1 at the high one.
    func share(_ value: Double) -> Double { (value - low) / (high - low) }

    /// Without the digits that only rounding makes.
    func text(_ value: Double) -> String {
        let rounded = (value / step).rounded() * step
        if rounded == 0 { return "0" }
        if abs(rounded) >= 1e5 || step < 1e-4 { return Self.scientific(rounded) }
        var (digits, scaled) = (0, step)
        while digits < 6, abs(scaled - scaled.rounded()) > 1e-6 * scaled {
            digits += 1
            scaled *= 10
        }
        return Self.fixed(rounded, digits)
    }

    private static func scientific(_ value: Double) -> String {
        var (mantissa, exponent) = (value, 0)
        while abs(mantissa) >= 9.9999 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while abs(mantissa) < 0.99999 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        return "\(fixed(mantissa, 1))e\(exponent)"
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        var power = 1.0
        for _ in 0..<digits { power *= 10 }
        let whole = Int((abs(value) * power).rounded())
        let text = String(whole)
        guard digits > 0 else { return (value < 0 ? "-" : "") + text }
        let padded = String(repeating: "0", count: max(digits + 1 - text.count, 0)) + text
        return (value < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
