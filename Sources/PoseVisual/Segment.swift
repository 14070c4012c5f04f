import PoseCore

/// A line between two points.
struct Segment: Hashable {
    var start, end: SIMD2<Double>

    init(_ start: SIMD2<Double>, _ end: SIMD2<Double>) {
        self.start = start
        self.end = end
    }

    /// The part inside an image and a margin around it (Liang and Barsky 1984); nil when there is none.
    func clipped(to size: ImageSize, margin: Double) -> Segment? {
        let direction = end - start
        var (enter, leave) = (0.0, 1.0)
        for (position, step, limit) in [
            (start.x, direction.x, Double(size.width)), (start.y, direction.y, Double(size.height)),
        ] {
            let (low, high) = (-margin - position, limit + margin - position)
            if step == 0 {
                if low > 0 || high < 0 { return nil }
            } else {
                enter = max(enter, min(low / step, high / step))
                leave = min(leave, max(low / step, high / step))
            }
        }
        guard enter <= leave else { return nil }
        return Segment(start + direction * enter, start + direction * leave)
    }
}
