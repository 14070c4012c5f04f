import Foundation
import PoseCore

/// A convex piece of a figure in the picture, and which key points it shows.
struct FigurePart {
    let outline: [SIMD2<Double>]
    let color: Color
    /// Parts of larger depth are nearer and painted later.
    let depth: Double
    /// The key points that can be seen where this part is on top.
    let joints: Set<Int>
}

/// What a figure wears.
struct Clothing {
    let skin, hair, shirt, trousers, shoes: Color
    let hasSleeves, hasLongTrousers: Bool

    init(using generator: inout SeededGenerator) {
        func color(_ low: Double, _ high: Double) -> Color {
            Color(
                red: generator.uniform(low, high).rounded(), green: generator.uniform(low, high).rounded(),
                blue: generator.uniform(low, high).rounded())
        }
        let tone = generator.uniform(0.35, 1)
        skin = Color(red: (235 * tone).rounded(), green: (190 * tone).rounded(), blue: (160 * tone).rounded())
        hair = color(10, 120)
        shirt = color(30, 255)
        trousers = color(10, 200)
        shoes = color(10, 220)
        hasSleeves = generator.chance(0.5)
        hasLongTrousers = generator.chance(0.6)
    }
}

extension Figure {
    /// Its parts, the farthest first.
    func parts(_ clothing: Clothing) -> [FigurePart] {
        var parts = trunk(clothing)
        for side in 0...1 {
            let (shoulder, elbow, wrist) = (5 + side, 7 + side, 9 + side)
            let (hip, knee, ankle) = (11 + side, 13 + side, 15 + side)
            let sleeve = clothing.hasSleeves ? clothing.shirt : clothing.skin
            let leg = clothing.hasLongTrousers ? clothing.trousers : clothing.skin
            parts += [
                limb(shoulder, elbow, 0.34, 0.26, clothing.shirt), limb(elbow, wrist, 0.26, 0.17, sleeve),
                limb(hip, knee, 0.45, 0.32, clothing.trousers), limb(knee, ankle, 0.32, 0.2, leg),
                hand(wrist, after: elbow, clothing.skin), foot(ankle, clothing.shoes),
            ]
        }
        return parts.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }
            .map(\.element)
    }

    private func trunk(_ clothing: Clothing) -> [FigurePart] {
        let middle = (point(5) + point(6)) / 2
        let radius = 0.3 * build * height / 8
        let corners = [5, 6, 12, 11].map { disc(point($0), radius) }.flatMap(\.self)
        let depth = [5, 6, 11, 12].reduce(0) { $0 + joints[$1].z } / 4
        let face = SIMD2(head.x, head.y)
        let neck = capsule(middle, face, 0.22 * height / 8, 0.22 * height / 8)
        let ball = ellipse(face, SIMD2(0.46, 0.62) * height / 8)
        // Hair is a cap on top of the head, all of it when seen from behind.
        let isTurned = joints[0].z < head.z
        let cap = ball.filter { isTurned ? true : $0.y < face.y - 0.2 * height / 8 }
        let waist = capsule(point(11), point(12), 0.42 * build * height / 8, 0.42 * build * height / 8)
        return [
            FigurePart(outline: neck, color: clothing.skin, depth: depth - 0.01, joints: []),
            FigurePart(outline: waist, color: clothing.trousers, depth: depth, joints: [11, 12]),
            FigurePart(outline: hull(corners), color: clothing.shirt, depth: depth, joints: [5, 6, 11, 12]),
            FigurePart(outline: ball, color: clothing.skin, depth: head.z, joints: [0, 1, 2, 3, 4]),
            FigurePart(outline: cap, color: clothing.hair, depth: head.z + 0.001, joints: [0, 1, 2, 3, 4]),
        ] + features()
    }

    /// Eyes and nose, where they face us.
    private func features() -> [FigurePart] {
        (0..<3).filter { !isBehindHead($0) && joints[$0].z > head.z }.map { joint in
            let color = joint == 0 ? Color(red: 190, green: 110, blue: 100) : .black
            return FigurePart(
                outline: disc(point(joint), max(0.07 * height / 8, 0.7)), color: color, depth: head.z + 0.002,
                joints: [0, 1, 2, 3, 4])
        }
    }

    private func limb(_ from: Int, _ to: Int, _ start: Double, _ end: Double, _ color: Color) -> FigurePart {
        let unit = build * height / 8
        return FigurePart(
            outline: capsule(point(from), point(to), start * unit, end * unit), color: color,
            depth: (joints[from].z + joints[to].z) / 2, joints: [from, to])
    }

    private func hand(_ wrist: Int, after elbow: Int, _ color: Color) -> FigurePart {
        let end = point(wrist) + (point(wrist) - point(elbow)) * 0.25
        let radius = 0.18 * height / 8
        return FigurePart(
            outline: capsule(point(wrist), end, radius, radius), color: color, depth: joints[wrist].z, joints: [wrist])
    }

    private func foot(_ ankle: Int, _ color: Color) -> FigurePart {
        let facing = joints[0].x - head.x
        let toe = point(ankle) + SIMD2(facing, 0.25 * height / 8)
        return FigurePart(
            outline: capsule(point(ankle), toe, 0.22 * height / 8, 0.18 * height / 8), color: color,
            depth: joints[ankle].z + 0.001, joints: [ankle])
    }

    // MARK: outlines

    private func disc(_ center: SIMD2<Double>, _ radius: Double) -> [SIMD2<Double>] {
        ellipse(center, SIMD2(radius, radius))
    }

    private func ellipse(_ center: SIMD2<Double>, _ axes: SIMD2<Double>) -> [SIMD2<Double>] {
        (0..<24).map { step in
            let angle = Double(step) * .pi / 12
            return center + SIMD2(cos(angle), sin(angle)) * axes
        }
    }

    /// Around two discs.
    private func capsule(
        _ start: SIMD2<Double>, _ end: SIMD2<Double>, _ first: Double, _ second: Double
    ) -> [SIMD2<Double>] {
        hull(disc(start, first) + disc(end, second))
    }

    /// The convex hull (Andrew's monotone chain).
    private func hull(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
        let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        func chain(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
            var result: [SIMD2<Double>] = []
            for point in points {
                while result.count > 1 {
                    let (a, b) = (result[result.count - 1] - result[result.count - 2], point - result[result.count - 2])
                    if a.x * b.y - a.y * b.x > 0 { break }
                    result.removeLast()
                }
                result.append(point)
            }
            return result.dropLast()
        }
        return chain(sorted) + chain(sorted.reversed())
    }
}
