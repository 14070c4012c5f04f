public import Foundation

extension MigratedConfig {
    /// Writes the config and its companions. A companion that is there already with other content is not overwritten.
    ///
    /// - Returns: the files written.
    /// - Throws: `MigrationError.output`, before anything is written.
    @discardableResult
    public func write(to url: URL) throws -> [URL] {
        let folder = url.deletingLastPathComponent()
        let files =
            companions.sorted { $0.key < $1.key }.map { (folder.appendingPathComponent($0.key), $0.value) }
            + [(url, text)]
        for (file, content) in files.dropLast() {
            guard let present = FileManager.default.contents(atPath: file.path) else { continue }
            guard present == Data(content.utf8) else {
                throw MigrationError.output(
                    path: file.path, reason: "is there already with other content; move it away")
            }
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (file, content) in files { try Data(content.utf8).write(to: file, options: .atomic) }
        } catch let error as CocoaError {
            throw MigrationError.output(path: url.path, reason: error.localizedDescription)
        }
        return files.map(\.0)
    }
}
