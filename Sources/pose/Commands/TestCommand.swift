import ArgumentParser
import Foundation
import PoseDatasets
import PoseEngine
import PoseMetrics
import Torch

/// `pose test`
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run a model over a config's test data and measure what it predicts.",
        discussion: """
            Prints the numbers of test_evaluator under MMPose's names, and what they rest on: where boxes come from, how \
            results are scored, which sigmas are used. A number that cannot be measured is -1, and the table says why.

            Under `pose launch` or torchrun the processes share the samples.

            Annotations, pictures and weights are looked for before the first batch.

            Example: pose test configs/….py weights.pth --json numbers.json
            """)

    @Argument(help: "The config, a .py file.")
    var config: String

    @Argument(help: "The weights, .pth or .safetensors.")
    var checkpoint: String

    @Option(help: "Write the numbers to this file as JSON.")
    var json: String?

    @Option(help: "Write the predictions to this file as JSON, sample by sample.")
    var dump: String?

    @Flag(help: "Go on when the checkpoint fits the model only in part.")
    var allowPartial = false

    @OptionGroup var options: ConfigOverrides

    func validate() throws {
        if let dump, [".pkl", ".pickle"].contains(where: dump.hasSuffix) {
            throw ValidationError("--dump writes JSON, not Python's pickles: name a .json file")
        }
    }

    func run() throws {
        let group = try DistributedEnvironment().map { try ProcessGroup($0) }
        do { try run(group) } catch { throw DistributedError.explaining(error, rank: group?.rank ?? 0) }
    }

    /// Several processes share the samples; the first one measures.
    private func run(_ group: ProcessGroup?) throws {
        let isMain = group?.isMain ?? true
        let model = try options.model(config)
        let loop = try EvaluationLoop(model.config, url: model.url, split: .test, shard: Shard(group))
        let report = try model.load(URL(fileURLWithPath: checkpoint), allowPartial: allowPartial)
        if isMain { report.notes.forEach(Console.note) }
        try loop.check(model.estimator)
        var progress = Progress("samples", total: loop.count)
        var predictions = try loop.predictions(of: model.estimator) { done in
            if isMain { progress.update(done) }
        }
        if let group { predictions = try group.gather(predictions) }
        guard isMain else { return }
        if let dump { try predictions.dump().write(to: URL(fileURLWithPath: dump)) }
        let reports = try loop.evaluator(predictions)
        print(reports.table)
        if let json { try reports.json().write(to: URL(fileURLWithPath: json)) }
    }
}
