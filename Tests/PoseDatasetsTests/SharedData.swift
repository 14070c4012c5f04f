import Foundation

/// Data next to the tests.
enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
}

/// Data that cannot be part of the repository; tests that need it run where it is.
enum SharedData {
    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// MMPose's own test data: `$SWIFT_POSE_TESTDATA`, or `../shared/testdata` beside the package.
    static let testdata = folder("SWIFT_POSE_TESTDATA", ["../shared/testdata", "../../shared/testdata"])
    /// Sample pipelines with the numbers of the real MMPose.
    static let goldens = folder("SWIFT_POSE_GOLDENS", ["../shared/goldens", "../../shared/goldens"])
    /// MMPose's `configs`, which `scripts/bootstrap` brings.
    static let zoo = folder("SWIFT_POSE_ZOO", [".deps/mmpose/.mim/configs", ".deps/mmpose/configs"])

    private static func folder(_ variable: String, _ places: [String]) -> URL? {
        let given = ProcessInfo.processInfo.environment[variable].map { [URL(fileURLWithPath: $0)] } ?? []
        let candidates = given + places.map { package.appendingPathComponent($0).standardizedFileURL }
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }
}
