import Foundation
import PoseCore
import PyConfig

/// Human3.6M as MMPose's scripts write it: an `.npz` of `imgname`, `part` (2D), `S` (3D), `center` and `scale`.
struct Human36mFrames: MotionFrames {
    /// Subject, action and camera, which a file's name tells: `S1_Directions_1.54138969_000001.jpg`.
    struct VideoName: Hashable, Comparable {
        var subject, action, camera: String

        static func < (a: VideoName, b: VideoName) -> Bool {
            (a.subject, a.action, a.camera) < (b.subject, b.action, b.camera)
        }
    }

    let names: [String]
    let videos: [[Int]]
    /// `frames × K × 3`: x, y, visibility.
    private let keypoints: NDArray<Float>
    /// `frames × K × 4`: x, y, z in metres, visibility.
    private let targets: NDArray<Float>
    private let centers: NDArray<Float>
    private let scales: NDArray<Float>
    private let factors: [Float]
    private let cameras: MotionCameras?

    init(_ url: URL, detections: URL?, factors: URL?, cameras: MotionCameras?, keypointCount: Int) throws {
        let file = try NPZFile(contentsOf: url)
        func problem(_ field: String, _ reason: DatasetError.Reason) -> DatasetError {
            .field(path: url.path, item: .whole, field: field, reason: reason)
        }
        guard file.names.contains("imgname"), let names = try file.array("imgname").strings?.elements else {
            throw problem("imgname", .missing)
        }
        func array(_ name: String, _ shape: [Int]) throws -> NDArray<Float> {
            guard file.names.contains(name) else { return try NDArray(repeating: 0, shape: shape) }
            guard let array = try file.array(name).floats, array.shape == shape else {
                throw problem(name, .other("must have shape \(shape), not \(try file.array(name).shape)"))
            }
            if let bad = array.elements.firstIndex(where: { !$0.isFinite }) {
                throw problem(name, .notFinite(index: bad))
            }
            return array
        }
        let count = names.count
        self.names = names
        targets = try array("S", [count, keypointCount, 4])
        keypoints =
            try detections.map { try Self.detected($0, count, keypointCount) }
            ?? array("part", [count, keypointCount, 3])
        centers = try array("center", [count, 2])
        scales = try array("scale", [count])
        self.factors = try factors.map { try Self.factors($0, count) } ?? Array(repeating: 0, count: count)
        self.cameras = cameras
        videos = try Self.videos(names, path: url.path)
    }

    private static func detected(_ url: URL, _ count: Int, _ keypointCount: Int) throws -> NDArray<Float> {
        let array = try NPYFile.read(url)
        guard let floats = array.floats, floats.shape == [count, keypointCount, 3] else {
            throw DatasetError.field(
                path: url.path, item: .whole, field: "array",
                reason: .other("must have shape [\(count), \(keypointCount), 3], not \(array.shape)"))
        }
        return floats
    }

    private static func factors(_ url: URL, _ count: Int) throws -> [Float] {
        let array = try NPYFile.read(url)
        guard let floats = array.floats, floats.shape.first == count, floats.count == count else {
            throw DatasetError.field(
                path: url.path, item: .whole, field: "array",
                reason: .other("must have one factor for each of \(count) frames, not shape \(array.shape)"))
        }
        return floats.elements
    }

    private static func videos(_ names: [String], path: String) throws -> [[Int]] {
        var frames: [VideoName: [Int]] = [:]
        for (index, name) in names.enumerated() {
            guard let video = videoName(name) else {
                throw DatasetError.field(
                    path: path, item: .entry(of: "imgname", index: index), field: "imgname",
                    reason: .other("'\(name)' is not SUBJECT_ACTION.CAMERA_FRAME"))
            }
            frames[video, default: []].append(index)
        }
        return frames.sorted { $0.key < $1.key }.map(\.value)
    }

    static func videoName(_ path: String) -> VideoName? {
        let name = PythonPath.name(path)
        guard let first = name.firstIndex(of: "_") else { return nil }
        let rest = name[name.index(after: first)...]
        guard let dot = rest.firstIndex(of: ".") else { return nil }
        let end = rest[rest.index(after: dot)...]
        guard let second = end.firstIndex(of: "_") else { return nil }
        return VideoName(
            subject: String(name[..<first]), action: String(rest[..<dot]), camera: String(end[..<second]))
    }

    func path(_ frame: Int) -> String { names[frame] }

    func isPlaced(_ frames: [Int]) throws -> Bool {
        frames.contains { frame in
            let size = keypoints.shape[1] * 3
            let part = keypoints.elements[frame * size..<(frame + 1) * size]
            return part.enumerated().contains { $0.offset % 3 < 2 && $0.element > 0 }
        }
    }

    /// Columns of the last dimension of some frames.
    private func columns(_ array: NDArray<Float>, _ frames: [Int], _ range: Range<Int>) throws -> RealArray {
        let (points, width) = (array.shape[1], array.shape[2])
        var values: [Double] = []
        for frame in frames {
            for point in 0..<points {
                for column in range { values.append(Double(array.elements[(frame * points + point) * width + column])) }
            }
        }
        let shape = range.count == 1 ? [frames.count, points] : [frames.count, points, range.count]
        return try RealArray(values, shape: shape)
    }

    func sample(_ frames: [Int], targets positions: [Int]) throws -> PoseSample {
        var sample = PoseSample()
        sample.keypoints = try columns(keypoints, frames, 0..<2)
        sample.keypointsVisible = try columns(keypoints, frames, 2..<3)
        let wanted = positions.map { frames[$0] }
        let camera = try cameras?.camera(ofFile: names[frames[0]])
        sample.lifting = LiftingAnnotation(
            target: try columns(targets, wanted, 0..<3), targetVisible: try columns(targets, wanted, 3..<4),
            camera: camera, factor: try RealArray(frames.map { Double(factors[$0]) }, shape: [frames.count]))
        sample.imagePath = frames.last.map { names[$0] }
        sample.extras["img_paths"] = .string(NDArray(frames.map { names[$0] }))
        sample.extras["target_img_path"] = .string(NDArray(wanted.map { names[$0] }))
        sample.extras["img_ids"] = .int64(NDArray(frames.map { Int64($0) }))
        sample.extras["keypoints_3d"] = .float32(try columns(targets, frames, 0..<3).values.map { Float($0) })
        sample.extras["keypoints_3d_visible"] = .float32(try columns(targets, frames, 3..<4).values.map { Float($0) })
        return sample
    }
}
