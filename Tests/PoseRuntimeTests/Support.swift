import Foundation
import PoseCore
import PoseRuntime

/// Where things are that tests need.
enum Place {
    /// The root of the clone.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// What `scripts/bootstrap` brings.
    static let locations = ModelLocations(folders: [root.appendingPathComponent(".deps/models")])
    static let astronaut = root.appendingPathComponent(".deps/samples/astronaut.png")

    /// Photos with annotations that may not be given away with the sources: `$SWIFT_POSE_TESTDATA/coco`.
    static let coco: URL? = {
        let given = ProcessInfo.processInfo.environment["SWIFT_POSE_TESTDATA"].map { URL(fileURLWithPath: $0) }
        let folders = [given, root.deletingLastPathComponent().appendingPathComponent("shared/testdata")]
        return folders.compactMap { $0?.appendingPathComponent("coco") }.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("test_coco.json").path)
        }
    }()

    static var hasModels: Bool { (try? locations.url(of: .blazePoseDetector)) != nil }
}

/// One model for all tests: loading takes longer than most of them.
enum Shared {
    static let blazePose = Result {
        try BlazePose(
            locations: Place.locations, options: .init(inference: InferenceOptions(precision: .float32)))
    }
}

/// A temporary folder that is removed afterwards.
func withTemporaryFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
