import Foundation
import PoseCore

/// Boxes of a person detector in place of annotations, as `bbox_file` of a test dataset gives them.
///
/// Samples have key points at (0, 0), as many as the metainfo has, all visible: nobody looks at them.
struct DetectionSource: InstanceSource {
    /// One detection.
    private struct Detection {
        var imageID: Int
        var box: SIMD4<Float>
        var score: Float
        var frames: VideoFrames?
        /// Name that the detection gives its image itself.
        var name: String?
    }

    private let index: CocoIndex
    private let prefix: String
    private let keypointCount: Int
    private let isVideo: Bool
    private var detections: [Detection] = []
    private(set) var dropped = DroppedInstances()
    /// Categories that occur in the file, with their numbers of detections.
    private(set) var categories: [Int: Int] = [:]

    /// - Throws: `DatasetError` for a file that is not a list of detections, or for one that is not usable.
    init(_ url: URL, index: CocoIndex, options: DatasetOptions, keypointCount: Int, isVideo: Bool) throws {
        self.index = index
        self.prefix = options.imagePrefix
        self.keypointCount = keypointCount
        self.isVideo = isVideo
        let document = try JSONDocument(url)
        let names = isVideo ? try Self.imageIDs(index) : [:]
        try document.reading {
            var scanner = document.scanner()
            guard scanner.peek() == UInt8(ascii: "[") else { throw scanner.expected("a list of detections") }
            var position = 0
            try scanner.array { scanner in
                _ = scanner.peek()
                let entry = try JSONObject(
                    document, at: scanner.position, item: .entry(of: "detections", index: position))
                try scanner.skipValue()
                position += 1
                try add(entry, options, names)
            }
        }
        if detections.isEmpty { throw Self.nothingLeft(url, options, categories, dropped) }
    }

    private mutating func add(_ entry: JSONObject, _ options: DatasetOptions, _ names: [String: Int]) throws {
        let category = try entry.int("category_id")
        categories[category, default: 0] += 1
        guard options.boxCategories.contains(category) else { return dropped.add(.category) }
        let corner = try entry.numbers("bbox")
        guard corner.count >= 4 else {
            throw entry.problem("bbox", .count(expected: "x, y, width, height", found: corner.count))
        }
        let values = corner.map { Float($0) }
        let name = isVideo && entry.hasValue("image_name") ? try entry.string("image_name") : nil
        let imageID: Int
        if entry.hasValue("image_id") {
            imageID = try entry.int("image_id")
        } else if let id = name.flatMap({ names[$0] }) {
            imageID = id
        } else {
            throw entry.problem("image_id", .missing)
        }
        guard index.images.positions[imageID] != nil else { return dropped.add(.unknownImage) }
        var detection = Detection(
            imageID: imageID, box: SIMD4(values[0], values[1], values[0] + values[2], values[1] + values[3]),
            score: Float(try entry.double("score")), name: name)
        if isVideo { detection.frames = try frames(entry, imageID) }
        detections.append(detection)
    }

    private func frames(_ entry: JSONObject, _ imageID: Int) throws -> VideoFrames {
        let image = try image(id: imageID)
        var frames = try PoseTrackVideoReader.frames(of: image)
        if entry.hasValue("nframes") { frames.frameCount = try entry.int("nframes") }
        return frames
    }

    private static func imageIDs(_ index: CocoIndex) throws -> [String: Int] {
        var names: [String: Int] = [:]
        for position in index.imageOrder {
            names[try index.image(position).string("file_name")] = index.images.ids[position]
        }
        return names
    }

    private static func nothingLeft(
        _ url: URL, _ options: DatasetOptions, _ categories: [Int: Int], _ dropped: DroppedInstances
    ) -> DatasetError {
        guard !categories.isEmpty else { return .empty(dataset: options.type, reason: "\(url.path) has no detection") }
        let found = categories.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value)×)" }.joined(separator: ", ")
        return .empty(
            dataset: options.type,
            reason: """
                every detection of \(url.path) was dropped: \(dropped). Categories in the file: \(found); wanted: \
                \(options.boxCategories) (set det_cat_ids)
                """)
    }

    private func image(id: Int) throws -> ImageEntry {
        guard let position = index.images.positions[id] else {
            throw DatasetError.field(
                path: index.document.path, item: .image(id: id), field: "id", reason: .missing)
        }
        return try ImageEntry(try index.image(Int(position)), id: id, prefix: prefix)
    }

    var candidateCount: Int { detections.count }
    var renumbers: Bool { true }
    var imageCount: Int { 0 }

    func imageKey(_ candidate: Int) -> Int { detections[candidate].imageID }

    func image(_ position: Int) throws -> (key: Int, id: Int, path: String)? { nil }

    func instance(_ candidate: Int) throws -> Instance? {
        let detection = detections[candidate]
        let image = try image(id: detection.imageID)
        var instance = Instance(
            id: candidate, imageID: detection.imageID,
            imagePath: detection.name.map { PythonPath.join(prefix, $0) } ?? image.path, box: detection.box,
            boxScore: detection.score, keypoints: Array(repeating: 0, count: 2 * keypointCount),
            visible: Array(repeating: 1, count: keypointCount))
        instance.imageSize = isVideo ? nil : try image.size()
        instance.video = detection.frames
        instance.isDetection = true
        return instance
    }
}
