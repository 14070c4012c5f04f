import PoseCore

/// The annotations of a COCO-style file.
struct CocoSource: InstanceSource {
    private let index: CocoIndex
    private let reader: any AnnotationReader
    private let prefix: String
    private let context: FormatContext
    /// Positions of the annotations to read, in order.
    private let annotations: [Int32]
    private let images: [Int]

    init(_ index: CocoIndex, reader: any AnnotationReader, prefix: String, context: FormatContext) {
        self.index = index
        self.reader = reader
        self.prefix = prefix
        self.context = context
        let order = index.imageOrder
        images = Self.images(index, order, reader.selection)
        annotations = Self.annotations(index, images, reader.selection)
    }

    private static func images(_ index: CocoIndex, _ order: [Int], _ selection: AnnotationSelection) -> [Int] {
        switch selection {
        case .byImage(let interval) where interval > 1:
            order.filter { index.images.ids[$0] % interval == 0 }
        case .firstOfImage(let interval) where interval > 1:
            order.enumerated().filter { $0.offset % interval == 0 }.map(\.element)
        default: order
        }
    }

    private static func annotations(
        _ index: CocoIndex, _ images: [Int], _ selection: AnnotationSelection
    ) -> [Int32] {
        switch selection {
        case .byImage, .withoutCrowds: return images.flatMap { index.annotations(ofImage: $0) }
        case .firstOfImage: return images.compactMap { index.annotations(ofImage: $0).first }
        case .byID:
            let ids = index.annotations.ids
            return index.annotations.order.sorted { ids[Int($0)] < ids[Int($1)] }
        }
    }

    var candidateCount: Int { annotations.count * reader.partsPerAnnotation }
    var renumbers: Bool { reader.renumbers }
    var imageCount: Int { images.count }

    private func annotation(_ candidate: Int) -> Int { Int(annotations[candidate / reader.partsPerAnnotation]) }

    func imageKey(_ candidate: Int) -> Int { index.annotations.imageIDs[annotation(candidate)] }

    func instance(_ candidate: Int) throws -> Instance? {
        let position = annotation(candidate)
        let annotation = try index.annotation(position)
        if case .withoutCrowds = reader.selection, annotation.flag("iscrowd") { return nil }
        let imageID = index.annotations.imageIDs[position]
        guard let imagePosition = index.images.positions[imageID] else {
            throw annotation.problem("image_id", .other("the file has no image \(imageID)"))
        }
        let image = try ImageEntry(try index.image(Int(imagePosition)), id: imageID, prefix: prefix)
        return try reader.instance(annotation, part: candidate % reader.partsPerAnnotation, image, context)
    }

    /// The outline that stands at a byte of the file; nil for a form that COCO does not have.
    func segmentation(at offset: Int) -> Segmentation? {
        guard let value = try? JSONValue(index.document, at: offset) else { return nil }
        return Segmentation(value)
    }

    func image(_ position: Int) throws -> (key: Int, id: Int, path: String)? {
        let place = images[position]
        let id = index.images.ids[place]
        return (id, id, try ImageEntry(try index.image(place), id: id, prefix: prefix).path)
    }
}

extension Segmentation {
    /// From COCO's JSON: lists of polygons, or run lengths, plain or compressed.
    init?(_ value: JSONValue) {
        if let polygons = value.elements {
            let numbers = polygons.compactMap(\.numbers)
            guard !numbers.isEmpty, numbers.count == polygons.count else { return nil }
            self = .polygons(numbers)
            return
        }
        guard let size = value["size"]?.numbers, size.count == 2, let height = Int(exactly: size[0]),
            let width = Int(exactly: size[1])
        else { return nil }
        let extent = ImageSize(width: width, height: height)
        if let text = value["counts"]?.text {
            self = .compressedRuns(text, size: extent)
        } else if let counts = value["counts"]?.elements?.compactMap(\.integer) {
            self = .runs(counts, size: extent)
        } else {
            return nil
        }
    }
}
