import Foundation
import PoseCore
import PoseVisual
import PyConfig
import Testing

@testable import PoseEngine

@Suite("Curves of a run") struct TrainingCurvesTests {
    @Test("CRC-32C has the check value of its definition")
    func checksum() {
        #expect(EventFile.crc32c(Array("123456789".utf8)) == 0xE306_9283)
        // RFC 3720, B.4: 32 bytes of zeros.
        #expect(EventFile.crc32c(Array(repeating: 0, count: 32)) == 0x8A91_36AA)
    }

    @Test("an event is the protocol buffer that TensorFlow defines")
    func event() {
        let event = EventFile.event([("lr", 0.5)], step: 300, at: Date(timeIntervalSince1970: 1))
        let expected: [UInt8] =
            [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]  // wall_time = 1.0
            + [0x10, 0xAC, 0x02]  // step = 300
            + [0x2A, 0x0B, 0x0A, 0x09]  // summary { value {
            + [0x0A, 0x02, 0x6C, 0x72]  // tag = "lr"
            + [0x15, 0, 0, 0, 0x3F]  // simple_value = 0.5 }}
        #expect(event == expected)
        let record = EventFile.record(event)
        #expect(record.count == 8 + 4 + event.count + 4 && record[0] == UInt8(event.count))
    }

    @Test("dynamic_intervals changes how often is evaluated, when MMEngine's loop does")
    func intervals() throws {
        let settings = try TrainingSettings(
            Config.parse(
                "train_cfg = dict(by_epoch=True, max_epochs=12, val_interval=5, dynamic_intervals=[(9, 2), (11, 1)])"))
        // bisect of epochs + 1 among the beginnings, the run of MMEngine 0.10.
        #expect((1...12).filter(settings.isEvaluationTime) == [5, 8, 10, 11, 12])
    }

    @Test("a resumed run's numbers take the place of those it repeats; a torn line and NaN are left out")
    func curves() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pose-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (run, text) in [
            ("20260101_000000", "{\"loss\": 3.0, \"lr\": 0.1, \"step\": 1}\n{\"loss\": 2.0, \"step\": 2}\n{\"lo"),
            (
                "20260101_000001",
                "{\"loss\": 1.5, \"step\": 2}\n{\"loss\": NaN, \"step\": 3}\n{\"coco/AP\": 0.5, \"step\": 1}\n"
            ),
        ] {
            let place = folder.appendingPathComponent("\(run)/vis_data")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: place.appendingPathComponent("scalars.json"))
        }
        let plot = try TrainingCurves(folder).plot()
        #expect(plot.panels.map(\.title) == ["losses", "evaluation", "learning rate"])
        #expect(plot.panels[0].curves.map(\.points) == [[SIMD2(1, 3), SIMD2(2, 1.5)]])
        #expect(plot.panels[1].curves.map(\.name) == ["coco/AP"])
        let image = try plot.image()
        #expect(image.width > image.height && image.height > 600)
        #expect(throws: (any Error).self) { try TrainingCurves(folder.appendingPathComponent("none")) }
    }
}
