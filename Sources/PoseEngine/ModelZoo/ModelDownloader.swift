public import Foundation
import PoseCore
public import PoseRuntime

/// Downloads models and puts them where they are looked for.
///
/// A file gets its name only after its checksum was found right; until then it is called `NAME.part`, which a later try
/// goes on with.
public struct ModelDownloader: Sendable {
    /// The folder of models that files are put in.
    public let folder: URL
    /// Seconds without any byte after which a download counts as interrupted.
    public let timeout: TimeInterval

    /// How far the download of one file is.
    public struct Progress: Sendable, Hashable {
        /// Bytes on this machine, those of earlier tries included.
        public let received: Int
        /// Bytes of the whole file, when the server tells.
        public let expected: Int?
    }

    /// Files of a model that are in place.
    public struct Installation: Sendable, Hashable {
        public let files: [URL]
        /// False when the publisher gives no checksum that the files could be compared with.
        public let isVerified: Bool
    }

    /// - Parameter folder: By default the one of this user, where deployed models are looked for as well.
    public init(folder: URL = ModelLocations.userFolder(), timeout: TimeInterval = 30) {
        self.folder = folder
        self.timeout = timeout
    }

    /// Brings a model's files; those that are there and right are not downloaded again.
    ///
    /// - Parameter progress: Called on another thread, for every piece that arrives.
    /// - Throws: `ModelZooError.nothingToDownload`, `ModelDownloadError`, `CancellationError`.
    public func get(
        _ entry: ModelZooEntry, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Installation {
        guard !entry.downloads.isEmpty else { throw ModelZooError.nothingToDownload(name: entry.name) }
        var files: [URL] = []
        for download in entry.downloads {
            let places = download.files.map { folder.appendingPathComponent($0) }
            if !(try isInstalled(download, at: places)) { try await fetch(download, to: places, progress: progress) }
            files += places
        }
        return Installation(files: files, isVerified: entry.downloads.allSatisfy { $0.checksum != nil })
    }

    /// A file that was downloaded itself is compared with its checksum again: it may have been damaged since.
    private func isInstalled(_ download: ModelZooEntry.Download, at places: [URL]) throws -> Bool {
        guard places.allSatisfy({ FileManager.default.fileExists(atPath: $0.path) }) else { return false }
        guard download.members.isEmpty, let checksum = download.checksum else { return true }
        return checksum.matches(sha256: try Checksum.sha256(of: places[0]))
    }

    private func fetch(
        _ download: ModelZooEntry.Download, to places: [URL], progress: @escaping @Sendable (Progress) -> Void
    ) async throws {
        let name = download.url.lastPathComponent
        let part = folder.appendingPathComponent(name + ".part")
        try writing(part) { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        do {
            try await ResumableDownload(url: download.url, file: part, progress: progress).run(timeout: timeout)
        } catch ModelDownloadError.refused(_, status: 416) {
            // What is there is no beginning of the file; nothing of it can be used.
            try writing(part) { try FileManager.default.removeItem(at: part) }
            try await ResumableDownload(url: download.url, file: part, progress: progress).run(timeout: timeout)
        }
        if let checksum = download.checksum {
            let actual = try Checksum.sha256(of: part)
            guard checksum.matches(sha256: actual) else {
                try writing(part) { try FileManager.default.removeItem(at: part) }
                throw ModelDownloadError.wrongChecksum(file: name, expected: checksum.digits, actual: actual)
            }
        }
        try install(part, of: download, at: places)
    }

    private func install(_ part: URL, of download: ModelZooEntry.Download, at places: [URL]) throws {
        if download.members.isEmpty {
            return try writing(places[0]) { try Self.move(part, to: places[0]) }
        }
        for (member, place) in zip(download.members, places) {
            let bytes = try Self.member(member, of: part)
            try writing(place) {
                let parent = place.deletingLastPathComponent()
                try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
                try Data(bytes).write(to: place, options: .atomic)
            }
        }
        try writing(part) { try FileManager.default.removeItem(at: part) }
    }

    private static func member(_ name: String, of archive: URL) throws -> [UInt8] {
        do {
            return try ZipArchive(Data(contentsOf: archive, options: .mappedIfSafe)).contents(named: name)
        } catch {
            throw ModelDownloadError.damagedArchive(file: archive.path, reason: "\(name): \(error)")
        }
    }

    private static func move(_ file: URL, to place: URL) throws {
        // Unlike the file manager's move, this replaces what is there, at once.
        guard rename(file.path, place.path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    private func writing(_ file: URL, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw ModelDownloadError.cannotWrite(file: file.path, reason: error.localizedDescription)
        }
    }
}
