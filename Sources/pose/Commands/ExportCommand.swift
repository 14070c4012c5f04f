import ArgumentParser
import Foundation
import PoseEngine

/// `pose export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a model as a package that runs without LibTorch.",
        discussion: """
            The folder gets model.onnx and pipeline.json, everything from an image and a box to keypoints. Before it \
            appears the network is run by OpenVINO and compared with LibTorch.

            pose infer --model DIR runs it, and so does a program of yours with the library PoseRuntime.

            Example: pose export configs/….py --checkpoint weights.pth --out person
            """)

    /// What a package's network is written as.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case onnx
        /// ONNX, and compiled by OpenVINO for this machine beside it.
        case openvino
    }

    @Argument(help: "The config, a .py file.")
    var config: String

    @Option(help: "The weights, .pth or .safetensors.")
    var checkpoint: String

    @Option(help: "The folder to make; a package that is there already is replaced.")
    var out: String

    @Option(help: "onnx, or openvino: compiled for this machine as well, which makes starts faster.")
    var format = Format.onnx

    @Flag(help: "Go on when the checkpoint fits the model only in part.")
    var allowPartial = false

    @OptionGroup var options: ConfigOverrides

    func run() throws {
        let model = try options.model(config)
        let weights = URL(fileURLWithPath: checkpoint)
        try model.load(weights, allowPartial: allowPartial).notes.forEach(Console.note)
        let folder = URL(fileURLWithPath: out)
        let export = try PackageExport(model, checkpoint: weights, version: Version.current, to: folder)
        if format == .openvino { try PackagedModel.compile(folder) }
        if let reason = export.limitation, let size = export.batchSize {
            Console.note("the network takes batches of \(size) only: \(reason)")
        }
        Console.note(
            "agrees with LibTorch on a test input: largest deviation \(String(format: "%.1e", export.deviation)) of the"
                + " mean magnitude")
        print(folder.path)
    }
}
