public import Foundation
import PoseCore
import PoseVisual

/// How `visualizations/` are drawn.
public struct Drawing: Sendable {
    /// Keypoints with a lower confidence are left out.
    public var threshold: Double

    public init(threshold: Double) {
        self.threshold = threshold
    }

    func picture(of result: InferenceResult) throws -> Image {
        try PoseRenderer(PoseStyle(keypointThreshold: threshold))
            .draw(result.people, skeleton: result.skeleton, on: result.image)
    }
}

/// The folder that `pose infer` fills: `predictions/` and `visualizations/`. Every file appears whole or not at all.
public final class OutputFolder {
    private let root: URL
    private let format: PredictionFormat
    private let drawing: Drawing?
    private var results: [COCOResult] = []
    private var images = 0

    /// Makes the folder.
    ///
    /// - Throws: when it cannot be made, such as where a file has its name.
    public init(_ root: URL, format: PredictionFormat, drawing: Drawing?) throws {
        self.root = root
        self.format = format
        self.drawing = drawing
        try Self.makeFolder(root.appendingPathComponent("predictions"))
    }

    /// Where the predictions for an input go.
    public func predictionPath(for input: InferenceInput) -> String {
        if input.kind == .video, format == .openpose {
            return root.appendingPathComponent("predictions/" + input.name).path
        }
        return predictionURL(for: input).path
    }

    /// Writes predictions and picture of one image.
    public func write(_ result: InferenceResult, for input: InferenceInput) throws {
        images += 1
        if format == .coco {
            let stem = (input.name as NSString).lastPathComponent
            results += result.people.map {
                COCOResult($0, imageID: Int(stem) ?? images, file: input.url.lastPathComponent)
            }
        } else {
            let url = predictionURL(for: input)
            try Self.makeFolder(url.deletingLastPathComponent())
            try PredictionText.data(result, for: input, as: format).write(to: url, options: .atomic)
        }
        if let drawing { try draw(result, for: input, drawing) }
    }

    /// Begins the predictions and the picture of a video.
    ///
    /// - Parameter framesPerSecond: zero where unknown.
    public func beginVideo(_ input: InferenceInput, framesPerSecond: Double) throws -> VideoOutput {
        let video = VideoDescription(input: input, framesPerSecond: framesPerSecond)
        return try VideoOutput(video, in: root, drawing: drawing) { folder in
            switch format {
            case .json, .mmpose, .csv: try VideoTextPredictions(video, as: format, in: folder)
            case .openpose: OpenPoseVideoPredictions(input, in: folder)
            case .coco: COCOVideoPredictions(input, firstImage: images + 1)
            }
        }
    }

    /// Puts the files of a video that has been read to its end where they belong.
    public func finish(_ video: VideoOutput) throws {
        try video.finish()
        guard let predictions = video.predictions as? COCOVideoPredictions else { return }
        results += predictions.results
        images += predictions.frames
    }

    /// Writes what belongs to all images together.
    public func finish() throws {
        guard format == .coco else { return }
        let url = root.appendingPathComponent("predictions/results.json")
        try PredictionText.encode(results).write(to: url, options: .atomic)
    }

    private func predictionURL(for input: InferenceInput) -> URL {
        root.appendingPathComponent("predictions/" + (format.suffix.map { input.name + $0 } ?? "results.json"))
    }

    private func draw(_ result: InferenceResult, for input: InferenceInput, _ drawing: Drawing) throws {
        let picture = try drawing.picture(of: result)
        let keepsPNG = input.url.pathExtension.lowercased() == "png"
        let url = root.appendingPathComponent("visualizations/" + input.name + (keepsPNG ? ".png" : ".jpg"))
        try Self.makeFolder(url.deletingLastPathComponent())
        try picture.write(to: url)
    }

    static func makeFolder(_ url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw OutputError(description: "\(url.path): cannot make this folder; choose another --out")
        }
    }
}

/// Results cannot be written.
public struct OutputError: Error, Sendable, CustomStringConvertible {
    public let description: String
}
