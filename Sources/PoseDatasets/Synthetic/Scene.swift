import Foundation
import PoseCore

/// A picture of figures before a background, behind things, and beside it which part of whom is on top in every pixel.
final class Scene {
    private let size: ImageSize
    private let canvas, owners: Canvas
    /// The gain of light across the picture, and where it comes from.
    private let light: SIMD2<Double>
    private let brightness: Double
    private var parts: [FigurePart] = []

    init(_ size: ImageSize, using generator: inout SeededGenerator) throws {
        self.size = size
        let angle = generator.uniform(0, 2 * .pi)
        light = SIMD2(cos(angle), sin(angle))
        brightness = generator.uniform(0.6, 1.1)
        owners = try Canvas(Image(width: size.width, height: size.height, color: .black))
        canvas = try Canvas(Image(width: size.width, height: size.height, color: Self.color(30, 200, &generator)))
        try paintBackground(using: &generator)
    }

    /// Stripes that pass into one another, and things.
    private func paintBackground(using generator: inout SeededGenerator) throws {
        let (first, second) = (Self.color(20, 230, &generator), Self.color(20, 230, &generator))
        let isUpright = generator.chance(0.5)
        let count = 24
        for band in 0..<count {
            let (start, end) = (Double(band) / Double(count), Double(band + 1) / Double(count))
            let color = first.mixed(with: second, by: start)
            let low = isUpright ? SIMD2(0, start) : SIMD2(start, 0)
            let high = isUpright ? SIMD2(1, end) : SIMD2(end, 1)
            try canvas.convexPolygon(Self.rectangle(low * extent, high * extent), color: color)
        }
        for _ in 0..<generator.integer(2, 10) { try paintThing(maximum: 0.4, using: &generator) }
    }

    private var extent: SIMD2<Double> { SIMD2(Double(size.width), Double(size.height)) }

    /// A box or an egg anywhere; what it covers belongs to nobody.
    func paintThing(maximum: Double, using generator: inout SeededGenerator) throws {
        let center = SIMD2(generator.uniform(0, extent.x), generator.uniform(0, extent.y))
        let side = min(extent.x, extent.y)
        let half = SIMD2(generator.uniform(0.04, maximum), generator.uniform(0.04, maximum)) * side / 2
        let tilt = generator.uniform(-0.5, 0.5)
        let corners = generator.chance(0.5) ? 4 : 20
        let outline = (0..<corners).map { step in
            let angle = 2 * .pi * (Double(step) + 0.5) / Double(corners)
            let point = SIMD2(cos(angle), sin(angle)) * half * (corners == 4 ? 2.0.squareRoot() : 1)
            return center + SIMD2(point.x * cos(tilt) - point.y * sin(tilt), point.x * sin(tilt) + point.y * cos(tilt))
        }
        try fill(outline, Self.color(10, 245, &generator), owner: 0)
    }

    /// - Returns: the numbers of its parts, by which pixels say whose they are.
    func paint(_ figure: Figure, _ clothing: Clothing) throws -> Range<Int> {
        let first = parts.count + 1
        for part in figure.parts(clothing) {
            parts.append(part)
            try fill(part.outline, part.color, owner: parts.count)
        }
        return first..<parts.count + 1
    }

    private func fill(_ outline: [SIMD2<Double>], _ color: Color, owner: Int) throws {
        guard outline.count > 2 else { return }
        func lit(_ gain: Double) -> Color {
            Color.black.mixed(with: color, by: min(gain * brightness, 1))
        }
        try canvas.polygons([outline], color: lit(0.85))
        // The side that the light falls on.
        let center = outline.reduce(SIMD2(0, 0), +) / Double(outline.count)
        let toLight = outline.map { point in
            let shrunk = center + (point - center) * 0.6
            let radius =
                (outline.map {
                    let d = $0 - center
                    return (d * d).sum().squareRoot()
                }.min() ?? 0) * 0.3
            return shrunk + light * radius
        }
        try canvas.polygons([toLight], color: lit(1))
        // Three channels count the parts of a crowd of any size.
        let code = Color(red: Double(owner & 255), green: Double(owner >> 8 & 255), blue: Double(owner >> 16 & 255))
        try owners.polygons([outline], color: code, antialiased: false)
    }

    /// What can be seen of a figure.
    struct Sight {
        /// COCO's visibility of every key point: 2 seen, 1 hidden, 0 outside the picture.
        var visibility: [Int]
        /// Its pixels, and the box around all of it that is within the picture.
        var area: Int
        var box: Box?
    }

    /// What has been painted, a little grainy.
    func image(using generator: inout SeededGenerator) throws -> Image {
        let strength = generator.uniform(0, 12)
        let clean = try canvas.image()
        var pixels = clean.withUnsafeBytes { [UInt8]($0) }
        for index in pixels.indices {
            let noise = Double(generator.next() >> 40) * 0x1p-24 - 0.5
            pixels[index] = UInt8(clamping: Int(Double(pixels[index]) + strength * noise))
        }
        return try Image(pixels, width: size.width, height: size.height, channels: clean.channels)
    }

    /// Looks at the finished picture.
    func sights(_ figures: [(figure: Figure, parts: Range<Int>)]) throws -> [Sight] {
        let image = try owners.image()
        let (width, channels) = (size.width, image.channels)
        let codes = image.withUnsafeBytes { bytes in
            (0..<width * size.height).map { pixel in
                // Blue, green, red.
                Int(bytes[pixel * channels + 2]) | Int(bytes[pixel * channels + 1]) << 8
                    | Int(bytes[pixel * channels]) << 16
            }
        }
        return figures.map { figure, own in
            let visibility = figure.joints.indices.map { joint -> Int in
                let point = Synthesis.rounded(figure.point(joint))
                guard Synthesis.contains(size, point) else { return 0 }
                let top = codes[Int(point.y.rounded()) * width + Int(point.x.rounded())]
                guard own.contains(top), parts[top - 1].joints.contains(joint) else { return 1 }
                return figure.isBehindHead(joint) ? 1 : 2
            }
            let outline = parts[own.lowerBound - 1..<own.upperBound - 1].flatMap(\.outline)
            let whole = Box(x1: 0, y1: 0, x2: extent.x, y2: extent.y)
            return Sight(
                visibility: visibility, area: codes.count(where: own.contains),
                box: Box(around: outline)?.intersection(whole))
        }
    }

    private static func rectangle(_ low: SIMD2<Double>, _ high: SIMD2<Double>) -> [SIMD2<Double>] {
        [low, SIMD2(high.x, low.y), high, SIMD2(low.x, high.y)]
    }

    private static func color(_ low: Double, _ high: Double, _ generator: inout SeededGenerator) -> Color {
        Color(
            red: generator.uniform(low, high).rounded(), green: generator.uniform(low, high).rounded(),
            blue: generator.uniform(low, high).rounded())
    }
}
