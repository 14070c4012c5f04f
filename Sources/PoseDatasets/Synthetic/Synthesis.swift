public import Foundation
public import PoseCore

/// Pictures of drawn people with COCO annotations: something to try a training on without any data.
///
/// Bodies, poses, clothes, light and background vary; people and things hide each other. Whether a key point can be seen is
/// exact: it follows from which part of whom is on top at its pixel.
public enum Synthesis {
    /// Writes `images/NNNNNN.png` and `annotations.json` with COCO's 17 key points.
    ///
    /// - Parameters:
    ///   - people: most figures in a picture; there is at least one.
    /// - Throws: `DatasetError.arguments` for sizes that cannot be used, and what writing files throws.
    public static func write(
        to folder: URL, images count: Int, size: ImageSize = ImageSize(width: 320, height: 240), people: Int = 3,
        seed: UInt64 = 0
    ) throws {
        guard count > 0, count <= 10_000_000, size.width >= 64, size.height >= 64, people > 0 else {
            throw DatasetError.arguments(
                dataset: "synthesize", reason: "needs at least one image of 64×64 pixels and one person")
        }
        let pictures = folder.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
        var images: [Entry] = []
        var annotations: [Annotation] = []
        for index in 0..<count {
            var generator = SeededGenerator(seed: seed, epoch: 0, index: index)
            let name = String(repeating: "0", count: max(6 - String(index).count, 0)) + "\(index).png"
            let scene = try Scene(size, using: &generator)
            let painted = try figures(size, people, using: &generator).map { figure in
                (figure: figure, parts: try scene.paint(figure, Clothing(using: &generator)))
            }
            for _ in 0..<generator.integer(0, 3) { try scene.paintThing(maximum: 0.25, using: &generator) }
            try scene.image(using: &generator).write(to: pictures.appendingPathComponent(name))
            images.append(Entry(id: index + 1, file_name: name, width: size.width, height: size.height))
            for (sight, (figure, _)) in zip(try scene.sights(painted), painted) {
                let id = annotations.count + 1
                if let annotation = annotation(id: id, image: index + 1, figure, sight) {
                    annotations.append(annotation)
                }
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let file = File(images: images, annotations: annotations, categories: [.person])
        try encoder.encode(file).write(to: folder.appendingPathComponent("annotations.json"), options: .atomic)
    }

    // MARK: figures

    /// Figures side by side, who may hide parts of each other; the first ones are farther away.
    private static func figures(
        _ size: ImageSize, _ people: Int, using generator: inout SeededGenerator
    ) -> [Figure] {
        let count = generator.integer(1, people + 1)
        let width = Double(size.width) / Double(count)
        return (0..<count).map { index in
            let height = min(Double(size.height) * generator.uniform(0.5, 0.95), width * 2.2)
            let x = width * (Double(index) + 0.5) + generator.uniform(-0.2, 0.2) * width
            let y = generator.uniform(0.45 * height, Double(size.height) - 0.45 * height)
            return Figure(center: SIMD2(x, y), height: height, using: &generator)
        }.sorted { $0.height < $1.height }
    }

    /// To a tenth of a pixel, as annotations have it.
    static func rounded(_ point: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2((point.x * 10).rounded() / 10, (point.y * 10).rounded() / 10)
    }

    /// Whether the picture has a pixel there.
    static func contains(_ size: ImageSize, _ point: SIMD2<Double>) -> Bool {
        point.x >= 0 && point.y >= 0 && point.x <= Double(size.width - 1) && point.y <= Double(size.height - 1)
    }

    /// A figure as COCO has it; nil when nothing of it can be seen.
    private static func annotation(id: Int, image: Int, _ figure: Figure, _ sight: Scene.Sight) -> Annotation? {
        guard sight.area > 0, let box = sight.box, box.width >= 1, box.height >= 1 else { return nil }
        let keypoints = sight.visibility.enumerated().flatMap { joint, visibility -> [Double] in
            let point = rounded(figure.point(joint))
            return visibility > 0 ? [point.x, point.y, Double(visibility)] : [0, 0, 0]
        }
        return Annotation(
            id: id, image_id: image, num_keypoints: sight.visibility.count { $0 > 0 }, area: Double(sight.area),
            bbox: box.xywh.map { ($0 * 100).rounded() / 100 }, keypoints: keypoints)
    }

    // MARK: the file

    // Members are named as in COCO.
    struct File: Encodable {
        var images: [Entry]
        var annotations: [Annotation]
        var categories: [Category]
    }

    struct Entry: Encodable {
        var id: Int
        var file_name: String
        var width, height: Int
    }

    struct Annotation: Encodable {
        var id, image_id: Int
        var category_id = 1
        var iscrowd = 0
        var num_keypoints: Int
        var area: Double
        var bbox: [Double]
        var keypoints: [Double]
    }

    struct Category: Encodable {
        var id: Int
        var name: String
        var keypoints: [String]
        var skeleton: [[Int]]

        static let person = Category(
            id: 1, name: "person", keypoints: Figure.names, skeleton: Figure.links.map { [$0 + 1, $1 + 1] })
    }
}
