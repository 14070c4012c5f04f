import Foundation
import PoseCore
import PoseTransforms
import PyConfig
import Testing

/// Random numbers have MMPose's distributions: Kolmogorov–Smirnov tests of 20,000 draws against 40,000 of the real MMPose
/// (Tools/oracle/distribution_fixtures.py).
@Suite("Transforms draw as MMPose does")
struct DistributionTests {
    private struct Recorded: Decodable {
        struct Draws: Decodable {
            let points, shares: [Double]
        }

        let count: Int
        let draws: [String: Draws]
    }

    static let count = 20_000

    private static func recorded() throws -> Recorded {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/distributions.json")
        return try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: file))
    }

    static func arguments(_ text: String) throws -> Arguments {
        Arguments(try #require(try Config.parse("step = dict(\(text))").root["step"]?.dictValue), at: "step")
    }

    /// The greatest difference of two distributions, in units that the number of draws allows for.
    private static func statistic(_ values: [Double], _ expected: Recorded.Draws, count: Int) -> Double {
        let sorted = values.sorted()
        var (place, largest) = (0, 0.0)
        for (point, share) in zip(expected.points, expected.shares) {
            while place < sorted.count, sorted[place] <= point { place += 1 }
            largest = max(largest, abs(Double(place) / Double(sorted.count) - share))
        }
        return largest * (Double(sorted.count * count) / Double(sorted.count + count)).squareRoot()
    }

    private static func boxes() throws -> [String: [Double]] {
        let transform = try RandomBBoxTransform(arguments(""))
        var generator = SeededGenerator(seed: 11)
        let draw = transform.draw(count: count, using: &generator)
        return ["box.shift": draw.shifts.map(\.x), "box.scale": draw.scales, "box.rotation": draw.rotations]
    }

    /// 0: whole, 1: upper half, 2: lower half.
    private static func halves() throws -> [String: [Double]] {
        var sample = PoseSample()
        sample.keypoints = try RealArray(repeating: 1, shape: [count, 17, 2])
        var visible = try RealArray(repeating: 1, shape: [count, 17])
        for person in 0..<count { visible.values.elements[person * 17 + 12] = 0 }
        sample.keypointsVisible = visible
        (sample.upperBody, sample.lowerBody) = (Array(0..<11), Array(11..<17))
        var generator = SeededGenerator(seed: 12)
        let halves = try RandomHalfBody(arguments("")).draw(for: sample, using: &generator)
        return ["half": halves.map { half in half.map { $0.contains(0) ? 1 : 2 } ?? 0 }]
    }

    private static func colors() throws -> [String: [Double]] {
        let transform = try YOLOXHSVRandomAug(arguments(""))
        var generator = SeededGenerator(seed: 13)
        let gains = (0..<count).map { _ in transform.draw(using: &generator).map { Double($0) } }
        return [
            "hsv.hue": gains.map { $0[0] }, "hsv.saturation": gains.map { $0[1] }, "hsv.value": gains.map { $0[2] },
        ]
    }

    private static func flips() throws -> [String: [Double]] {
        let transform = try RandomFlip(
            arguments("prob=[.3, .2, .1], direction=['horizontal', 'vertical', 'diagonal']"))
        var generator = SeededGenerator(seed: 14)
        let order: [FlipDirection?] = [nil, .horizontal, .vertical, .diagonal]
        let drawn = (0..<count).map { _ in Double(order.firstIndex(of: transform.draw(using: &generator)) ?? -1) }
        return ["flip": drawn]
    }

    private static func crops() throws -> [String: [Double]] {
        let transform = try BottomupRandomCrop(arguments("crop_size=(0.3, 0.5), crop_type='relative_range'"))
        var generator = SeededGenerator(seed: 15)
        let image = ImageSize(width: 640, height: 480)
        let sizes = (0..<count).map { _ in transform.drawSize(for: image, using: &generator) }
        return ["crop.height": sizes.map { Double($0.height) }, "crop.width": sizes.map { Double($0.width) }]
    }

    static func affine() throws -> [String: [Double]] {
        var result: [String: [Double]] = [:]
        for kind in ["trunc_norm", "uniform"] {
            let transform = try BottomupRandomAffine(arguments("input_size=(512, 512), distribution='\(kind)'"))
            var generator = SeededGenerator(seed: 16)
            let draws = (0..<count).map { _ in transform.draw(using: &generator) }
            result["affine.\(kind).shift"] = draws.map(\.shift.x)
            result["affine.\(kind).scale"] = draws.map(\.scale)
            result["affine.\(kind).rotation"] = draws.map(\.rotation)
        }
        return result
    }

    @Test("Shifts, scales, rotations, halves, colours, mirrors, crops, mixtures, dropouts: p > 0.01")
    func distributions() throws {
        let recorded = try Self.recorded()
        var found: [String: [Double]] = [:]
        let parts = [
            Self.boxes, Self.halves, Self.colors, Self.flips, Self.crops, Self.affine, Self.photometric, Self.mixtures,
            Self.coarse, Self.grids, Self.blurs, Self.choices,
        ]
        for part in parts {
            found.merge(try part()) { first, _ in first }
        }
        #expect(Set(found.keys) == Set(recorded.draws.keys))
        for (name, values) in found {
            let expected = try #require(recorded.draws[name])
            // 1.63 is the statistic that equal distributions exceed once in a hundred times.
            #expect(Self.statistic(values, expected, count: recorded.count) < 1.63, "\(name)")
        }
    }

    @Test("The test sees distributions that are slightly different")
    func sensitivity() throws {
        let recorded = try Self.recorded()
        for (name, values) in try Self.boxes() {
            let expected = try #require(recorded.draws[name])
            #expect(Self.statistic(values.map { $0 * 1.1 + 0.02 }, expected, count: recorded.count) > 1.63, "\(name)")
        }
    }
}
