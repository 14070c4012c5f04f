public import ArgumentParser
import Foundation
import PoseCore
import PoseEngine
import PoseModels

/// `pose infer`
struct InferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "infer", abstract: "Find the keypoints of people in images and videos.",
        discussion: """
            Without --config the built-in model for photos of people runs. People are found by its detector unless
            --boxes or --whole-image says where they are.
            """)

    @Argument(help: "Images, videos, folders or glob patterns.")
    var inputs: [String]

    @Option(help: "An MMPose 1.x config; needs --checkpoint.")
    var config: String?

    @Option(help: "The weights for --config, .pth or .safetensors.")
    var checkpoint: String?

    @Option(help: "A built-in model by name; see 'pose models list'.")
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Boxes of the people: JSON from image name to [[x1, y1, x2, y2], …], or one list.", valueName: "file"))
    var boxes: String?

    @Flag(help: "Take each whole image as one person.")
    var wholeImage = false

    @Option(help: ArgumentHelp("Folder for predictions/ and visualizations/.", valueName: "dir"))
    var out = "pose-output"

    @Option(help: "People to run through the network at a time.")
    var batchSize = 8

    @Option(help: "Keypoints below this score are not drawn.")
    var kptThr = 0.3

    @Option(
        help: """
            People the detector or a bottom-up model is less sure of are left out (default: 0.5 for the detector, the \
            config's own for a bottom-up model).
            """)
    var bboxThr: Double?

    @Option(help: "Detections whose boxes overlap more than this (0 to 1) are one person.")
    var nmsThr: Double?

    @Option(help: "What the built-in model reports: all 33 landmarks, or the 17 keypoints of COCO.")
    var keypoints = KeypointSet.all

    @Option(help: "The format of the predictions.")
    var format = PredictionFormat.json

    @Option(help: "What runs the network.")
    var engine: NetworkEngine?

    @Flag(help: "Write no pictures.")
    var noVisualization = false

    @Flag(help: "Go on when the checkpoint fits the model only in part.")
    var allowPartial = false

    @OptionGroup var options: ConfigOverrides

    func validate() throws {
        if (config == nil) != (checkpoint == nil) {
            throw ValidationError("--config and --checkpoint belong together")
        }
        if config != nil, model != nil { throw ValidationError("give either --config or --model") }
        if boxes != nil, wholeImage { throw ValidationError("give either --boxes or --whole-image") }
        guard batchSize > 0 else { throw ValidationError("--batch-size must be at least 1") }
        for (name, value) in [("--kpt-thr", kptThr), ("--bbox-thr", bboxThr ?? 0), ("--nms-thr", nmsThr ?? 0)] {
            guard value.isFinite else { throw ValidationError("\(name) must be a number") }
        }
    }

    func run() throws {
        let list = InputList(inputs)
        list.problems.forEach(Console.error)
        guard !list.inputs.isEmpty else { throw Failure.reported }
        let pipeline = InferencePipeline(
            try makeModel(), people: try PeopleSource(boxes: boxes, wholeImage: wholeImage))
        let output = try OutputFolder(
            URL(fileURLWithPath: out), format: format, drawing: noVisualization ? nil : Drawing(threshold: kptThr))
        var progress = Progress("inputs", total: list.inputs.count)
        var failures = list.problems.count
        for (index, input) in list.inputs.enumerated() {
            do {
                switch input.kind {
                case .image: failures += try inferImage(input, pipeline, output)
                case .video: failures += try inferVideo(input, pipeline, output)
                }
            } catch {
                Console.error(ErrorText.line(error, file: input.url.path))
                failures += 1
            }
            progress.update(index + 1)
        }
        try output.finish()
        if failures > 0 { throw Failure.reported }
    }

    /// - Returns: how much of the request could not be done.
    private func inferImage(
        _ input: InferenceInput, _ pipeline: InferencePipeline, _ output: OutputFolder
    ) throws -> Int {
        let result = try pipeline.run(input)
        try output.write(result, for: input)
        result.problems.forEach(Console.error)
        print("\(input.url.path)\t\(result.people.count)\t\(output.predictionPath(for: input))")
        return result.problems.count
    }

    /// - Returns: how much of the request could not be done.
    private func inferVideo(
        _ input: InferenceInput, _ pipeline: InferencePipeline, _ output: OutputFolder
    ) throws -> Int {
        var video: VideoOutput?
        var progress: Progress?
        var problems: [String] = []
        let damage = try pipeline.run(video: input) { frame, reader in
            let target = try video ?? output.beginVideo(input, framesPerSecond: reader.framesPerSecond)
            video = target
            try target.write(frame)
            // Boxes are the same for all frames, and so is what is wrong with them.
            if frame.index == 0 {
                problems = frame.result.problems
                progress = reader.frameCount.map { Progress("\(input.url.lastPathComponent): frames", total: $0) }
            }
            progress?.update(frame.index + 1)
        }
        guard let video else { return 0 }
        try output.finish(video)
        if let damage { problems.append(ErrorText.line(damage, file: input.url.path)) }
        problems.forEach(Console.error)
        print("\(input.url.path)\t\(video.frames) frames\t\(output.predictionPath(for: input))")
        return problems.count
    }

    private func makeModel() throws -> any PeopleEstimator {
        let thresholds = DetectionThresholds(score: bboxThr ?? 0.5, overlap: nmsThr)
        guard let config, let checkpoint else {
            if let model, model != BuiltInModel.builtInName {
                let folder = URL(fileURLWithPath: model)
                guard PackagedModel.isPackage(folder) else {
                    throw Failure(
                        message: "--model \(model): neither a package nor the built-in model"
                            + " \(BuiltInModel.builtInName). A model of MMPose's zoo needs --config and --checkpoint")
                }
                if engine == .torch {
                    throw Failure(message: "--engine torch: packages run on OpenVINO; give --config for LibTorch")
                }
                return try PackagedModel(contentsOf: folder, batchSize: batchSize, thresholds: thresholds)
            }
            if engine == .torch {
                throw Failure(
                    message: "--engine torch: the built-in model runs on OpenVINO; give --config for LibTorch")
            }
            return try BuiltInModel(keypoints == .coco17 ? .coco17 : .all, thresholds: thresholds)
        }
        try (engine ?? .torch).requireTorch(for: "inference")
        let loaded = try options.model(config)
        let report = try loaded.load(URL(fileURLWithPath: checkpoint), allowPartial: allowPartial)
        report.notes.forEach(Console.note)
        if loaded.estimator is BottomupPoseEstimator {
            return try BottomupModel(loaded, thresholds: BottomupThresholds(score: bboxThr, overlap: nmsThr))
        }
        return try TopdownModel(loaded, batchSize: batchSize, thresholds: thresholds)
    }
}

/// The formats as `--format` takes them.
extension PredictionFormat: ExpressibleByArgument {}

/// `--keypoints`
enum KeypointSet: String, ExpressibleByArgument, CaseIterable {
    case all, coco17
}
