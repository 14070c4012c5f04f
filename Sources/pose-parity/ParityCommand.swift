public import ArgumentParser
import Foundation
import PoseCore
public import PoseEngine
import PoseParity

/// `pose-parity`
@main
struct ParityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pose-parity", abstract: "Compare this package with MMPose's numbers.",
        subcommands: [ZooParityCommand.self, TrainingParityCommand.self, ExportParityCommand.self],
        defaultSubcommand: ZooParityCommand.self)
}

/// Compares every config of the zoo that has a record with what the real MMPose computes, and writes the table of it.
struct ZooParityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo", abstract: "Compare keys, outputs and predictions of the zoo.")

    @Option(help: "Folder with zoo.jsonl, predict.jsonl and losses.jsonl.")
    var fixtures = "Tests/Fixtures"

    @Option(help: "The photo of predict.jsonl.")
    var photo = ".deps/samples/astronaut.png"

    @Option(help: "Where to write the table.")
    var table: String?

    @Option(
        help: "What runs the networks; openvino runs the exported models, and makes no predictions, losses and table.")
    var engine = NetworkEngine.torch

    @Argument(help: "Only configs whose path contains this.")
    var part: String?

    func validate() throws {
        guard engine == .torch || table == nil else { throw ValidationError("--table is for --engine torch") }
    }

    func run() throws {
        let locations = ConfigLocations()
        let folder = URL(fileURLWithPath: fixtures)
        let records = try JSONLines.read(ZooRecord.self, from: folder.appendingPathComponent("zoo.jsonl"))
            .filter { record in part.map(record.config.contains) ?? true }
        let predictions = try JSONLines.read(
            PredictionRecord.self, from: folder.appendingPathComponent("predict.jsonl"))
        let expected = Dictionary(predictions.map { ($0.config, $0) }) { first, _ in first }
        let losses = try JSONLines.read(LossRecord.self, from: folder.appendingPathComponent("losses.jsonl"))
        let expectedLosses = Dictionary(losses.map { ($0.config, $0) }) { first, _ in first }
        let image = try Image.decode(contentsOf: URL(fileURLWithPath: photo))
        var rows: [ParityRow] = []
        for record in records {
            var row = ParityRow(config: record.config, engine: engine)
            do {
                row.zoo = try ZooCheck.compare(record, locations: locations, engine: engine)
                if engine == .torch, let prediction = expected[record.config] {
                    row.prediction = try PredictionCheck.compare(prediction, photo: image, locations: locations)
                }
                if engine == .torch, let loss = expectedLosses[record.config] {
                    row.loss = try LossCheck.compare(loss, locations: locations)
                }
            } catch {
                row.failure = "\(error)"
            }
            print(row.line)
            rows.append(row)
        }
        let failed = rows.filter { !$0.agrees }.count
        print("\(rows.count) configs, \(failed) differ")
        if let table { try ParityTable(rows).text.write(toFile: table, atomically: true, encoding: .utf8) }
        if failed > 0 || rows.isEmpty { throw ExitCode(1) }
    }
}

extension NetworkEngine: ExpressibleByArgument {}
