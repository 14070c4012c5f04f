public import Foundation
public import PoseCore

/// Pictures of stick figures with COCO annotations: something to try a training on without any data.
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
            let figures = figures(size, people, using: &generator)
            try paint(figures, size, using: &generator).write(to: pictures.appendingPathComponent(name))
            images.append(Entry(id: index + 1, file_name: name, width: size.width, height: size.height))
            for figure in figures {
                annotations.append(figure.annotation(id: annotations.count + 1, image: index + 1, size))
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let file = File(images: images, annotations: annotations, categories: [.person])
        try encoder.encode(file).write(to: folder.appendingPathComponent("annotations.json"), options: .atomic)
    }

    // MARK: figures

    /// Figures in a row, so that they hide little of each other.
    static func figures(_ size: ImageSize, _ people: Int, using generator: inout SeededGenerator) -> [StickFigure] {
        let count = generator.integer(1, people + 1)
        let width = Double(size.width) / Double(count)
        return (0..<count).map { index in
            let height = min(Double(size.height) * generator.uniform(0.55, 0.85), width * 2)
            let x = width * (Double(index) + 0.5) + generator.uniform(-0.1, 0.1) * width
            let y = generator.uniform(0.5 * height, Double(size.height) - 0.5 * height)
            return StickFigure(center: SIMD2(x, y), height: height, using: &generator)
        }
    }

    private static func paint(
        _ figures: [StickFigure], _ size: ImageSize, using generator: inout SeededGenerator
    ) throws -> Image {
        func shade(_ low: Double, _ high: Double) -> Double { generator.uniform(low, high).rounded() }
        let background = Color(red: shade(20, 110), green: shade(20, 110), blue: shade(20, 110))
        let canvas = try Canvas(Image(width: size.width, height: size.height, color: background))
        for figure in figures {
            let color = Color(red: shade(140, 255), green: shade(140, 255), blue: shade(140, 255))
            try figure.paint(on: canvas, color)
        }
        return try canvas.image()
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
            id: 1, name: "person", keypoints: StickFigure.names, skeleton: StickFigure.links.map { [$0 + 1, $1 + 1] })
    }
}
