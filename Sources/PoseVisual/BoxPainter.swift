import Foundation
import PoseCore

/// Boxes around people and the labels at them.
struct BoxPainter {
    let canvas: Canvas

    private var longest: Double { Double(max(canvas.size.width, canvas.size.height)) }
    private var thickness: Int { max(longest < 320 ? 1 : 2, Int((longest * 0.0022).rounded())) }

    /// The box inside the image; nil when nothing of it is.
    private func visible(_ box: Box) -> Box? {
        guard box.isValid else { return nil }
        let inside = box.clipped(to: canvas.size)
        return inside.isValid ? inside : nil
    }

    func box(_ person: Person, color: Color) throws {
        guard let box = visible(person.box) else { return }
        // The last pixel's middle lies at width - 1.
        let right = min(box.x2, Double(canvas.size.width - 1))
        let bottom = min(box.y2, Double(canvas.size.height - 1))
        let corners = [SIMD2(box.x1, box.y1), SIMD2(right, box.y1), SIMD2(right, bottom), SIMD2(box.x1, bottom)]
        try canvas.polyline(corners, closed: true, color: color, thickness: thickness)
    }

    /// The score in per cent, after the number of the track if there is one.
    static func text(_ person: Person) -> String? {
        let score = person.boxScore.isFinite ? "\(Int((min(max(person.boxScore, 0), 1) * 100).rounded()))%" : nil
        let track = person.trackID.map { "#\($0)" }
        let parts = [track, score].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// On the box's upper edge, or below it at the image's upper border. Images too small to read it have none.
    func label(_ person: Person, color: Color) throws {
        guard let box = visible(person.box), let text = Self.text(person) else { return }
        let scale = min(max(longest / 1500, 0.36), 2.5)
        let weight = max(1, Int((scale * 1.7).rounded()))
        let size = try Canvas.textSize(text, scale: scale, thickness: weight)
        let padding = max(2, size.height / 3)
        let width = Double(size.width + 2 * padding)
        let height = Double(size.height + 2 * padding)
        guard width * 2 < Double(canvas.size.width), height * 3 < Double(canvas.size.height) else { return }
        let left = min(max(box.x1, 0), Double(canvas.size.width) - width)
        let top = box.y1 >= height ? box.y1 - height : min(box.y1, Double(canvas.size.height) - height)
        let plate = [
            SIMD2(left, top), SIMD2(left + width - 1, top), SIMD2(left + width - 1, top + height - 1),
            SIMD2(left, top + height - 1),
        ]
        try canvas.convexPolygon(plate, color: color)
        let origin = SIMD2(left + Double(padding), top + Double(padding + size.height))
        let ink = color.luminance > 130 ? PoseStyle.outline : .white
        try canvas.text(text, at: origin, scale: scale, color: ink, thickness: weight)
    }
}
