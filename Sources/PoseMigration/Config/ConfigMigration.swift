public import Foundation
public import PyConfig

/// A config in the form of MMPose 1.x, ready to be written.
public struct MigratedConfig: Sendable {
    /// The new config; for a file that is 1.x already, the file's own.
    public let config: Config
    /// The new file.
    public let text: String
    /// Files that belong beside it, by name.
    public let companions: [String: String]
    /// What became of every option.
    public let report: MigrationReport
}

/// Turns a config of MMPose 0.x into one of 1.x.
///
///     let migrated = try ConfigMigration().migrate(url)
///     print(migrated.report.text)
public struct ConfigMigration: Sendable {
    /// Whether to write the options that keep 0.x numbers where 1.x computes differently. MMPose itself does not know
    /// those options; swift-pose does.
    public var keepsBehaviour: Bool
    /// How configs are read.
    public var options: ConfigOptions

    /// A migration with these options.
    public init(keepsBehaviour: Bool = false, options: ConfigOptions = ConfigOptions()) {
        self.keepsBehaviour = keepsBehaviour
        self.options = options
    }

    /// Migrates a file with everything it inherits from. Nothing is written.
    ///
    /// - Parameter name: of the new file, without `.py`; companions are named after it.
    /// - Throws: `ConfigError` for what is wrong with the file, `MigrationError` for what cannot be migrated.
    public func migrate(_ url: URL, named name: String? = nil) throws -> MigratedConfig {
        let config = try Config.load(contentsOf: url, options: options)
        switch Era(config.root) {
        case .new:
            return MigratedConfig(
                config: config, text: try String(contentsOf: url, encoding: .utf8), companions: [:],
                report: MigrationReport(source: url.path, status: .alreadyNew))
        case .mixed(let old, let new): throw MigrationError.mixedEras(file: url.path, old: old, new: new)
        case .neither:
            throw MigrationError.notPose(file: url.path, reason: "has no marks of an MMPose config, 0.x or 1.x")
        case .old: break
        }
        guard config["model"] != nil else {
            throw MigrationError.notPose(
                file: url.path, reason: "is a part of a 0.x config, without 'model'; migrate a config that uses it")
        }
        let notes = try SourceTree.notes(of: url, options)
        let stem = name ?? url.deletingPathExtension().lastPathComponent
        return try translate(config, notes, url, stem)
    }

    private func translate(
        _ config: Config, _ notes: [SourceNotes], _ url: URL, _ stem: String
    ) throws -> MigratedConfig {
        let ledger = Ledger(config.root)
        let root = OldDict(values: config.root, path: "", ledger: ledger)
        let project = try OldProject(root, keepsBehaviour: keepsBehaviour)
        let family = project.family
        let parts = try family.parts(of: project)
        let definitions = Definitions(stem)
        let model = try ModelTranslation(project: project, parts: parts).translate()
        let data = try DataTranslation(
            project: project, family: family, parts: parts, companion: definitions.file
        ).translate()
        var schedule = ScheduleTranslation(root: root).translate()
        if data["train_dataloader"] == nil {
            // MMEngine wants all of training's parts or none.
            for name in ["train_cfg", "optim_wrapper", "param_scheduler"] { schedule.removeValue(name) }
        }
        let document = NewDocument(
            project: project, parts: parts, model: model, data: data, schedule: schedule,
            runtime: RuntimeTranslation(project))
        let result = document.root
        ledger.close(variables: notes.reduce(into: []) { $0.formUnion($1.usedNames) })
        var layout = NewDocument.layout
        let lost = CommentTransfer(ledger: ledger, root: result).place(notes, into: &layout)
        var report = MigrationReport(source: url.path, status: .migrated)
        report.options = ledger.options
        report.changes = ledger.changes
        report.lostComments = lost
        report.companions = definitions.files.keys.sorted()
        let new = Config(result)
        return MigratedConfig(config: new, text: try new.python(layout), companions: definitions.files, report: report)
    }
}

/// Keypoint definitions that become files beside the config.
final class Definitions {
    private let stem: String
    /// Name → text.
    private(set) var files: [String: String] = [:]
    private var known: [ConfigDict: String] = [:]

    init(_ stem: String) { self.stem = stem }

    /// The path under which the new config finds the definition.
    func file(for info: ConfigDict) -> String {
        if let path = known[info] { return path }
        let label =
            info["dataset_name"]?.stringValue?.filter { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" } ?? ""
        var name = (label.isEmpty ? stem : label) + "_metainfo.py"
        if files[name] != nil { name = "\(stem)_\(files.count)_metainfo.py" }
        let config = Config(["dataset_info": .dict(info)])
        files[name] = (try? config.python()) ?? ""
        let path = "{{fileDirname}}/" + name
        known[info] = path
        return path
    }
}

/// A config and the files it inherits from, nearest last.
enum SourceTree {
    /// The notes of all files; a file that cannot be read has been named when the config was loaded.
    static func notes(of url: URL, _ options: ConfigOptions) throws -> [SourceNotes] {
        var result: [SourceNotes] = []
        var seen: Set<String> = []
        func visit(_ url: URL) throws {
            guard seen.insert(url.standardizedFileURL.path).inserted else { return }
            let notes = try SourceNotes(contentsOf: url, options: options)
            for base in notes.bases where !base.contains("::") {
                try visit(URL(fileURLWithPath: base, relativeTo: url.deletingLastPathComponent()))
            }
            result.append(notes)
        }
        try visit(url)
        return result
    }
}
