public import PoseCore

/// Draws people's poses on images: translucent limbs with a dark rim, dots at the keypoints, boxes with scores.
///
/// Sizes follow from each person's size in the picture, so that the same style suits close-ups and crowds. Keypoints that
/// are not finite or lie outside are left out, or cut at the border.
public struct PoseRenderer: Sendable {
    public var style: PoseStyle

    public init(_ style: PoseStyle = PoseStyle()) {
        self.style = style
    }

    /// The image with people drawn on it, as 8-bit B, G, R.
    ///
    /// - Parameters:
    ///   - people: with keypoints in pixels of the image. Smaller ones are drawn first, so that those in front stay visible.
    ///   - skeleton: what the keypoints are. Keypoints beyond its number are left out.
    /// - Throws: `ImageError` for images that are not 8-bit with one, three or four channels.
    public func draw(_ people: [Person], skeleton: Skeleton, on image: Image) throws -> Image {
        let canvas = try Canvas(Self.colored(image))
        let numbered = people.enumerated().sorted { Self.area($0.element) < Self.area($1.element) }
        for (index, person) in numbered where style.drawsBoxes {
            try BoxPainter(canvas: canvas).box(person, color: PoseStyle.boxColor(person.trackID ?? index))
        }
        for (_, person) in numbered {
            try pose(person, skeleton, on: canvas)
        }
        for (index, person) in numbered where style.drawsLabels && style.drawsBoxes {
            try BoxPainter(canvas: canvas).label(person, color: PoseStyle.boxColor(person.trackID ?? index))
        }
        return try canvas.image()
    }

    private static func colored(_ image: Image) throws -> Image {
        switch image.channels {
        case 1: try image.converted(.grayToBGR)
        case 4: try image.converted(.bgraToBGR)
        default: image
        }
    }

    private static func area(_ person: Person) -> Double { person.box.isValid ? person.box.area : 0 }

    private func pose(_ person: Person, _ skeleton: Skeleton, on canvas: Canvas) throws {
        let geometry = PoseGeometry(person, in: canvas.size, style: style)
        guard let region = geometry.region(in: canvas.size) else { return }
        let part = try canvas.image(x: region.x, y: region.y, width: region.width, height: region.height)
        let layer = try Canvas(part)
        try limbs(geometry, skeleton, on: layer, origin: SIMD2(Double(region.x), Double(region.y)))
        try canvas.blend(try layer.image(), x: region.x, y: region.y, opacity: min(max(style.limbOpacity, 0), 1))
        try dots(geometry, skeleton, on: canvas)
    }

    private func limbs(
        _ geometry: PoseGeometry, _ skeleton: Skeleton, on canvas: Canvas, origin: SIMD2<Double>
    ) throws {
        let count = geometry.points.count
        for isRim in [true, false] {
            for link in skeleton.links where link.start < count && link.end < count {
                guard let start = geometry.points[link.start], let end = geometry.points[link.end],
                    let segment = Segment(start - origin, end - origin).clipped(
                        to: canvas.size, margin: geometry.margin)
                else { continue }
                let half = geometry.halfWidth(length: (end - start).length)
                if isRim {
                    try limb(segment, halfWidth: half + PoseGeometry.rim(half), color: PoseStyle.outline, on: canvas)
                } else {
                    try limb(segment, halfWidth: half, color: style.color(link: link, of: skeleton), on: canvas)
                }
            }
        }
    }

    private func limb(_ segment: Segment, halfWidth: Double, color: Color, on canvas: Canvas) throws {
        // OpenCV's polygons are never thinner than a line, whose edges already blur over a pixel.
        let radius = max(halfWidth - 0.5, 0.05)
        if radius < 0.3 {
            try canvas.line(from: segment.start, to: segment.end, color: color)
        } else if let outline = Capsule.polygon(from: segment.start, radius: radius, to: segment.end, radius: radius) {
            try canvas.convexPolygon(outline, color: color)
        }
    }

    private func dots(_ geometry: PoseGeometry, _ skeleton: Skeleton, on canvas: Canvas) throws {
        let bounds = canvas.size
        for index in geometry.points.indices.prefix(skeleton.count) {
            guard let point = geometry.points[index] else { continue }
            let radius = geometry.radii[index]
            let rim = PoseGeometry.rim(radius)
            let reach = radius + rim + 1
            guard point.x > -reach, point.y > -reach, point.x < Double(bounds.width) + reach,
                point.y < Double(bounds.height) + reach
            else { continue }
            let color = style.color(joint: index, of: skeleton).mixed(with: .white, by: 0.18)
            if radius >= 1.2 {
                try canvas.convexPolygon(Capsule.disc(point, radius: radius + rim - 0.5), color: PoseStyle.outline)
            }
            try canvas.convexPolygon(Capsule.disc(point, radius: max(radius - 0.5, 0.3)), color: color)
        }
    }
}
