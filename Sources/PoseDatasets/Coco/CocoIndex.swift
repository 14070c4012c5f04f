import Foundation
import PoseCore

/// Where every image and annotation of a COCO-style file stands: a few numbers each, no objects.
///
/// One pass over the mapped file finds ids and byte offsets (28 bytes an annotation); an entry's own values are read from
/// its text when its sample is asked for. A file of a million annotations is indexed in about a second and costs a tenth
/// of its size in memory.
final class CocoIndex: Sendable {
    let document: JSONDocument
    let images: ImageColumns
    let annotations: AnnotationColumns
    /// The `categories` of the file, a few dozen entries at most in practice.
    let categories: [JSONValue]

    var url: URL { document.url }

    /// The images of a file, in its order.
    struct ImageColumns: Sendable {
        var ids: [Int] = []
        var offsets: [Int] = []
        /// Position of the last image of an id: of two images of one id the later one counts, as in pycocotools.
        var positions: [Int: Int32] = [:]

        var count: Int { ids.count }
    }

    /// The annotations of a file, in its order.
    struct AnnotationColumns: Sendable {
        var ids: [Int] = []
        var offsets: [Int] = []
        var imageIDs: [Int] = []
        /// Annotations sorted by the position of their image, then by their place in the file; those of unknown images
        /// are not among them.
        var order: [Int32] = []
        /// Where in `order` the annotations of an image begin; one more entry than there are images.
        var starts: [Int32] = []

        var count: Int { ids.count }
    }

    /// - Parameter report: gets every entry that cannot be indexed; by default the first one is thrown.
    /// - Throws: `DatasetError` for a file that is missing, not JSON or without images, and what `report` throws.
    init(_ url: URL, report: (DatasetError) throws -> Void = { throw $0 }) throws {
        let document = try JSONDocument(url)
        var scan = CocoScan(document)
        try document.reading { try scan.run(report) }
        self.document = document
        categories = scan.categories
        images = scan.images
        annotations = Self.grouped(scan.annotations, by: scan.images)
    }

    /// Sorts annotations by image, by counting.
    private static func grouped(_ columns: AnnotationColumns, by images: ImageColumns) -> AnnotationColumns {
        var columns = columns
        var image = [Int32](repeating: -1, count: columns.count)
        var starts = [Int32](repeating: 0, count: images.count + 1)
        // Annotations of one image mostly stand together: remembering the last look-up saves hashing.
        var known: (id: Int, position: Int32)?
        for (index, id) in columns.imageIDs.enumerated() {
            if known?.id != id { known = (id, images.positions[id] ?? -1) }
            guard let position = known?.position, position >= 0 else { continue }
            image[index] = position
            starts[Int(position) + 1] += 1
        }
        for index in images.ids.indices { starts[index + 1] += starts[index] }
        var next = starts
        var order = [Int32](repeating: 0, count: Int(starts.last ?? 0))
        for (index, position) in image.enumerated() where position >= 0 {
            order[Int(next[Int(position)])] = Int32(index)
            next[Int(position)] += 1
        }
        columns.order = order
        columns.starts = starts
        return columns
    }

    /// Positions of the images as pycocotools gives them: every id once, at its first place, with its last entry.
    var imageOrder: [Int] {
        guard images.positions.count != images.count else { return Array(images.ids.indices) }
        var seen = Set<Int>()
        return images.ids.compactMap { id in seen.insert(id).inserted ? images.positions[id].map(Int.init) : nil }
    }

    /// Positions of the annotations of an image.
    func annotations(ofImage position: Int) -> ArraySlice<Int32> {
        annotations.order[Int(annotations.starts[position])..<Int(annotations.starts[position + 1])]
    }

    /// The text of an annotation.
    func annotation(_ position: Int) throws -> JSONObject {
        try JSONObject(
            document, at: annotations.offsets[position], item: .annotation(id: annotations.ids[position]))
    }

    /// The text of an image's entry.
    func image(_ position: Int) throws -> JSONObject {
        try JSONObject(document, at: images.offsets[position], item: .image(id: images.ids[position]))
    }
}
