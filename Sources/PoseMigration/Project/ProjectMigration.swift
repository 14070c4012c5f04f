public import Foundation

/// What became of a project's files.
public struct ProjectReport: Codable, Sendable {
    /// One file and its end.
    public struct File: Codable, Sendable {
        /// Relative to the project.
        public let file: String
        /// `migrated`, `already 1.x`, `part` (a base file, used by others), or `failed`.
        public let status: String
        /// The reason of a failure, or a note.
        public let note: String?
    }

    /// Version of this report's fields.
    public var version = 1
    /// Configs, in order of their names.
    public var configs: [File] = []
    /// Checkpoints, in order of their names.
    public var checkpoints: [File] = []
    /// 0.x names in Python code.
    public var python: [PythonFinding] = []

    /// Whether everything that was a 0.x file has been migrated.
    public var isComplete: Bool { !(configs + checkpoints).contains { $0.status == "failed" } }

    /// The report as text.
    public var text: String {
        var lines: [String] = []
        for (title, files) in [("configs", configs), ("checkpoints", checkpoints)] where !files.isEmpty {
            let counts = Dictionary(grouping: files, by: \.status).mapValues(\.count).sorted { $0.key < $1.key }
            lines.append("\(title): " + counts.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
            for file in files where file.status == "failed" || file.note != nil {
                lines.append("  \(file.file): \(file.status)" + (file.note.map { ": \($0)" } ?? ""))
            }
        }
        if !python.isEmpty { lines.append("Python: \(python.count) names of 0.x (nothing was changed)") }
        for finding in python {
            lines.append(
                "  \(finding.file):\(finding.line): \(finding.name) → \(finding.successor ?? "nothing in 1.x")")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Migrates all configs and checkpoints below a folder into another folder.
public struct ProjectMigration: Sendable {
    /// How configs are migrated.
    public var configs: ConfigMigration

    /// A migration of projects.
    public init(configs: ConfigMigration = ConfigMigration()) { self.configs = configs }

    /// Migrates `folder` into `output`, which keeps its layout. Bad files are reported, the others go on.
    ///
    /// - Throws: `MigrationError` when the folder cannot be read or the output lies inside it.
    public func migrate(_ folder: URL, to output: URL) throws -> ProjectReport {
        let root = folder.standardizedFileURL.resolvingSymlinksInPath()
        let target = output.standardizedFileURL.resolvingSymlinksInPath()
        guard target.path != root.path, !target.path.hasPrefix(root.path + "/") else {
            throw MigrationError.output(
                path: output.path, reason: "lies inside the project; give a folder outside of it")
        }
        var report = ProjectReport()
        for file in try Self.files(root) {
            let name = String(file.path.dropFirst(root.path.count + 1))
            switch file.pathExtension {
            case "py":
                let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
                let findings = PythonScanner.scan(text, file: name)
                if let entry = migrate(config: file, name, to: target) {
                    report.configs.append(entry)
                } else {
                    report.python += findings
                }
            case "pth", "pt":
                report.checkpoints.append(migrate(checkpoint: file, name, to: target))
            default: break
            }
        }
        return report
    }

    private static func files(_ root: URL) throws -> [URL] {
        guard
            let walker = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        else { throw MigrationError.output(path: root.path, reason: "no such folder, or it cannot be read") }
        var result: [URL] = []
        for case let file as URL in walker where !file.pathComponents.contains("__pycache__") {
            if (try? file.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile ?? false { result.append(file) }
        }
        guard !result.isEmpty else { throw MigrationError.output(path: root.path, reason: "no files there") }
        return result.sorted { $0.path < $1.path }
    }

    /// - Returns: nil for Python code that is no config.
    private func migrate(config file: URL, _ name: String, to target: URL) -> ProjectReport.File? {
        guard PythonFile.looksLikeConfig(file) else { return nil }
        do {
            let migrated = try configs.migrate(file)
            if migrated.report.status == .migrated { try migrated.write(to: target.appendingPathComponent(name)) }
            return ProjectReport.File(file: name, status: migrated.report.status.rawValue, note: nil)
        } catch MigrationError.notPose {
            return ProjectReport.File(file: name, status: "part", note: nil)
        } catch {
            return ProjectReport.File(file: name, status: "failed", note: "\(error)")
        }
    }

    private func migrate(checkpoint file: URL, _ name: String, to target: URL) -> ProjectReport.File {
        do {
            let migration = try CheckpointMigration.migrate(file, config: nil)
            guard migration.isChanged else { return ProjectReport.File(file: name, status: "already 1.x", note: nil) }
            let output = target.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: output.deletingLastPathComponent(), withIntermediateDirectories: true)
            try migration.write(to: output)
            return ProjectReport.File(file: name, status: "migrated", note: nil)
        } catch {
            return ProjectReport.File(file: name, status: "failed", note: "\(error)")
        }
    }
}

/// Tells configs from other Python files by their text.
enum PythonFile {
    /// A config assigns and calls `dict`; code defines functions or classes, or imports MMPose.
    static func looksLikeConfig(_ file: URL) -> Bool {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return false }
        var assigns = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("def ") || line.hasPrefix("class ") || line.hasPrefix("@")
                || line.hasPrefix("if __name__")
            {
                return false
            }
            if line.hasPrefix("import mm") || line.hasPrefix("from mm") { return false }
            if line.contains(" = dict(") || line.hasPrefix("_base_") || line.contains(" = [") { assigns = true }
        }
        return assigns
    }
}
