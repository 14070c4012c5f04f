import Foundation
import PoseCore

/// UBody with 3D: a COCO-style file whose annotations hold 2D and 3D key points and their camera.
struct UBodyFrames: MotionFrames {
    private let index: CocoIndex
    private let root: String
    /// The 133 of COCO-WholeBody, though the class's metainfo lists SMPL-X's 137.
    private let keypointCount = 133
    let videos: [[Int]]

    init(_ url: URL, root: String) throws {
        let index = try CocoIndex(url)
        var frames: [String: [Int]] = [:]
        for position in index.imageOrder {
            let name = try index.image(position).string("file_name")
            let parts = name.split(separator: "/")
            guard parts.count >= 2 else {
                throw try index.image(position).problem("file_name", .other("'\(name)' is not FOLDER/FRAME"))
            }
            frames[String(parts[parts.count - 2]), default: []] += index.annotations(ofImage: position).map { Int($0) }
        }
        self.index = index
        self.root = root
        videos = frames.sorted { $0.key < $1.key }.map(\.value)
    }

    func path(_ frame: Int) -> String { (try? image(frame).path) ?? "annotation \(frame)" }

    private func image(_ frame: Int) throws -> ImageEntry {
        let id = index.annotations.imageIDs[frame]
        guard let position = index.images.positions[id] else {
            throw try index.annotation(frame).problem("image_id", .other("the file has no image \(id)"))
        }
        return try ImageEntry(try index.image(Int(position)), id: id, prefix: root + "/images/")
    }

    func isPlaced(_ frames: [Int]) throws -> Bool {
        try frames.contains { try index.annotation($0).numbers("keypoints").contains { $0 > 0 } }
    }

    func sample(_ frames: [Int], targets: [Int]) throws -> PoseSample {
        let annotations = try frames.map { try index.annotation($0) }
        func values(_ name: StaticString, _ width: Int) throws -> RealArray {
            let numbers = try annotations.flatMap { try $0.numbers(name, count: keypointCount * width) }
            let shape = [frames.count, keypointCount] + (width == 1 ? [] : [width])
            return try RealArray(numbers, shape: shape)
        }
        var sample = PoseSample()
        sample.keypoints = try values("keypoints", 2)
        let visible = try values("keypoints_valid", 1)
        sample.keypointsVisible = visible
        let depth = try values("keypoints_3d", 3)
        let boxes = try annotations.flatMap { try $0.numbers("bbox", count: 4) }
        sample.boxes = try RealArray(boxes, shape: [frames.count, 4])
        sample.boxScores = try RealArray(repeating: 1, shape: [frames.count])
        sample.boxScales = try RealArray(repeating: 1, shape: [frames.count, 2])
        sample.lifting = LiftingAnnotation(
            target: RealArray(try NDArray.stack(targets.map(depth.values.slice))),
            targetVisible: RealArray(try NDArray.stack(targets.map(visible.values.slice))),
            camera: try annotations.last.map(camera), factor: try RealArray(repeating: 0, shape: [frames.count]))
        let images = try frames.map(image)
        sample.imagePath = images.last?.path
        sample.extras["img_paths"] = .string(NDArray(images.map(\.path)))
        sample.extras["target_img_path"] = .string(NDArray(targets.map { images[$0].path }))
        sample.extras["img_ids"] = .int64(NDArray(images.map { Int64($0.id) }))
        sample.extras["keypoints_3d"] = .float32(depth.values.map { Float($0) })
        return sample
    }

    private func camera(_ annotation: JSONObject) throws -> LiftingCamera {
        guard let camera = try annotation.value("camera_param") else {
            throw annotation.problem("camera_param", .missing)
        }
        func pair(_ name: String) -> SIMD2<Double>? {
            guard let numbers = camera[name]?.numbers, numbers.count == 2 else { return nil }
            return SIMD2(numbers[0], numbers[1])
        }
        return LiftingCamera(
            width: camera["w"]?.number ?? 1000, height: camera["h"]?.number ?? 1000, focal: pair("focal"),
            center: pair("princpt"))
    }
}
