import ArgumentParser
import Foundation
import PoseEngine
import PoseMigration

/// `pose migrate`
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Move MMPose 0.x configs, checkpoints and projects to 1.x.",
        subcommands: [ConfigFile.self, CheckpointFile.self, Project.self])

    /// `pose migrate config OLD.py --out NEW.py`
    struct ConfigFile: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "config", abstract: "Write a 0.x config as a 1.x config, and say what became of every option.")

        @Argument(help: "The 0.x config, a .py file.")
        var old: String

        @Option(name: .customLong("out"), help: "Where to write the 1.x config.")
        var output: String

        @Option(help: "Write the report as JSON.")
        var report: String?

        @Flag(
            name: .customLong("keep-0x-behaviour"),
            help: "Write the options that keep 0.x numbers; MMPose itself does not know them.")
        var keepsBehaviour = false

        @Flag(help: "Run the migrated model on a seeded input and compare its keypoints with the arithmetic of 0.x.")
        var verify = false

        @Option(help: "With --verify: a 0.x checkpoint of the model.")
        var checkpoint: String?

        func run() throws {
            let output = URL(fileURLWithPath: output)
            guard
                output.standardizedFileURL.resolvingSymlinksInPath()
                    != URL(fileURLWithPath: old).standardizedFileURL.resolvingSymlinksInPath()
            else { throw Failure(message: "\(old): --out is the old config itself; give another name") }
            let migrated = try ConfigMigration(keepsBehaviour: keepsBehaviour).migrate(
                URL(fileURLWithPath: old), named: output.deletingPathExtension().lastPathComponent)
            if migrated.report.status == .migrated { try migrated.write(to: output) }
            if let report { try Data(migrated.report.json().utf8).write(to: URL(fileURLWithPath: report)) }
            print(migrated.report.text, terminator: "")
            // Nothing was done, so what was asked for could not be.
            guard migrated.report.status == .migrated else { throw Failure.reported }
            guard verify else { return }
            let result = try MigrationVerification(
                of: URL(fileURLWithPath: old), keepsBehaviour: keepsBehaviour,
                checkpoint: checkpoint.map { URL(fileURLWithPath: $0) })
            print(result.text, terminator: "")
        }
    }

    /// `pose migrate checkpoint OLD.pth --config CONFIG.py --out NEW.pth`
    struct CheckpointFile: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "Give a checkpoint the keys and values of 1.x.")

        @Argument(help: "The checkpoint, .pth or .safetensors.")
        var old: String

        @Option(help: "The config it belongs to, 0.x or 1.x.")
        var config: String?

        @Option(name: .customLong("out"), help: "Where to write the new one, .pth or .safetensors.")
        var output: String

        @Option(help: "Write what was done as JSON.")
        var report: String?

        func run() throws {
            let migration = try CheckpointMigration.migrate(
                URL(fileURLWithPath: old), config: config.map { ConfigLocations().url(of: $0) })
            try migration.write(to: URL(fileURLWithPath: output))
            if let report { try Self.json(migration.steps).write(to: URL(fileURLWithPath: report)) }
            print("\(old): \(migration.text)", terminator: "")
        }

        private static func json(_ steps: [CheckpointMigration.Step]) throws -> Data {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(["steps": steps])
        }
    }

    /// `pose migrate project DIR --out DIR2`
    struct Project: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "project",
            abstract: "Migrate all configs and checkpoints of a folder, and list the 0.x names its Python code uses.")

        @Argument(help: "The project's folder; it is not changed.")
        var folder: String

        @Option(name: .customLong("out"), help: "The folder to write to, outside of the project.")
        var output: String

        @Option(help: "Write the report as JSON.")
        var report: String?

        @Flag(
            name: .customLong("keep-0x-behaviour"),
            help: "Write the options that keep 0.x numbers; MMPose itself does not know them.")
        var keepsBehaviour = false

        func run() throws {
            let project = ProjectMigration(configs: ConfigMigration(keepsBehaviour: keepsBehaviour))
            let result = try project.migrate(URL(fileURLWithPath: folder), to: URL(fileURLWithPath: output))
            if let report {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                try encoder.encode(result).write(to: URL(fileURLWithPath: report))
            }
            print(result.text, terminator: "")
            if !result.isComplete { throw Failure.reported }
        }
    }
}
