import Foundation
import PoseCore
import Testing

@testable import PoseRuntime

/// The built-in model on real photos.
@Suite(.enabled(if: Place.hasModels, "needs scripts/bootstrap")) struct BlazePoseTests {
    /// Positions read off the photo by eye (512 × 512, NASA's portrait of Eileen Collins).
    @Test("The astronaut's face and shoulders are where they are")
    func astronaut() throws {
        let image = try Image.decode(contentsOf: Place.astronaut)
        let people = try Shared.blazePose.get().people(in: image)
        let person = try #require(people.first)
        #expect(people.count == 1)
        #expect(person.landmarks.count == 33)
        let expected: [(name: String, index: Int, position: SIMD2<Double>, tolerance: Double)] = [
            ("nose", 0, SIMD2(221, 126), 14), ("left eye", 1, SIMD2(243, 107), 16),
            ("right eye", 2, SIMD2(203, 107), 16),
            ("left shoulder", 5, SIMD2(304, 238), 40), ("right shoulder", 6, SIMD2(112, 222), 40),
        ]
        let points = person.coco17.points
        #expect(points.count == 17)
        for (name, index, position, tolerance) in expected {
            let difference = points[index] - position
            let distance = (difference * difference).sum().squareRoot()
            #expect(distance < tolerance, "\(name) at \(points[index]), not \(position)")
        }
        #expect(person.score > 0.7 && person.score <= 1)
        #expect(person.keypoints.scores.allSatisfy { (0...1).contains($0) })
        #expect(person.keypoints.scores[0] > 0.9)
        #expect(person.box.x1 < 130 && person.box.x2 > 290 && person.box.y1 < 105 && person.box.y2 > 440)
    }

    @Test("Someone lying on the side is found as well as someone upright")
    func turned() throws {
        let image = try Image.decode(contentsOf: Place.astronaut)
        let model = try Shared.blazePose.get()
        // (x, y) → (y, 511 − x): a quarter turn.
        let turn = AffineMap(a: 0, b: 1, tx: 0, c: -1, d: 0, ty: 511)
        let turned = try image.warpAffine(turn, size: image.size)
        let upright = try #require(
            try model.people(in: image, boxes: [Box(x1: 0, y1: 0, x2: 512, y2: 512)]).first ?? nil)
        let lying = try #require(try model.people(in: turned).first)
        for index in 0...10 {
            let difference = turn.apply(upright.landmarks[index].position) - lying.landmarks[index].position
            #expect((difference * difference).sum().squareRoot() < 30, "landmark \(index)")
        }
    }

    @Test("Nobody in the picture: nobody is found")
    func nobody() throws {
        let model = try Shared.blazePose.get()
        #expect(try model.people(in: try Image(width: 640, height: 480, color: Color(gray: 128))).isEmpty)
        let slope = (0..<60_000).flatMap { (index: Int) -> [UInt8] in [UInt8(index % 250), 80, UInt8(index / 300)] }
        #expect(try model.people(in: try Image(slope, width: 300, height: 200)).isEmpty)
    }

    @Test("Pictures of any size and kind", arguments: [(1, 1), (1, 3000), (40_000, 2), (3, 5)])
    func degenerate(width: Int, height: Int) throws {
        let model = try Shared.blazePose.get()
        #expect(try model.people(in: try Image(width: width, height: height)).isEmpty)
        let boxes = [
            Box(x1: 0, y1: 0, x2: 0, y2: 0), Box(x1: -1e9, y1: -1e9, x2: 1e9, y2: 1e9),
            Box(x1: .nan, y1: 0, x2: 5, y2: 5),
        ]
        let people = try model.people(in: try Image(width: width, height: height), boxes: boxes)
        #expect(people.count == 3)
        #expect(people[0] == nil && people[2] == nil)
    }

    @Test("Grey, transparent and 16-bit pictures are looked at like others")
    func kinds() throws {
        let image = try Image.decode(contentsOf: Place.astronaut)
        let model = try Shared.blazePose.get()
        for other in [
            try image.converted(.bgrToBGRA), try image.converted(.bgrToGray),
            try image.converted(to: .uint16, scale: 257),
        ] {
            #expect(try model.people(in: other).first != nil, "\(other.channels) channels of \(other.depth)")
        }
    }

    @Test(
        "On COCO photos the most prominent person's keypoints agree with the annotation",
        .enabled(if: Place.coco != nil, "set SWIFT_POSE_TESTDATA to a folder with COCO photos"))
    func coco() throws {
        let folder = try #require(Place.coco)
        let model = try Shared.blazePose.get()
        let file = try JSONDecoder().decode(
            CocoFile.self, from: try Data(contentsOf: folder.appendingPathComponent("test_coco.json")))
        var similarities: [String: Double] = [:]
        var overlaps: [Double] = []
        for photo in file.images {
            let annotations = file.annotations.filter { $0.image_id == photo.id && $0.num_keypoints > 0 }
            let prominent = try #require(annotations.max { $0.area < $1.area })
            let people = try model.people(
                in: try Image.decode(contentsOf: folder.appendingPathComponent(photo.file_name)))
            let matched = people.map { (prominent.similarity(to: $0.coco17.points), $0) }
            let best = try #require(matched.max { $0.0 < $1.0 }, "nobody found in \(photo.file_name)")
            similarities[photo.file_name] = best.0
            overlaps.append(best.1.box.iou(Box(xywh: prominent.bbox) ?? best.1.box))
        }
        let mean = similarities.values.reduce(0, +) / Double(similarities.count)
        for (name, value) in similarities.sorted(by: { $0.key < $1.key }) { print("OKS", name, value) }
        print("OKS mean", mean, "box IoU mean", overlaps.reduce(0, +) / Double(overlaps.count))
        #expect((similarities["000000000785.jpg"] ?? 0) > 0.9, "the skier")
        #expect(mean > 0.7)
        #expect(overlaps.reduce(0, +) / Double(overlaps.count) > 0.7)
    }
}

/// As much of COCO's annotation file as the test needs.
private struct CocoFile: Decodable {
    struct Photo: Decodable {
        let id: Int
        let file_name: String
    }

    struct Annotation: Decodable {
        let image_id: Int
        let area: Double
        let bbox: [Double]
        let keypoints: [Double]
        let num_keypoints: Int

        /// Object keypoint similarity over the annotated keypoints.
        func similarity(to points: [SIMD2<Double>]) -> Double {
            var sum = 0.0
            for (index, point) in points.enumerated() where keypoints[3 * index + 2] > 0 {
                let difference = point - SIMD2(keypoints[3 * index], keypoints[3 * index + 1])
                let spread = 2 * Suppression.cocoSigmas[index]
                sum += exp(-(difference * difference).sum() / (2 * area * spread * spread))
            }
            return sum / Double(num_keypoints)
        }
    }

    let images: [Photo]
    let annotations: [Annotation]
}
