import Foundation
import PoseRuntime
import Testing

/// Weights are found without a path, and the error of missing ones is a remedy.
@Suite struct ModelLocationsTests {
    @Test("Environment first, then .deps above executable and current folder, then the user's data folder")
    func order() throws {
        try withTemporaryFolder { folder in
            let folder = folder.resolvingSymlinksInPath()
            let models = folder.appendingPathComponent("clone/.deps/models")
            try FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
            let locations = ModelLocations(
                environment: ["SWIFT_POSE_HOME": "/opt/pose", "XDG_DATA_HOME": "relative/ignored"],
                executable: folder.appendingPathComponent("clone/.build/debug/pose"), currentFolder: folder,
                home: URL(fileURLWithPath: "/home/me"))
            let paths = locations.folders.map(\.path)
            #expect(paths.first == "/opt/pose/models")
            #expect(paths.contains(models.path))
            #expect(paths.last == "/home/me/.local/share/swift-pose/models")

            let file = models.appendingPathComponent(ModelFile.blazePoseDetector.path)
            let error = #expect(throws: ModelLocationError.self) { try locations.url(of: .blazePoseDetector) }
            #expect(error?.searched.contains(file.path) == true)
            #expect(error?.description.contains("pose models get blazepose") == true)
            #expect(error?.description.contains("scripts/bootstrap") == true)

            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("weights".utf8).write(to: file)
            #expect(try locations.url(of: .blazePoseDetector).path == file.path)
        }
    }

    @Test("An absolute XDG_DATA_HOME is followed")
    func dataHome() {
        let folder = ModelLocations.userFolder(
            environment: ["XDG_DATA_HOME": "/data"], home: URL(fileURLWithPath: "/home/me"))
        #expect(folder.path == "/data/swift-pose/models")
    }
}
