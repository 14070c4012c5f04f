import ArgumentParser
import Foundation
import PoseDatasets
import PoseEngine

extension DatasetCommand {
    /// `pose dataset bench CONFIG`
    struct Bench: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Time the pipeline: samples a second on one thread and on all cores, with and without decoding.")

        @OptionGroup var source: DatasetSource

        @Option(help: "Seconds that each way of making samples is timed.")
        var seconds = 3.0

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            guard seconds > 0, seconds < 3600 else { throw ValidationError("--seconds must be above 0 and below 3600") }
        }

        func run() throws {
            let dataset = try source.make()
            guard dataset.count > 0 else { throw Failure(message: "\(source.key) has no samples to time") }
            let benchmark = try SampleBenchmark(dataset, seconds: seconds)
            if json {
                print(String(decoding: try JSONEncoder().encode(benchmark), as: UTF8.self))
                return
            }
            for rate in benchmark.rates {
                print(
                    String(
                        format: "%2d thread%@ %@  %8.0f samples/s", rate.threads, rate.threads == 1 ? " " : "s",
                        rate.decodes ? "with decoding   " : "without decoding", rate.samplesPerSecond))
            }
        }
    }
}
