import Foundation
import PoseCore

/// InterHand2.6M: 42 key points of two hands, placed through the camera that took the picture.
///
/// Annotations hold which joints are valid; positions in millimetres of the room stand in a second file, cameras in a
/// third. The first annotation of every image counts.
struct InterHandReader: AnnotationReader {
    let cameras: JSONValue
    let joints: InterHandJoints
    /// Boxes and wrist depths measured by another network, by annotation; nil to use the annotated ones.
    let roots: [Int: RootNetResult]?
    /// Whether key points keep their depth.
    let hasDepth: Bool
    let interval: Int
    let camerasPath: String

    struct RootNetResult: Sendable {
        var box: SIMD4<Float>
        var depth: SIMD2<Double>
    }

    var selection: AnnotationSelection { .firstOfImage(interval: interval) }

    func instance(
        _ annotation: JSONObject, part: Int, _ image: ImageEntry, _ context: FormatContext
    ) throws -> Instance? {
        let id = try annotation.int("id")
        let camera = try camera(of: image)
        let world = try joints.positions(
            capture: try name("capture", of: image), frame: try name("frame_idx", of: image))
        guard world.count == 42 else {
            throw annotation.problem("keypoints", .count(expected: "42 joints in the joint file", found: world.count))
        }
        var valid = try annotation.numbers("joint_valid", count: 42).map { Float($0) }
        let inCamera = world.map(camera.inCamera)
        let rootValid = valid[20] * valid[41]
        for index in 0..<42 where index != 20 && index != 41 { valid[index] *= valid[index < 20 ? 20 : 41] }

        var box: SIMD4<Float>
        var depth = SIMD2(Double(inCamera[20].z), Double(inCamera[41].z))
        if let roots {
            guard let result = roots[id] else {
                throw annotation.problem("id", .other("the rootnet results have no such annotation"))
            }
            (box, depth) = (result.box, result.depth)
        } else {
            let values = try annotation.numbers("bbox", count: 4).map { Float($0) }
            box = SIMD4(values[0], values[1], values[0] + values[2], values[1] + values[3])
        }
        var keypoints: [Double] = []
        for (index, point) in inCamera.enumerated() {
            let pixel = camera.pixel(of: point)
            keypoints += [Double(pixel.x), Double(pixel.y)]
            if hasDepth { keypoints.append(Double(point.z - inCamera[index < 21 ? 20 : 41].z)) }
        }
        var instance = Instance(
            id: id, imageID: try annotation.int("image_id"), imagePath: image.path, box: box, keypoints: keypoints,
            dimensions: hasDepth ? 3 : 2, visible: valid.map { Double(min($0, 1)) })
        instance.keypointCount = context.keypointCount
        instance.isCrowd = annotation.flag("iscrowd")
        instance.source = annotation.offset
        instance.imageSize = try? image.size()
        instance.hands = HandInstance(
            handType: try handType(annotation), handTypeValid: try annotation.double("hand_type_valid"),
            relativeRootDepth: inCamera[41].z - inCamera[20].z, relativeRootValid: rootValid, absoluteDepth: depth,
            focal: camera.focal, principalPoint: camera.principalPoint,
            keypointsInCamera: inCamera.flatMap { [$0.x, $0.y, $0.z] })
        return instance
    }

    private func handType(_ annotation: JSONObject) throws -> SIMD2<Float> {
        switch try annotation.string("hand_type") {
        case "right": return SIMD2(1, 0)
        case "left": return SIMD2(0, 1)
        case "interacting": return SIMD2(1, 1)
        case let other:
            throw annotation.problem("hand_type", .other("'\(other)' is neither right, left nor interacting"))
        }
    }

    /// A name that the files write as a number or as text.
    private func name(_ field: StaticString, of image: ImageEntry) throws -> String {
        if let text = try? image.object.string(field) { return text }
        return String(try image.object.int(field))
    }

