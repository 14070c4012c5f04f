import Foundation
import PoseRuntime
import Testing

@testable import PoseEngine

/// What the doctor sees, and what it says is missing.
struct DoctorReportTests {
    @Test func featuresComeFromTheFlags() throws {
        let text = """
            processor\t: 0
            model name\t: Some Processor @ 2.00GHz
            flags\t\t: fpu avx2 fma avx512f avx512_vnni amx_bf16
            Features\t: fp asimd asimddp bf16

            processor\t: 1
            model name\t: Another
            """
        let processor = Processor(cpuInfo: text, cores: 2)
        #expect(processor.name == "Some Processor @ 2.00GHz")
        #expect(processor.cores == 2)
        let present = Set(processor.features.filter(\.isPresent).map(\.name))
        #if arch(x86_64)
        #expect(present == ["AVX2", "FMA", "AVX-512", "AVX-512 VNNI", "AMX BF16"])
        #else
        #expect(present.isEmpty == false)
        #endif
        #expect(Processor(cpuInfo: "", cores: 1).name == "unknown")
    }

    @Test func enginesAreAskedForTheirVersions() {
        let report = DoctorReport(locations: ModelLocations(folders: []))
        #expect(report.engines.map(\.name) == ["LibTorch", "OpenVINO", "OpenCV"])
        for engine in report.engines {
            #expect(engine.version.first?.isNumber == true, "\(engine.name) \(engine.version)")
            #expect(engine.devices.contains("CPU"), "\(engine.name)")
        }
        #expect(report.processor.cores > 0)
    }

    @Test func everythingMissingHasARemedy() async throws {
        try await withTemporaryFolder { folder in
            let report = Self.report(folder, memory: 2_000_000_000)
            #expect(report.models.isEmpty)
            #expect(report.zoo == .init(folder: nil, models: 0))
            #expect(report.problems.count == 3)
            #expect(report.text.contains("→ scripts/bootstrap or `pose models get blazepose`"))
            let fields = try #require(
                try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
            #expect(
                Set(fields.keys).isSuperset(of: [
                    "system", "processor", "memory", "engines", "models", "model_folders", "zoo", "problems",
                ]))
        }
    }

    @Test func nothingMissingIsSaid() async throws {
        try await withTemporaryFolder { folder in
            for file in [ModelFile.blazePoseDetector, .blazePoseLandmarks] {
                try write("weights", to: folder.appendingPathComponent("models/" + file.path))
            }
            try write("Import: [a.yml]", to: folder.appendingPathComponent("mmpose/model-index.yml"))
            try write("Models: [{Name: a, Config: a.py}]", to: folder.appendingPathComponent("mmpose/a.yml"))
            let report = Self.report(folder, memory: 8_000_000_000)
            #expect(report.problems.isEmpty)
            #expect(report.models.map(\.name) == ["blazepose"])
            #expect(report.zoo.models == 1)
            #expect(report.text.hasSuffix("nothing is missing"))
        }
    }

    private static func report(_ folder: URL, memory: UInt64) -> DoctorReport {
        DoctorReport(
            locations: ModelLocations(folders: [folder.appendingPathComponent("models")]),
            processor: Processor(cpuInfo: "", cores: 1), memory: memory, engines: [], problems: [])
    }
}
