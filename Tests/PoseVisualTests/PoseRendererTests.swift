import Foundation
import PoseCore
import PoseVisual
import Testing

/// Poses appear where they should, nothing else changes, and odd input is harmless.
struct PoseRendererTests {
    private static let gray = Color(red: 128, green: 128, blue: 128)

    private func blank(_ width: Int, _ height: Int) throws -> Image {
        try Image(width: width, height: height, color: Self.gray)
    }

    /// A person standing in 200 × 300 pixels.
    private func person(confidence: Double = 1, scale: Double = 1, offset: SIMD2<Double> = .zero) -> Person {
        let points: [SIMD2<Double>] = [
            SIMD2(100, 40), SIMD2(106, 35), SIMD2(94, 35), SIMD2(114, 40), SIMD2(86, 40), SIMD2(130, 80), SIMD2(70, 80),
            SIMD2(145, 120), SIMD2(55, 120), SIMD2(150, 160), SIMD2(50, 160), SIMD2(120, 160), SIMD2(80, 160),
            SIMD2(122, 215), SIMD2(78, 215), SIMD2(124, 270), SIMD2(76, 270),
        ].map { $0 * scale + offset }
        let keypoints = Keypoints(points: points, score: confidence)
        return Person(
            box: Box(around: points)?.scaled(by: 1.1) ?? Box(x1: 0, y1: 0, x2: 1, y2: 1), keypoints: keypoints)
    }

    /// Red, green, blue at a pixel.
    private func pixel(_ image: Image, _ point: SIMD2<Double>) -> [Int] {
        let position = (Int(point.y.rounded()) * image.width + Int(point.x.rounded())) * 3
        return image.withUnsafeBytes { [Int($0[position + 2]), Int($0[position + 1]), Int($0[position])] }
    }

    private func changes(_ a: Image, _ b: Image) -> [SIMD2<Double>] {
        a.withUnsafeBytes { left in
            b.withUnsafeBytes { right in
                (0..<a.width * a.height).filter { index in
                    (0..<3).contains { left[index * 3 + $0] != right[index * 3 + $0] }
                }
                .map { SIMD2(Double($0 % a.width), Double($0 / a.width)) }
            }
        }
    }

    private let plain = PoseStyle(drawsBoxes: false, drawsLabels: false)

    @Test func marksEveryJointInTheColorOfItsSide() throws {
        let image = try blank(200, 300)
        let result = try PoseRenderer(plain).draw([person()], skeleton: .coco, on: image)
        for (index, point) in person().keypoints.points.enumerated() {
            let color = pixel(result, point)
            switch Skeleton.coco.sides[index] {
            case .left: #expect(color[2] > color[0] + 50, "\(Skeleton.coco.names[index]): \(color)")
            case .right: #expect(color[0] > color[2] + 50, "\(Skeleton.coco.names[index]): \(color)")
            case .center: #expect(color[0] > 200 && color[1] > 180 && color[2] < 150, "nose: \(color)")
            }
        }
        // The middle of the left thigh, and of the line between the hips.
        #expect(pixel(result, SIMD2(121, 187))[2] > 180)
        #expect(pixel(result, SIMD2(100, 160))[0] > 180)
    }

    @Test func changesNothingAwayFromThePose() throws {
        let image = try blank(200, 300)
        let result = try PoseRenderer(plain).draw([person()], skeleton: .coco, on: image)
        let points = person().keypoints.points
        let changed = changes(image, result)
        #expect(changed.count > 500)
        for place in changed {
            let nearest = Skeleton.coco.links.map { link in
                let (start, axis) = (points[link.start], points[link.end] - points[link.start])
                let share = min(max(((place - start) * axis).sum() / (axis * axis).sum(), 0), 1)
                let offset = place - (start + axis * share)
                return (offset * offset).sum().squareRoot()
            }.min()
            #expect((nearest ?? 99) < 8, "pixel \(place) lies \(nearest ?? 99) from every limb")
        }
    }

