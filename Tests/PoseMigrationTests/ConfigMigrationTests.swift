import Foundation
import PyConfig
import Testing

@testable import PoseMigration

/// Configs of every family, written for these tests in the style of 0.29, against what the migration wrote when it was
/// last read by a person. `RECORD_SNAPSHOTS=1 swift test` writes them anew, and fails so that nobody forgets to look.
@Suite struct ConfigMigrationTests {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    static func old(_ name: String) -> URL { fixtures.appendingPathComponent("old/\(name).py") }

    static let names = [
        "simple", "dark_custom", "argmax_no_refinement", "concat", "udp_combined", "stages", "likelihood", "tags",
        "dekr",
        "lifter",
    ]

    @Test("The new config and the report are the recorded ones", arguments: names)
    func snapshots(_ name: String) throws {
        let migrated = try ConfigMigration().migrate(Self.old(name))
        try Self.compare(migrated.text, "expected/\(name).py")
        try Self.compare(
            migrated.report.text.replacing(Self.fixtures.path + "/", with: ""), "expected/\(name).txt")
        for (file, text) in migrated.companions { try Self.compare(text, "expected/\(file)") }
    }

    private static func compare(_ text: String, _ file: String) throws {
        let url = fixtures.appendingPathComponent(file)
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file); read the difference, then run without RECORD_SNAPSHOTS")
            return
        }
        let recorded = try String(contentsOf: url, encoding: .utf8)
        #expect(text == recorded, "\(file) differs from what was recorded")
    }

    @Test("The text says what the config says, and migrating again changes nothing", arguments: names)
    func migratingTwice(_ name: String) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let migrated = try ConfigMigration().migrate(Self.old(name))
        let file = folder.appendingPathComponent("new.py")
        try migrated.write(to: file)
        let loaded = try Config.load(contentsOf: file)
        if migrated.companions.isEmpty { #expect(loaded.root == migrated.config.root) }
        let again = try ConfigMigration().migrate(file)
        #expect(again.report.status == .alreadyNew)
        #expect(again.text == migrated.text)
    }

    @Test("Every option of the old config is in the report, whatever became of it", arguments: names)
    func completeness(_ name: String) throws {
        let report = try ConfigMigration().migrate(Self.old(name)).report
        let entered = Set(report.options.map(\.option))
        for key in try Config.load(contentsOf: Self.old(name)).root.names {
            #expect(
                entered.contains { $0 == key || $0.hasPrefix(key + ".") || $0.hasPrefix(key + " ") },
                "\(key) is not in the report of \(name)")
        }
    }

    @Test("An option 0.29 does not have is listed as unknown")
    func unknownOption() throws {
        let report = try ConfigMigration().migrate(Self.old("dark_custom")).report
        #expect(report.options(.unknown).map(\.option) == ["shop"])
    }

    @Test("The keypoint definition of a custom data set is found beside the new config")
    func companion() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("new.py")
        try ConfigMigration().migrate(Self.old("dark_custom")).write(to: file)
        let config = try Config.load(contentsOf: file)
        let path = try #require(config["train_dataloader.dataset.metainfo.from_file"]?.stringValue)
        let info = try Config.load(contentsOf: URL(fileURLWithPath: path))
        #expect(info["dataset_info.keypoint_info"]?.dictValue?.count == 3)
    }

    @Test("Comments stand where their line went, and the others are listed")
    func comments() throws {
        let migrated = try ConfigMigration().migrate(Self.old("simple"))
        #expect(migrated.text.contains("# people stand upright here\n    dict(type='RandomBBoxTransform'"))
        #expect(migrated.text.contains("# one thread for each loader"))
        #expect(migrated.text.contains("# weights hide what annotators could not see\n        loss="))
    }
}
