import Foundation
import PoseCore
import Testing

@testable import PoseDatasets

/// Synthetic scenes: what is annotated is what can be seen.
struct SynthesisTests {
    @Test("a figure behind another of the same shape is hidden, and the one in front is seen as if alone")
    func visibilityIsExact() throws {
        let size = ImageSize(width: 160, height: 200)
        for seed in UInt64(0)..<8 {
            var generator = SeededGenerator(seed: seed)
            let figure = Figure(center: SIMD2(80, 100), height: 150, using: &generator)
            let clothing = Clothing(using: &generator)
            let alone = try Scene(size, using: &generator)
            let parts = try alone.paint(figure, clothing)
            let only = try alone.sights([(figure, parts)])[0]
            #expect(only.visibility.contains(2) && only.area > 1000)
            let scene = try Scene(size, using: &generator)
            let people = try [(figure, scene.paint(figure, clothing)), (figure, scene.paint(figure, clothing))]
            let sights = try scene.sights(people)
            #expect(sights[0].visibility.allSatisfy { $0 < 2 } && sights[0].area == 0)
            #expect(sights[1].visibility == only.visibility && sights[1].area == only.area)
        }
    }

    @Test("a head seen from behind hides the face, but not the shoulders")
    func backs() throws {
        var seen = 0
        for seed in UInt64(0)..<64 {
            var generator = SeededGenerator(seed: seed)
            let figure = Figure(center: SIMD2(80, 100), height: 150, using: &generator)
            guard figure.joints[0].z < figure.head.z - 0.03 * figure.height else { continue }
            seen += 1
            let scene = try Scene(ImageSize(width: 160, height: 200), using: &generator)
            let parts = try scene.paint(figure, Clothing(using: &generator))
            #expect(try scene.sights([(figure, parts)])[0].visibility[0] < 2)
        }
        #expect(seen > 3)
    }

    @Test("a seed gives its pictures again; boxes hold the key points, areas fit in boxes")
    func annotations() throws {
        let first = try TemporaryFolder()
        let again = try TemporaryFolder()
        let other = try TemporaryFolder()
        for (folder, seed) in [(first.url, UInt64(5)), (again.url, 5), (other.url, 6)] {
            try Synthesis.write(to: folder, images: 12, people: 4, seed: seed)
        }
        func data(_ folder: URL, _ name: String) throws -> Data {
            try Data(contentsOf: folder.appendingPathComponent(name))
        }
        for name in ["annotations.json", "images/000003.png"] {
            #expect(try data(first.url, name) == data(again.url, name))
            #expect(try data(first.url, name) != data(other.url, name))
        }
        let file = try JSONValue(contentsOf: first.url.appendingPathComponent("annotations.json"))
        let annotations = try #require(file["annotations"]?.elements)
        var counts = [0, 0, 0]
        for annotation in annotations {
            let points = try #require(annotation["keypoints"]?.numbers)
            let box = try #require(annotation["bbox"]?.numbers)
            #expect(points.count == 51 && box.count == 4)
            let area = try #require(annotation["area"]?.number)
            #expect(area <= (box[2] + 2) * (box[3] + 2))
            for joint in 0..<17 {
                counts[Int(points[3 * joint + 2])] += 1
                guard points[3 * joint + 2] > 0 else { continue }
                #expect(points[3 * joint] >= box[0] - 1 && points[3 * joint] <= box[0] + box[2] + 1)
                #expect(points[3 * joint + 1] >= box[1] - 1 && points[3 * joint + 1] <= box[1] + box[3] + 1)
            }
        }
        // Most can be seen, some are hidden, and some outside the picture.
        #expect(counts[2] > counts[1] && counts[1] > 20 && counts[0] > 0)
    }
}
