/// A rectangle with sides along the axes, in pixels: left, top, right, bottom.
public struct Box: Hashable, Sendable {
    public var x1, y1, x2, y2: Double

    public init(x1: Double, y1: Double, x2: Double, y2: Double) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }

    /// From corner and size, as COCO has boxes.
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.init(x1: x, y1: y, x2: x + width, y2: y + height)
    }

    /// From centre and size.
    public init(center: SIMD2<Double>, size: SIMD2<Double>) {
        let half = size / 2
        self.init(x1: center.x - half.x, y1: center.y - half.y, x2: center.x + half.x, y2: center.y + half.y)
    }

    /// From `[x1, y1, x2, y2]`; nil for another count.
    public init?(xyxy values: [Double]) {
        guard values.count == 4 else { return nil }
        self.init(x1: values[0], y1: values[1], x2: values[2], y2: values[3])
    }

    /// From `[x, y, width, height]`; nil for another count.
    public init?(xywh values: [Double]) {
        guard values.count == 4 else { return nil }
        self.init(x: values[0], y: values[1], width: values[2], height: values[3])
    }

    /// The smallest box around points; nil without a finite point.
    public init?(around points: some Sequence<SIMD2<Double>>) {
        var box: Box?
        for point in points where point.x.isFinite && point.y.isFinite {
            let known = box ?? Box(x1: point.x, y1: point.y, x2: point.x, y2: point.y)
            box = Box(
                x1: min(known.x1, point.x), y1: min(known.y1, point.y), x2: max(known.x2, point.x),
                y2: max(known.y2, point.y))
        }
        guard let box else { return nil }
        self = box
    }

    public var width: Double { x2 - x1 }
    public var height: Double { y2 - y1 }
    public var size: SIMD2<Double> { SIMD2(width, height) }
    public var center: SIMD2<Double> { SIMD2((x1 + x2) / 2, (y1 + y2) / 2) }
    /// Zero for a box that is inside out.
    public var area: Double { max(0, width) * max(0, height) }
    /// `[x1, y1, x2, y2]`
    public var xyxy: [Double] { [x1, y1, x2, y2] }
    /// `[x, y, width, height]`
    public var xywh: [Double] { [x1, y1, width, height] }
    /// All four numbers are finite and the box has an area.
    public var isValid: Bool {
        x1.isFinite && y1.isFinite && x2.isFinite && y2.isFinite && x2 > x1 && y2 > y1
    }

    /// What two boxes share; nil when they do not overlap.
    public func intersection(_ other: Box) -> Box? {
        let box = Box(x1: max(x1, other.x1), y1: max(y1, other.y1), x2: min(x2, other.x2), y2: min(y2, other.y2))
        return box.width > 0 && box.height > 0 ? box : nil
    }

    /// Intersection over union, 0 to 1.
    public func iou(_ other: Box) -> Double {
        guard let shared = intersection(other)?.area else { return 0 }
        return shared / (area + other.area - shared)
    }

    /// Moved into an image: coordinates between 0 and width, height.
    public func clipped(to size: ImageSize) -> Box {
        func clip(_ value: Double, _ limit: Int) -> Double { min(max(value, 0), Double(limit)) }
        return Box(
            x1: clip(x1, size.width), y1: clip(y1, size.height), x2: clip(x2, size.width), y2: clip(y2, size.height))
    }

    /// Grown about its centre.
    public func scaled(by factor: Double) -> Box {
        Box(center: center, size: size * factor)
    }
}

extension Box: Codable {
    /// As `[x1, y1, x2, y2]`.
    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        self.init(
            x1: try values.decode(Double.self), y1: try values.decode(Double.self), x2: try values.decode(Double.self),
            y2: try values.decode(Double.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        for value in xyxy { try values.encode(value) }
    }
}