    @Test func drawsTheSameTwice() throws {
        let image = try blank(200, 300)
        let people = [person(), person(scale: 0.5, offset: SIMD2(20, 100))]
        #expect(
            try PoseRenderer().draw(people, skeleton: .coco, on: image)
                == PoseRenderer().draw(people, skeleton: .coco, on: image))
    }

    @Test func leavesOutUnsureKeypoints() throws {
        let image = try blank(200, 300)
        #expect(try PoseRenderer(plain).draw([person(confidence: 0.29)], skeleton: .coco, on: image) == image)
        #expect(try PoseRenderer(plain).draw([], skeleton: .coco, on: image) == image)
        var one = person()
        one.confidence[9] = 0.1
        let result = try PoseRenderer(plain).draw([one], skeleton: .coco, on: image)
        #expect(pixel(result, one.keypoints.points[9]) == [128, 128, 128])
        #expect(pixel(result, one.keypoints.points[10]) != [128, 128, 128])
    }

    @Test func boxesKeepTheirColorWithTheTrack() throws {
        let image = try blank(640, 480)
        var style = PoseStyle()
        style.drawsLabels = false
        func boxColor(_ track: Int?, first: Bool) throws -> [Int] {
            var people = [person(), person(offset: SIMD2(300, 50))]
            people[0].trackID = track
            if !first { people.swapAt(0, 1) }
            let box = people[first ? 0 : 1].box
            let result = try PoseRenderer(style).draw(people, skeleton: .coco, on: image)
            return pixel(result, SIMD2(box.x1, box.y2 - 3))
        }
        #expect(try boxColor(7, first: true) == boxColor(7, first: false))
        #expect(try boxColor(7, first: true) != boxColor(8, first: true))
        #expect(try boxColor(nil, first: true) != boxColor(nil, first: false))
    }

    @Test func writesALabelAtTheBox() throws {
        let image = try blank(640, 480)
        var style = PoseStyle()
        let someone = person(offset: SIMD2(200, 100))
        let labelled = try PoseRenderer(style).draw([someone], skeleton: .coco, on: image)
        style.drawsLabels = false
        let bare = try PoseRenderer(style).draw([someone], skeleton: .coco, on: image)
        let label = changes(labelled, bare)
        #expect(label.count > 100)
        #expect(
            label.allSatisfy { $0.y <= someone.box.y1 + 1 && $0.x >= someone.box.x1 - 1 && $0.x < someone.box.x1 + 80 })
    }

    @Test func usesTheDatasetsColorsOnRequest() throws {
        let style = PoseStyle(palette: .dataset, drawsBoxes: false)
        let result = try PoseRenderer(style).draw([person()], skeleton: .coco, on: try blank(200, 300))
        let leftKnee = pixel(result, SIMD2(122, 215))
        #expect(leftKnee[1] > 240 && leftKnee[0] < 80 && leftKnee[2] < 80)
    }

    @Test func dotsOfDensePartsStayApart() throws {
        // 133 points: a body, and 116 on a grid three pixels apart.
        var points = person().keypoints.points
        for index in 0..<116 { points.append(SIMD2(90 + Double(index % 12) * 3, 20 + Double(index / 12) * 3)) }
        var skeleton = Skeleton.coco
        for index in 17..<133 { skeleton.joints.append(.init(name: "face-\(index - 17)")) }
        let someone = Person(box: person().box, keypoints: Keypoints(points: points, score: 1))
        let image = try blank(200, 300)
        let result = try PoseRenderer(plain).draw([someone], skeleton: skeleton, on: image)
        // Below the grid's last row nothing but the body's limbs is near; dots of the body's size would reach there.
        let grid = changes(image, result).filter { $0.y > 50 && $0.y < 70 && $0.x > 110 && $0.x < 112 }
        #expect(grid.isEmpty)
        #expect(pixel(result, SIMD2(123, 44)) != [128, 128, 128])
    }

    @Test(arguments: [
        (1, 1), (1, 200), (3, 3), (17, 9), (2000, 1), (4000, 3000),
    ])
    func worksOnAnySize(width: Int, height: Int) throws {
        let scale = Double(max(width, height)) / 300
        let people = [person(scale: scale), person(offset: SIMD2(-50, -50))]
        let result = try PoseRenderer().draw(people, skeleton: .coco, on: try blank(width, height))
        #expect(result.size == ImageSize(width: width, height: height))
    }

    @Test(arguments: [1, 3, 4])
    func takesGrayAndTransparentImages(channels: Int) throws {
        let image = try Image(width: 200, height: 300, channels: channels, color: Self.gray)
        let result = try PoseRenderer(plain).draw([person()], skeleton: .coco, on: image)
        #expect(result.channels == 3)
        #expect(pixel(result, SIMD2(100, 40)) != [128, 128, 128])
        #expect(pixel(result, SIMD2(5, 5)) == [128, 128, 128])
    }

    @Test func refusesFloatImages() throws {
        let image = try Image([Float](repeating: 0, count: 12), width: 2, height: 2)
        #expect(throws: ImageError.self) { try PoseRenderer().draw([person()], skeleton: .coco, on: image) }
    }

    @Test(arguments: [
        Double.nan, .infinity, -.infinity, 1e300, -1e300, 1e9, -1e9, 1e6, .greatestFiniteMagnitude,
        .leastNonzeroMagnitude,
    ])
    func anyNumberIsHarmless(value: Double) throws {
        let image = try blank(120, 90)
        for index in 0..<17 {
            var someone = person(scale: 0.3)
            someone.keypoints.points[index].x = value
            if index % 2 == 0 { someone.keypoints.points[index].y = value }
            someone.confidence[(index + 1) % 17] = value
            someone.boxScore = value
            someone.trackID = index % 3 == 0 ? .max : index % 3 == 1 ? .min : nil
            someone.box = Box(
                x1: index == 3 ? value : 5, y1: 5, x2: index == 4 ? value : 50, y2: index > 9 ? value : 70)
            let result = try PoseRenderer().draw([someone], skeleton: .coco, on: image)
            #expect(result.size == image.size)
            #expect(result != image)
        }
    }

    @Test func keypointsAndSkeletonMayDisagree() throws {
        let image = try blank(200, 300)
        var few = person()
        few.keypoints.points.removeLast(10)
        few.confidence.removeLast(12)
        var many = person()
        many.keypoints.points += Array(repeating: SIMD2(10, 10), count: 40)
        many.confidence += Array(repeating: 1, count: 40)
        let empty = Person(box: person().box, keypoints: Keypoints(points: [], scores: []))
        let result = try PoseRenderer(plain).draw([few, many, empty], skeleton: .coco, on: image)
        #expect(pixel(result, SIMD2(100, 40)) != [128, 128, 128])
        #expect(pixel(result, SIMD2(10, 10)) == [128, 128, 128])
    }

    /// A limb to a point far outside is cut at the border, not dropped.
    @Test func limbsLeaveTheImage() throws {
        let image = try blank(100, 100)
        let line = Skeleton(
            name: "line", joints: [.init(name: "left_a"), .init(name: "left_b")], links: [.init(start: 0, end: 1)])
        let someone = Person(
            box: Box(x1: 0, y1: 0, x2: 100, y2: 100),
            keypoints: Keypoints(points: [SIMD2(50, 50), SIMD2(400, 50)], score: 1))
        let result = try PoseRenderer(plain).draw([someone], skeleton: line, on: image)
        #expect(pixel(result, SIMD2(98, 50))[2] > 180)
        #expect(pixel(result, SIMD2(98, 80)) == [128, 128, 128])
    }
}