    private func camera(of image: ImageEntry) throws -> InterHandCamera {
        let capture = try name("capture", of: image)
        let name = try name("camera", of: image)
        func numbers(_ field: String, _ count: Int) throws -> [Float] {
            guard let values = cameras[capture]?[field]?[name]?.numbers else {
                throw DatasetError.field(
                    path: camerasPath, item: .image(id: image.id), field: "\(capture).\(field).\(name)",
                    reason: .missing)
            }
            guard values.count == count else {
                throw DatasetError.field(
                    path: camerasPath, item: .image(id: image.id), field: "\(capture).\(field).\(name)",
                    reason: .count(expected: "\(count) numbers", found: values.count))
            }
            return values.map { Float($0) }
        }
        let position = try numbers("campos", 3)
        let focal = try numbers("focal", 2)
        let center = try numbers("princpt", 2)
        return InterHandCamera(
            position: SIMD3(position[0], position[1], position[2]), rotation: try numbers("camrot", 9),
            focal: SIMD2(focal[0], focal[1]), principalPoint: SIMD2(center[0], center[1]))
    }
}

/// A calibrated camera: where it stands (millimetres), how it is turned (3×3, row-major), and its lens (pixels).
struct InterHandCamera {
    let position: SIMD3<Float>
    let rotation: [Float]
    let focal: SIMD2<Float>
    let principalPoint: SIMD2<Float>

    /// A point of the room in the camera's space.
    func inCamera(_ point: SIMD3<Float>) -> SIMD3<Float> {
        let moved = point - position
        func row(_ index: Int) -> Float {
            rotation[3 * index] * moved.x + rotation[3 * index + 1] * moved.y + rotation[3 * index + 2] * moved.z
        }
        return SIMD3(row(0), row(1), row(2))
    }

    /// Where a point of the camera's space is in the picture.
    func pixel(of point: SIMD3<Float>) -> SIMD2<Float> {
        SIMD2(point.x, point.y) / (point.z + 1e-8) * focal + principalPoint
    }
}

/// The joint positions of InterHand2.6M, read from the mapped file frame by frame.
struct InterHandJoints: Sendable {
    private let document: JSONDocument
    /// Byte of every frame's entry, by capture and frame.
    private let frames: [String: [String: Int]]

    init(_ url: URL) throws {
        let document = try JSONDocument(url)
        var frames: [String: [String: Int]] = [:]
        try document.reading {
            var scanner = document.scanner()
            try scanner.object { capture, scanner in
                var found: [String: Int] = [:]
                try scanner.object { frame, scanner in
                    _ = scanner.peek()
                    found[document.text(frame)] = scanner.position
                    try scanner.skipValue()
                }
                frames[document.text(capture)] = found
            }
        }
        self.document = document
        self.frames = frames
    }

    /// The joints of a frame in the room, in millimetres.
    func positions(capture: String, frame: String) throws -> [SIMD3<Float>] {
        guard let offset = frames[capture]?[frame] else {
            throw DatasetError.field(
                path: document.path, item: .whole, field: "\(capture).\(frame)", reason: .missing)
        }
        let entry = try JSONObject(document, at: offset, item: .whole)
        let values = try entry.numbers("world_coord").map { Float($0) }
        return stride(from: 0, to: values.count - values.count % 3, by: 3).map {
            SIMD3(values[$0], values[$0 + 1], values[$0 + 2])
        }
    }
}

extension InterHandReader {
    /// Boxes and depths by annotation, as RootNet writes them: a list of `annot_id`, `bbox` (x, y, w, h), `abs_depth`.
    static func rootResults(_ url: URL) throws -> [Int: RootNetResult] {
        let document = try JSONDocument(url)
        var results: [Int: RootNetResult] = [:]
        try document.reading {
            var scanner = document.scanner()
            var position = 0
            try scanner.array { scanner in
                _ = scanner.peek()
                let entry = try JSONObject(document, at: scanner.position, item: .entry(of: "results", index: position))
                let box = try entry.numbers("bbox", count: 4).map { Float($0) }
                let depth = try entry.numbers("abs_depth", count: 2)
                results[try entry.int("annot_id")] = RootNetResult(
                    box: SIMD4(box[0], box[1], box[0] + box[2], box[1] + box[3]), depth: SIMD2(depth[0], depth[1]))
                try scanner.skipValue()
                position += 1
            }
        }
        return results
    }
}
