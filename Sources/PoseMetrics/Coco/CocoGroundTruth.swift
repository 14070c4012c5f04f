public import Foundation
import PoseCore

/// What a COCO-style annotation file says for evaluation: its images, its categories and the annotated instances.
public struct CocoGroundTruth: Sendable {
    /// Ids of the images, each once, ascending.
    public let images: [Int]
    /// Ids of the categories, ascending.
    public internal(set) var categories: [Int]
    /// How crowded images are, by id, where the file tells (CrowdPose).
    public let crowdIndices: [Int: Double]
    public internal(set) var instances: InstanceColumns
    /// How key points are stored, and which parts they form.
    public let layout: KeypointLayout

    /// - Parameter annotations: the categories that exist are those of the instances.
    public init(
        images: [Int], crowdIndices: [Int: Double] = [:], instances: InstanceColumns, layout: KeypointLayout? = nil
    ) {
        self.images = Set(images).sorted()
        self.crowdIndices = crowdIndices
        categories = Set(instances.categories).sorted()
        self.instances = instances
        self.layout = layout ?? .single(instances.keypointCount)
    }

    /// Reads an annotation file.
    ///
    /// - Parameter layout: the fields with key points; nil for one list, of as many as the first annotation has.
    /// - Throws: `DatasetError` naming file, entry and field.
    public init(contentsOf url: URL, layout: KeypointLayout? = nil) throws {
        let document = try JSONDocument(url)
        var imageIDs: [Int] = []
        var crowdIndices: [Int: Double] = [:]
        var categoryIDs: [Int] = []
        var annotations: Int?
        try document.reading {
            var scanner = document.scanner()
            guard scanner.peek() == UInt8(ascii: "{") else {
                throw scanner.expected("an object with images and annotations")
            }
            try scanner.object { key, scanner in
                if scanner.matches(key, "images") {
                    for offset in try CocoFileReader.offsets("images", &scanner, document) {
                        let image = try JSONObject(
                            document, at: offset, item: .entry(of: "images", index: imageIDs.count))
                        imageIDs.append(try image.int("id"))
                        crowdIndices[imageIDs[imageIDs.count - 1]] = try image.optionalDouble("crowdIndex")
                    }
                } else if scanner.matches(key, "categories") {
                    for offset in try CocoFileReader.offsets("categories", &scanner, document) {
                        let category = try JSONObject(
                            document, at: offset, item: .entry(of: "categories", index: categoryIDs.count))
                        categoryIDs.append(try category.int("id"))
                    }
                } else {
                    if scanner.matches(key, "annotations") { annotations = scanner.position }
                    try scanner.skipValue()
                }
            }
        }
        func missing(_ field: String) -> DatasetError {
            .field(path: document.path, item: .whole, field: field, reason: .missing)
        }
        guard !imageIDs.isEmpty else { throw missing("images") }
        guard let annotations else { throw missing("annotations") }
        guard !categoryIDs.isEmpty else { throw missing("categories") }
        images = Set(imageIDs).sorted()
        categories = Set(categoryIDs).sorted()
        self.crowdIndices = crowdIndices
        var scanner = document.scanner(at: annotations)
        let offsets = try document.reading { try CocoFileReader.offsets("annotations", &scanner, document) }
        let fields = try layout ?? .single(CocoFileReader.keypointCount(of: offsets.first, in: document))
        self.layout = fields
        let reader = CocoFileReader(document: document, layout: fields, list: "annotations")
        var partScores: [[Double]] = []
        instances = try reader.instances(at: offsets, partScores: &partScores)
    }
}

extension CocoGroundTruth {
    /// The contents of several files as one.
    ///
    /// - Throws: `MetricError.invalid` when an image or an annotation is in two of them.
    static func merging(_ parts: [CocoGroundTruth], names: [String]) throws -> CocoGroundTruth {
        guard let first = parts.first else { throw MetricError.invalid("no annotation file") }
        guard parts.count > 1 else { return first }
        var images: Set<Int> = []
        var ids: Set<Int> = []
        var instances = InstanceColumns(keypointCount: first.instances.keypointCount)
        var crowdIndices: [Int: Double] = [:]
        for (part, name) in zip(parts, names) {
            guard part.instances.keypointCount == first.instances.keypointCount else {
                throw MetricError.keypointCount(
                    of: name, found: part.instances.keypointCount, expected: first.instances.keypointCount)
            }
            guard images.isDisjoint(with: part.images), ids.isDisjoint(with: part.instances.ids) else {
                throw MetricError.invalid(
                    "\(name) has ids that another annotation file of the dataset has too; evaluate them apart, or give"
                        + " ann_file")
            }
            images.formUnion(part.images)
            ids.formUnion(part.instances.ids)
            instances.append(part.instances)
            crowdIndices.merge(part.crowdIndices) { first, _ in first }
        }
        var merged = CocoGroundTruth(
            images: Array(images), crowdIndices: crowdIndices, instances: instances, layout: first.layout)
        merged.categories = Set(parts.flatMap(\.categories)).sorted()
        return merged
    }

    /// The same images with other keypoints, as one list.
    func converted(_ conversion: KeypointConversion, counted: Int?) throws -> CocoGroundTruth {
        var result = CocoGroundTruth(
            images: images, crowdIndices: crowdIndices, instances: try instances.converted(conversion, counted: counted)
        )
        result.categories = categories
        return result
    }

    /// How crowded every image is.
    ///
    /// - Throws: `MetricError.missing` when an image does not tell.
    func crowdIndicesOfAll() throws -> [Int: Double] {
        if let image = images.first(where: { crowdIndices[$0] == nil }) {
            throw MetricError.missing(
                metric: "keypoints_crowd", what: "the crowdIndex of image \(image), which has none")
        }
        return crowdIndices
    }
}

/// Detected instances, as a COCO-style result file holds them.
public struct CocoResults: Sendable {
    public internal(set) var instances: InstanceColumns
    /// Scores of parts by part and instance, NaN where there are none; the last row is of all parts together.
    var partScores: [[Double]] = []

    /// - Parameter bounded: of how many key points the area is measured when there are no boxes.
    /// - Throws: `MetricError.invalid` when only some have a box.
    public init(_ instances: InstanceColumns, measuring bounded: Int? = nil) throws {
        self.instances = instances
        for index in 0..<instances.count { self.instances.ids[index] = index + 1 }
        try self.instances.measureDetections(keypoints: bounded ?? instances.keypointCount)
    }

    /// Reads a result file: a list of objects with `image_id`, `category_id`, `keypoints` and `score`.
    ///
    /// - Throws: `DatasetError` naming file, entry and field.
    public init(contentsOf url: URL, layout: KeypointLayout) throws {
        let document = try JSONDocument(url)
        var scanner = document.scanner()
        let offsets = try document.reading {
            let offsets = try CocoFileReader.offsets("results", &scanner, document)
            guard scanner.peek() == 0, scanner.position >= scanner.count else {
                throw scanner.failure("more text after the end of the list")
            }
            return offsets
        }
        let reader = CocoFileReader(document: document, layout: layout, list: "results")
        var partScores: [[Double]] = []
        let instances = try reader.instances(at: offsets, partScores: &partScores)
        try self.init(instances, measuring: layout.parts.first?.keypoints.count)
        self.partScores = partScores
    }
}
