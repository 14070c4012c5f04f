import Foundation
import PyConfig
import Testing

@testable import PoseMigration

@Suite struct BadInputTests {
    /// A 0.x config with a line changed, in a folder of its own.
    private func migrate(_ name: String = "simple", replacing old: String, with new: String) throws -> MigratedConfig {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let fixtures = ConfigMigrationTests.fixtures.appendingPathComponent("old")
        try FileManager.default.copyItem(
            at: fixtures.appendingPathComponent("runtime.py"), to: folder.appendingPathComponent("runtime.py"))
        let text = try String(contentsOf: ConfigMigrationTests.old(name), encoding: .utf8)
        #expect(text.contains(old))
        let file = folder.appendingPathComponent("old.py")
        try text.replacing(old, with: new).write(to: file, atomically: true, encoding: .utf8)
        return try ConfigMigration().migrate(file)
    }

    @Test("A class 0.29 does not have is named with the nearest one")
    func unknownClass() throws {
        let error = #expect(throws: MigrationError.self) {
            try migrate(replacing: "TopdownHeatmapSimpleHead", with: "TopdownHeatmapSimpelHead")
        }
        #expect(
            error
                == .unknownClass(
                    path: "model.keypoint_head.type", name: "TopdownHeatmapSimpelHead",
                    nearest: "TopdownHeatmapSimpleHead"))
    }

    @Test("A model 1.x does not have ends with the reason and an alternative")
    func notPortable() throws {
        let error = #expect(throws: MigrationError.self) {
            try migrate("tags", replacing: "AESimpleHead", with: "AEHigherResolutionHead")
        }
        #expect("\(try #require(error))".contains("DEKR"))
    }

    @Test("A file with marks of both eras is refused, with the marks")
    func mixedEras() throws {
        let error = #expect(throws: MigrationError.self) {
            try migrate(replacing: "total_epochs = 21", with: "total_epochs = 21\nparam_scheduler = []")
        }
        guard case .mixedEras(_, let old, let new)? = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(old.contains("total_epochs"))
        #expect(new == ["param_scheduler"])
    }

    @Test("A missing base is named where it is asked for")
    func missingBase() throws {
        let error = #expect(throws: ConfigError.self) { try migrate(replacing: "runtime.py", with: "run.py") }
        #expect("\(try #require(error))".contains("'run.py' does not exist"))
    }

    @Test(
        "Values 0.29 would not take either are named",
        arguments: [
            ("image_size=[192, 256]", "image_size='large'", "data_cfg.image_size"),
            ("heatmap_size=[48, 64]", "heatmap_size=None", "data_cfg.heatmap_size"),
            ("sigma=2)", "sigma=2, encoding='Dirac')", "train_pipeline.9.encoding"),
        ])
    func badValues(_ old: String, _ new: String, _ path: String) throws {
        let error = #expect(throws: MigrationError.self) { try migrate(replacing: old, with: new) }
        #expect("\(try #require(error))".hasPrefix(path + ":"))
    }
}
