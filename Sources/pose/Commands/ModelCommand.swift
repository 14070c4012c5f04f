public import ArgumentParser
import Foundation
import PoseCore
public import PoseEngine

/// `pose model`
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look into a model.", subcommands: [Inspect.self, Forward.self])

    /// `pose model inspect CONFIG`
    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print type, parameter count and state dict of a config's model as JSON.")

        @Argument(help: "The config, a .py file.")
        var config: String

        @Option(help: "Load these weights and add the loading report.")
        var checkpoint: String?

        @OptionGroup var options: ConfigOverrides

        func run() throws {
            let model = try options.model(config)
            let report = try checkpoint.map { try model.load(URL(fileURLWithPath: $0), allowPartial: true) }
            print(try ModelInspection(model, loading: report).json())
            if let report, !report.fitsExactly { throw Failure.reported }
        }
    }

    /// `pose model forward CONFIG --checkpoint W --input x.npy --output y.npz`
    struct Forward: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the network on a ready input and write the raw outputs of its head.",
            discussion: "Arrays are named by position: 0, 1, nested 0.1, dictionary fields by key.")

        @Argument(help: "The config, a .py file.")
        var config: String

        @Option(help: "The weights, .pth or .safetensors.")
        var checkpoint: String

        @Option(help: "A float32 .npy array: B×3×H×W, normalised.")
        var input: String

        @Option(help: "Where to write the .npz.")
        var output: String

        @Option(help: "What runs the network.")
        var engine = NetworkEngine.torch

        @Flag(help: "Go on when the checkpoint fits the model only in part.")
        var allowPartial = false

        @OptionGroup var options: ConfigOverrides

        func run() throws {
            let model = try options.model(config)
            let report = try model.load(URL(fileURLWithPath: checkpoint), allowPartial: allowPartial)
            report.notes.forEach(Console.note)
            try model.forward(input: URL(fileURLWithPath: input), output: URL(fileURLWithPath: output), engine: engine)
        }
    }
}

extension NetworkEngine: ExpressibleByArgument {
    /// - Throws: `Failure` where only LibTorch can do the work.
    func requireTorch(for work: String) throws {
        guard self == .torch else {
            throw Failure(
                message: "--engine openvino: \(work) of an MMPose config runs on LibTorch; use --engine torch")
        }
    }
}
