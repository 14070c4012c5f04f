import Foundation
import PoseCore
import Testing

@testable import PoseEngine

/// Downloads from a server on this machine that behaves well and badly.
struct ModelDownloaderTests {
    private static let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    private static func digest(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finalized()
    }

    private static func entry(_ url: URL, checksum: String? = nil) -> ModelZooEntry {
        let checksum = Checksum(digits: checksum ?? String(digest(content).prefix(8)))
        return ModelZooEntry(
            name: "model", aliases: [], family: "", config: nil, downloads: [.init(url: url, checksum: checksum)],
            trainingData: [], results: [], license: "", source: "")
    }

    private static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func aVerifiedFileIsPutInPlaceOnce() async throws {
        let server = try FileServer(Self.content)
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            let downloader = ModelDownloader(folder: folder)
            let first = try await downloader.get(Self.entry(server.url))
            #expect(first.isVerified)
            #expect(try Data(contentsOf: first.files[0]) == Data(Self.content))
            #expect(try Self.names(in: folder) == ["model.pth"])
            #expect(try await downloader.get(Self.entry(server.url)) == first)
            #expect(server.requests == [0], "the second call asks nobody")
        }
    }

    @Test func aBrokenDownloadGoesOnWhereItStopped() async throws {
        let server = try FileServer(Self.content, .breakOff(after: 70_000), .correct)
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            let downloader = ModelDownloader(folder: folder)
            let error = await #expect(throws: ModelDownloadError.self) {
                try await downloader.get(Self.entry(server.url))
            }
            guard case .interrupted(_, let received, 200_000, _) = error else {
                Issue.record("interrupted was expected, not \(String(describing: error))")
                return
            }
            #expect(received == 70_000)
            #expect(try Self.names(in: folder) == ["model.pth.part"])
            let files = try await downloader.get(Self.entry(server.url)).files
            #expect(try Data(contentsOf: files[0]) == Data(Self.content))
            #expect(server.requests == [0, received])
            #expect(try Self.names(in: folder) == ["model.pth"])
        }
    }

    @Test func aServerWithoutRangesSendsEverythingAgain() async throws {
        let server = try FileServer(Self.content, .ignoreRange)
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            try write("an earlier try", to: folder.appendingPathComponent("model.pth.part"))
            let files = try await ModelDownloader(folder: folder).get(Self.entry(server.url)).files
            #expect(try Data(contentsOf: files[0]) == Data(Self.content))
            #expect(server.requests == [14])
        }
    }

    /// A process may end between the last byte and the new name.
    @Test func aWholePartIsTakenAsItIs() async throws {
        let server = try FileServer(Self.content)
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            try Data(Self.content).write(to: folder.appendingPathComponent("model.pth.part"))
            let files = try await ModelDownloader(folder: folder).get(Self.entry(server.url)).files
            #expect(try Data(contentsOf: files[0]) == Data(Self.content))
        }
    }

    @Test func aPartLongerThanTheFileIsThrownAway() async throws {
        let server = try FileServer(Self.content)
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            try Data(Self.content + [1]).write(to: folder.appendingPathComponent("model.pth.part"))
            let files = try await ModelDownloader(folder: folder).get(Self.entry(server.url)).files
            #expect(try Data(contentsOf: files[0]) == Data(Self.content))
            #expect(server.requests == [200_001, 0])
        }
    }

    @Test func aWrongChecksumLeavesNothing() async throws {
        let server = try FileServer(Self.content)
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            let actual = Self.digest(Self.content)
            await #expect(
                throws: ModelDownloadError.wrongChecksum(file: "model.pth", expected: "00000000", actual: actual)
            ) {
                try await ModelDownloader(folder: folder).get(Self.entry(server.url, checksum: "00000000"))
            }
            let names = try Self.names(in: folder)
            #expect(names.isEmpty)
        }
    }

    @Test func aDamagedFileInPlaceIsReplaced() async throws {
        let server = try FileServer(Self.content)
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            try write("damaged", to: folder.appendingPathComponent("model.pth"))
            let files = try await ModelDownloader(folder: folder).get(Self.entry(server.url)).files
            #expect(try Data(contentsOf: files[0]) == Data(Self.content))
        }
    }

    @Test func aMissingFileIsReportedWithItsStatus() async throws {
        let server = try FileServer(Self.content, .status(404))
        defer { server.stop() }
        try await withTemporaryFolder { folder in
            await #expect(throws: ModelDownloadError.refused(url: server.url.absoluteString, status: 404)) {
                try await ModelDownloader(folder: folder).get(Self.entry(server.url))
            }
            let names = try Self.names(in: folder)
            #expect(names.isEmpty)
        }
    }

    @Test func noNetworkIsSaidPlainly() async throws {
        let server = try FileServer(Self.content)
        server.stop()
        try await withTemporaryFolder { folder in
            let error = await #expect(throws: ModelDownloadError.self) {
                try await ModelDownloader(folder: folder, timeout: 5).get(Self.entry(server.url))
            }
            guard case .unreachable(host: "127.0.0.1", _) = error else {
                Issue.record("unreachable was expected, not \(String(describing: error))")
                return
            }
            let names = try Self.names(in: folder)
            #expect(names.isEmpty)
        }
    }

    @Test func modelsWithoutWeightsAreAnError() async throws {
        let entry = ModelZooEntry(
            name: "bare", aliases: [], family: "", config: nil, downloads: [], trainingData: [], results: [],
            license: "",
            source: "")
        try await withTemporaryFolder { folder in
            await #expect(throws: ModelZooError.nothingToDownload(name: "bare")) {
                try await ModelDownloader(folder: folder).get(entry)
            }
        }
    }

    /// The archive is one NumPy could have written: `.npz` is a zip file.
    @Test func membersOfAnArchiveAreUnpacked() async throws {
        let archive = [UInt8](
            NPZFile.encode([(name: "a", array: .float32(try NDArray([1, 2, 3], shape: [3])))], compressed: true))
        let server = try FileServer(archive, named: "package.whl")
        defer { server.stop() }
        let download = ModelZooEntry.Download(
            url: server.url, checksum: Checksum(digits: Self.digest(archive)), size: archive.count,
            files: ["built-in/a.npy"], members: ["a.npy"])
        let entry = ModelZooEntry(
            name: "model", aliases: [], family: "", config: nil, downloads: [download], trainingData: [], results: [],
            license: "", source: "")
        try await withTemporaryFolder { folder in
            let files = try await ModelDownloader(folder: folder).get(entry).files
            #expect(try Self.names(in: folder) == ["built-in"])
            #expect(try Data(contentsOf: files[0]).starts(with: [0x93] + Array("NUMPY".utf8)))
        }
    }
}
