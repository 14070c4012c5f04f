import ArgumentParser
import Checkpoint
import Foundation

/// `pose checkpoint`
struct CheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Work with .pth and .safetensors files.", subcommands: [Show.self])

    /// `pose checkpoint show FILE`
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print keys, shapes, dtypes and meta of a checkpoint. Nothing in the file is executed.")

        @Argument(help: "A .pth or .safetensors file.")
        var file: String

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let summary = try CheckpointFile.open(URL(fileURLWithPath: file)).summary
            print(try json ? Self.json(summary) : summary.text)
        }

        private static func json(_ summary: some Encodable) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(summary), as: UTF8.self)
        }
    }
}
