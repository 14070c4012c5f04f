import ArgumentParser
import Foundation
import PoseEngine

/// `pose bench`
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure every stage, cold start and memory on this machine.")

    @Argument(help: "A photo with people.")
    var photo: String

    @Option(help: "How often each stage runs; medians are printed.")
    var runs = 15

    @Flag(help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        let pipeline: PipelineBenchmark
        let process: ProcessBenchmark
    }

    func run() throws {
        guard let program = Bundle.main.executableURL else { throw Failure(message: "cannot find my own program file") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pose-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = URL(fileURLWithPath: photo)
        let process = try ProcessBenchmark(pose: program, photo: url, folder: folder, runs: min(runs, 5))
        let pipeline = try PipelineBenchmark(photo: url, runs: runs)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(Report(pipeline: pipeline, process: process)), as: UTF8.self))
        } else {
            print(text(pipeline, process))
        }
    }

    private func text(_ pipeline: PipelineBenchmark, _ process: ProcessBenchmark) -> String {
        let timings = (pipeline.stages + [process.coldStart]).map { timing in
            timing.name.padding(toLength: 26, withPad: " ", startingAt: 0)
                + String(format: "%8.1f ms   (%.1f to %.1f)", timing.median, timing.least, timing.most)
        }
        let megabytes = { (bytes: Int) in Double(bytes) / 1e6 }
        return
            (timings + [
                String(
                    format: "operator call             %8.0f ns   (%.0f ns in C++)", pipeline.operatorFromSwift,
                    pipeline.operatorInCPlusPlus),
                String(
                    format: "loading a checkpoint      %8.0f MB   for %.0f MB: %.2f times its size",
                    megabytes(process.loadingPeak), megabytes(process.checkpointSize), process.loadingRatio),
            ]).joined(separator: "\n")
    }
}
