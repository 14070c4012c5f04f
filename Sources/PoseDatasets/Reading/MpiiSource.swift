import Foundation
import PoseCore

/// MPII's own file: one list of people, with centre, scale, joints and their visibility.
struct MpiiSource: InstanceSource {
    private let document: JSONDocument
    private let offsets: [Int]
    private let imageIDs: [Int]
    /// Position of the first person of every image.
    private let images: [Int]
    private let prefix: String
    private let context: FormatContext
    /// Lengths of the heads, in the order of the people.
    private let headSizes: [Double]?

    init(_ url: URL, options: DatasetOptions, context: FormatContext, headSizes: [Double]?) throws {
        let document = try JSONDocument(url)
        var offsets: [Int] = []
        var imageIDs: [Int] = []
        var images: [Int] = []
        var seen = Set<Int>()
        try document.reading {
            var scanner = document.scanner()
            guard scanner.peek() == UInt8(ascii: "[") else { throw scanner.expected("a list of people") }
            try scanner.array { scanner in
                _ = scanner.peek()
                let entry = try JSONObject(
                    document, at: scanner.position, item: .entry(of: "people", index: offsets.count))
                let name = try entry.string("image")
                guard let id = Int(name.prefix { $0 != "." }) else {
                    throw entry.problem("image", .other("'\(name)' is not named by a number"))
                }
                if seen.insert(id).inserted { images.append(offsets.count) }
                imageIDs.append(id)
                offsets.append(scanner.position)
                try scanner.skipValue()
            }
        }
        if let headSizes, headSizes.count < offsets.count {
            throw DatasetError.arguments(
                dataset: options.type, reason: "\(offsets.count) people but \(headSizes.count) head boxes")
        }
        self.document = document
        self.offsets = offsets
        self.imageIDs = imageIDs
        self.images = images
        self.prefix = options.imagePrefix
        self.context = context
        self.headSizes = headSizes
    }

    var candidateCount: Int { offsets.count }
    var renumbers: Bool { false }
    var imageCount: Int { images.count }

    func imageKey(_ candidate: Int) -> Int { imageIDs[candidate] }

    func image(_ position: Int) throws -> (key: Int, id: Int, path: String)? {
        let id = imageIDs[images[position]]
        return (id, id, PythonPath.join(prefix, try entry(images[position]).string("image")))
    }

    private func entry(_ position: Int) throws -> JSONObject {
        try JSONObject(document, at: offsets[position], item: .entry(of: "people", index: position))
    }

    func instance(_ candidate: Int) throws -> Instance? {
        let entry = try entry(candidate)
        let place = try entry.numbers("center", count: 2).map { Float($0) }
        var center = SIMD2(place[0], place[1])
        let scale = SIMD2<Float>(repeating: Float(try entry.double("scale")) * 200)
        // The annotated centre lies too high; -1 marks people without one. Centres count from 1, joints from 0.
        if center.x != -1 { center.y = Float(Double(center.y) + 15 / 200 * Double(scale.y)) }
        center -= 1
        let box = AnnotationFormat.boxValues(center: center, scale: scale)
        let joints = try entry.numbers("joints").map { Double(Float($0)) }
        let flags = try entry.reals("joints_vis")
        let visible = flags.elements
        guard joints.count == 2 * visible.count else {
            throw entry.problem("joints", .count(expected: "\(2 * visible.count) coordinates", found: joints.count))
        }
        if let expected = context.keypointCount, visible.count != expected {
            throw entry.problem(
                "joints", .count(expected: "\(expected) key points (as the metainfo has)", found: visible.count))
        }
        var instance = Instance(
            id: candidate, imageID: imageIDs[candidate],
            imagePath: PythonPath.join(prefix, try entry.string("image")), box: box.rounded, boxCenter: center,
            boxScale: scale, keypoints: joints, visible: visible)
        instance.visiblePrecision = flags.precision
        let corners = box.rounded
        // Here also the product is one of floats.
        instance.area = max((corners.z - corners.x) * (corners.w - corners.y) * 0.53, 1)
        instance.categoryID = try entry.optionalInt("category_id") ?? 1
        instance.listsCategory = !entry.hasValue("category_id")
        instance.headSize = headSizes?[candidate]
        instance.source = entry.offset
        return instance
    }
}
