import Foundation
import Testing

@testable import PoseMigration

@Suite struct ProjectMigrationTests {
    @Test("Names of 0.x are found by line, with their successors; comments and other code are left alone")
    func pythonNames() {
        let code = """
            import mmcv
            from mmpose.datasets.pipelines import Compose
            from mmpose.models.builder import HEADS, build_loss
            # TopDownAffine was here

            @HEADS.register_module()
            class MyHead(TopdownHeatmapBaseHead): pass
            Collected = 1
            """
        let found = PythonScanner.scan(code, file: "head.py")
        #expect(
            found.map { "\($0.line) \($0.name)" } == [
                "2 mmpose.datasets.pipelines", "3 mmpose.models.builder", "3 HEADS", "3 build_loss", "6 HEADS",
                "7 TopdownHeatmapBaseHead",
            ])
        #expect(found[0].successor == "mmpose.datasets.transforms")
        #expect(found.last?.successor == "BaseHead (mmpose.models.heads)")
        #expect(PythonScanner.scan("Collect = HEADS = 1", file: "other.py").isEmpty)
    }

    @Test("A project keeps its layout; what fails is reported and the rest goes on")
    func project() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("old/configs")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
        for name in ["runtime", "simple", "tags"] {
            try FileManager.default.copyItem(
                at: ConfigMigrationTests.old(name), to: source.appendingPathComponent("\(name).py"))
        }
        let tags = source.appendingPathComponent("tags.py")
        try String(contentsOf: tags, encoding: .utf8).replacing("AESimpleHead", with: "AEMultiStageHead")
            .write(to: tags, atomically: true, encoding: .utf8)
        try "from mmpose.core import Smoother\ndef f(): pass\n".write(
            to: folder.appendingPathComponent("old/tool.py"), atomically: true, encoding: .utf8)
        let output = folder.appendingPathComponent("new")
        let report = try ProjectMigration().migrate(folder.appendingPathComponent("old"), to: output)
        #expect(
            report.configs.map { "\($0.file) \($0.status)" } == [
                "configs/runtime.py part", "configs/simple.py migrated", "configs/tags.py failed",
            ])
        #expect(!report.isComplete)
        #expect(report.python.map(\.name) == ["mmpose.core", "Smoother"])
        #expect(FileManager.default.fileExists(atPath: output.appendingPathComponent("configs/simple.py").path))
        #expect(!FileManager.default.fileExists(atPath: output.appendingPathComponent("configs/tags.py").path))
    }

    @Test("An output inside the project is refused")
    func outputInside() throws {
        let folder = ConfigMigrationTests.fixtures
        #expect(throws: MigrationError.self) {
            try ProjectMigration().migrate(folder, to: folder.appendingPathComponent("new"))
        }
    }
}
