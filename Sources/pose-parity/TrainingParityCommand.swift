import ArgumentParser
import Foundation
import PoseEngine
import PoseParity

/// `pose-parity train FILE`
struct TrainingParityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Compare the first training step with MMPose's.",
        discussion: "Prints the largest relative difference of losses, gradient norms, weights and running statistics.")

    @Argument(help: "JSON lines with the first steps of the real MMPose.")
    var file: String

    @Option(help: "The folder that the records call testdata.")
    var testdata = "testdata"

    @Option(help: "Only configs whose path contains this.")
    var only: String?

    func run() throws {
        let locations = ConfigLocations()
        let records = try TrainingRecord.read(from: URL(fileURLWithPath: file))
            .filter { record in record.error == nil && only.map(record.config.contains) ?? true }
        var failed = 0
        for record in records {
            do {
                let result = try TrainingCheck.compare(
                    record, testdata: URL(fileURLWithPath: testdata), locations: locations)
                if !result.agrees { failed += 1 }
                print(Self.line(result))
            } catch {
                failed += 1
                print("DIFF  \(record.config)  \(error)")
            }
        }
        print("\(records.count) configs, \(failed) differ")
        if failed > 0 || records.isEmpty { throw ExitCode(1) }
    }

    private static func line(_ result: TrainingComparison) -> String {
        func text(_ name: String, _ deviation: Deviation) -> String {
            let place = deviation.worst > 1e-4 ? " (\(deviation.name))" : ""
            return "\(name) \(String(format: "%.0e", deviation.worst))\(place)"
        }
        let parts = [
            text("losses", result.losses), text("gradients", result.gradients),
            text("total", result.totalGradient), text("weights", result.weights),
            text("statistics", result.statistics), "noise \(result.noise)",
        ]
        return "\(result.agrees ? "ok  " : "DIFF")  \(parts.joined(separator: "  "))  \(result.config)"
    }
}
