import Checkpoint
import Foundation
import OrderedCollections
import PoseCore

/// Calibrated cameras of Human3.6M: a pickled dictionary from (subject, camera) to focal length `f`, centre `c`, rotation,
/// and the size `w`, `h` of the picture.
struct MotionCameras: Sendable {
    private let path: String
    private var cameras: [[String]: LiftingCamera] = [:]

    /// - Throws: `CheckpointError` for a file that is not such a pickle, `DatasetError.field` for what is missing in it.
    init(_ url: URL) throws {
        path = url.path
        guard let entries = try PickleFile.read(url).dictValue?.entries else {
            throw DatasetError.field(
                path: url.path, item: .whole, field: "cameras",
                reason: .wrongType(expected: "a dictionary", found: "something else"))
        }
        for (key, value) in entries {
            guard case .tuple(let parts) = key else { continue }
            let names = parts.compactMap { part in if case .string(let text) = part { text } else { nil } }
            cameras[names] = try camera(value, name: names.joined(separator: ", "))
        }
    }

    private func camera(_ value: PickleValue, name: String) throws -> LiftingCamera {
        func problem(_ field: String) -> DatasetError {
            .field(path: path, item: .whole, field: "(\(name)).\(field)", reason: .missing)
        }
        func pair(_ field: String) throws -> SIMD2<Double>? {
            guard case .array(let array)? = value.dictValue?[field] else { return nil }
            let numbers = array.doubles
            return numbers.count == 2 ? SIMD2(numbers[0], numbers[1]) : nil
        }
        guard let width = value.dictValue?["w"]?.doubleValue else { throw problem("w") }
        guard let height = value.dictValue?["h"]?.doubleValue else { throw problem("h") }
        return LiftingCamera(width: width, height: height, focal: try pair("f"), center: try pair("c"))
    }

    /// The camera that took a picture.
    func camera(ofFile name: String) throws -> LiftingCamera {
        guard let video = Human36mFrames.videoName(name), let camera = cameras[[video.subject, video.camera]] else {
            throw DatasetError.field(path: path, item: .whole, field: "camera of \(name)", reason: .missing)
        }
        return camera
    }
}
