import ArgumentParser
import Foundation
import PoseEngine
import PoseParity

/// `pose-parity exports`
struct ExportParityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exports", abstract: "Export every config of the zoo to ONNX and compare what OpenVINO computes.",
        discussion: "Each is compared with LibTorch on a random input, and where there is a record, with MMPose.")

    @Option(help: "Folder with zoo.jsonl.")
    var fixtures = "Tests/Fixtures"

    @Option(help: "Where to write the table.")
    var table: String?

    @Argument(help: "Only configs whose path contains this.")
    var part: String?

    func run() throws {
        let locations = ConfigLocations()
        let file = URL(fileURLWithPath: fixtures).appendingPathComponent("zoo.jsonl")
        let records = Dictionary(try JSONLines.read(ZooRecord.self, from: file).map { ($0.config, $0) }) { first, _ in
            first
        }
        let configs = ExportCheck.configs(locations).filter { config in part.map(config.contains) ?? true }
        let rows = configs.map { config in
            let row = ExportRow(
                config: config,
                result: Result {
                    try ExportCheck.compare(config, record: records[config], locations: locations)
                })
            print(row.line)
            return row
        }
        let failed = rows.filter { !$0.agrees }.count
        print("\(rows.count) configs, \(failed) differ")
        if let table { try ExportRow.page(rows).write(toFile: table, atomically: true, encoding: .utf8) }
        if rows.isEmpty { throw ExitCode(1) }
    }
}

/// One config's export.
private struct ExportRow {
    let config: String
    let result: Result<ExportComparison, any Error>

    var agrees: Bool { (try? result.get().agrees) ?? false }

    private var batch: String { text { $0.takesAnyBatch ? "any" : "1" } }
    private var torch: String { text { String(format: "%.0e", $0.fromTorch) } }
    private var mmpose: String { text { $0.fromMMPose.map { String(format: "%.0e", $0) } ?? "–" } }
    /// Why there is no file, without places of this machine.
    private var reason: String {
        guard case .failure(let error) = result else { return agrees ? "" : "differs" }
        let text = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
        return text.replacing(/\S*\/configs\//, with: "").replacing("|", with: "\\|")
    }

    private func text(_ part: (ExportComparison) -> String) -> String { (try? part(result.get())) ?? "–" }

    var line: String { "\(agrees ? "ok  " : "DIFF")  batch \(batch)  \(torch)  \(mmpose)  \(config)  \(reason)" }

    /// `docs/exports.md`
    static func page(_ rows: [ExportRow]) -> String {
        let header = """
            # The zoo as ONNX files on OpenVINO

            Every config of MMPose 1.3.2 with weights by formula, exported and run by OpenVINO in float32; `make exports`
            makes this page. **Batch**: the batches that the file takes. **LibTorch**: largest deviation from LibTorch for
            noise as input, but for one value in ten thousand, which is where models jump by themselves. **MMPose**: the same from what the real MMPose 1.3.2 computes, at sampled places,
            where `Tests/Fixtures/zoo.jsonl` has it. Both over the mean magnitude of the output; up to 2e-2 agrees.

            \(rows.filter(\.agrees).count) of \(rows.count) configs agree.

            | config | batch | LibTorch | MMPose | what is wrong |
            |---|---|---|---|---|

            """
        return header
            + rows.map { "| \($0.config) | \($0.batch) | \($0.torch) | \($0.mmpose) | \($0.reason) |\n" }.joined()
    }
}
