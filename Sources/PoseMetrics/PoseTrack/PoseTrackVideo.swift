import Foundation
import PoseCore

/// The annotated frames of one PoseTrack18 video.
struct PoseTrackVideo: Sendable {
    /// One frame.
    struct Frame: Sendable {
        let image: Int
        let file: String
        var people: [PoseTrackPose]
        /// Outlines of regions in which nothing counts.
        let ignored: [[SIMD2<Double>]]
    }

    let name: String
    let frames: [Frame]

    /// - Throws: `DatasetError` naming file and field.
    init(_ url: URL) throws {
        name = url.lastPathComponent
        let file = try JSONValue(contentsOf: url)
        func missing(_ field: String) -> DatasetError {
            .field(path: url.path, item: .whole, field: field, reason: .missing)
        }
        guard let images = file["images"]?.elements else { throw missing("images") }
        guard let category = file["categories"]?.elements?.first,
            let order = category["keypoints"]?.elements?.map({ $0.text ?? "" })
        else { throw missing("categories") }
        for joint in PoseTrackJoints.evaluated where !order.contains(joint) {
            throw missing("categories[0].keypoints: \(joint)")
        }
        var people: [Int: [PoseTrackPose]] = [:]
        for (index, entry) in (file["annotations"]?.elements ?? []).enumerated() {
            guard let image = entry["image_id"]?.integer else { throw missing("annotations[\(index)].image_id") }
            guard let pose = PoseTrackPose(annotation: entry, order: order) else {
                throw missing("annotations[\(index)].keypoints: \(3 * order.count) numbers")
            }
            people[image, default: []].append(pose)
        }
        frames = try images.enumerated().map { index, entry in
            guard let image = entry["id"]?.integer else { throw missing("images[\(index)].id") }
            return Frame(
                image: image, file: entry["file_name"]?.text ?? "", people: people[image] ?? [],
                ignored: Self.outlines(entry["ignore_regions_x"], entry["ignore_regions_y"]))
        }
    }

    private static func outlines(_ x: JSONValue?, _ y: JSONValue?) -> [[SIMD2<Double>]] {
        func lists(_ value: JSONValue?) -> [[Double]] {
            let elements = value?.elements ?? []
            // One outline is a list of numbers in some files.
            if elements.contains(where: { $0.number != nil }) { return [elements.compactMap(\.number)] }
            return elements.map { ($0.elements ?? []).compactMap(\.number) }
        }
        return zip(lists(x), lists(y)).map { x, y in zip(x, y).map { SIMD2($0, $1) } }
    }

    /// Writes the results for this video as PoseTrack takes them.
    ///
    /// - Parameter rows: of `results`, by image.
    func write(to folder: URL, _ results: InstanceColumns, _ rows: [Int: [Int]]) throws {
        struct Image: Encodable {
            let id: Int
            let file_name: String
        }
        struct Category: Encodable {
            let id = 1
            let name = "person"
            let supercategory = "person"
            let keypoints = PoseTrackJoints.names
        }
        struct Annotation: Encodable {
            let image_id, track_id: Int
            let keypoints, scores: [Double]
            let score: Double
        }
        struct File: Encodable {
            let images: [Image]
            let categories = [Category()]
            let annotations: [Annotation]
        }
        let width = 3 * results.keypointCount
        let annotations = frames.flatMap { frame in
            (rows[frame.image] ?? []).enumerated().map { track, row in
                let keypoints = Array(results.keypoints[row * width..<(row + 1) * width])
                return Annotation(
                    image_id: frame.image, track_id: track, keypoints: keypoints,
                    scores: stride(from: 2, to: width, by: 3).map { keypoints[$0] }, score: results.scores[row])
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        let data = try encoder.encode(
            File(images: frames.map { Image(id: $0.image, file_name: $0.file) }, annotations: annotations))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try data.write(to: folder.appendingPathComponent(name), options: .atomic)
    }
}

/// One pose in a frame, with the joints that PoseTrack evaluates.
struct PoseTrackPose: Sendable {
    /// By joint; nil for one that is not there.
    var points: [SIMD2<Double>?]
    /// By joint, of predictions.
    var scores: [Double] = []
    /// In pixels; nil where it is not annotated.
    var headSize: Double?

    /// - Parameter order: the names of the annotation's keypoints.
    init?(annotation: JSONValue, order: [String]) {
        let numbers = (annotation["keypoints"]?.elements ?? []).compactMap(\.number)
        guard numbers.count == 3 * order.count else { return nil }
        points = PoseTrackJoints.evaluated.map { joint in
            order.firstIndex(of: joint).flatMap { Self.point(numbers, $0) }
        }
        let head = (annotation["bbox_head"]?.elements ?? []).compactMap(\.number)
        if head.count == 4 { headSize = 0.6 * (head[2] * head[2] + head[3] * head[3]).squareRoot() }
    }

    init(predicted results: InstanceColumns, row: Int) {
        let width = 3 * results.keypointCount
        let numbers = Array(results.keypoints[row * width..<(row + 1) * width])
        let places = PoseTrackJoints.evaluated.compactMap { PoseTrackJoints.names.firstIndex(of: $0) }
        points = places.map { Self.point(numbers, $0) }
        scores = places.map { numbers[3 * $0 + 2] }
    }

    /// Three zeros mean that there is none.
    private static func point(_ numbers: [Double], _ index: Int) -> SIMD2<Double>? {
        let (x, y, seen) = (numbers[3 * index], numbers[3 * index + 1], numbers[3 * index + 2])
        return x == 0 && y == 0 && seen == 0 ? nil : SIMD2(x, y)
    }
}
