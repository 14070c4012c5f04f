import Foundation
public import PoseCore
import PoseRuntime

/// Runs a model on image and video files: decode, find people, estimate their poses.
public struct InferencePipeline: Sendable {
    private let model: any PeopleEstimator
    private let people: PeopleSource

    /// - Parameter people: where the people in each image are said to be.
    public init(_ model: any PeopleEstimator, people: PeopleSource = .detector) {
        self.model = model
        self.people = people
    }

    /// Decodes one image and finds the poses in it.
    ///
    /// - Throws: `ImageError` for the file, or what the model says of it.
    public func run(_ input: InferenceInput) throws -> InferenceResult {
        try run(Image.decode(contentsOf: input.url), of: input)
    }

    /// Finds the poses in every frame of a video.
    ///
    /// - Parameter use: called with each frame in turn; what it throws ends the run.
    /// - Returns: what is wrong with a video of which some frames are damaged, nil when all could be decoded.
    /// - Throws: `ImageError` for a file that is no video, is cut off or has no frame that can be decoded; what the model
    ///   says of a frame; what `use` throws.
    public func run(
        video input: InferenceInput, use: (VideoFrameResult, VideoReader) throws -> Void
    ) throws -> ImageError? {
        let reader = try VideoReader(input.url)
        var index = 0
        var last = -1.0
        while let frame = try reader.next() {
            // Some files have no time stamps, or have them wrong; frames still come at the file's rate.
            let isStamped = reader.time > last
            let byRate = reader.framesPerSecond > 0 ? Double(index) / reader.framesPerSecond : 0
            last = isStamped ? reader.time : max(byRate, last)
            let result = try run(frame, of: input)
            try use(VideoFrameResult(index: index, time: last, result: result), reader)
            index += 1
        }
        guard index > 0 else {
            throw ImageError(path: input.url.path, .system("no frame of this video can be decoded"))
        }
        guard reader.missingFrames > 0 else { return nil }
        let message =
            "\(reader.missingFrames) of \(index + reader.missingFrames) frames cannot be read, the file is damaged"
        return ImageError(path: input.url.path, .system(message))
    }

    private func run(_ image: Image, of input: InferenceInput) throws -> InferenceResult {
        var result = InferenceResult(image: image, model: model.name, skeleton: model.skeleton, people: [])
        switch people {
        case .detector:
            result.people = try model.people(in: image)
        case .wholeImage where !model.takesBoxes:
            // What a bottom-up model does anyway.
            result.people = try model.people(in: image)
        case .wholeImage:
            let box = Box(x1: 0, y1: 0, x2: Double(image.width), y2: Double(image.height))
            result.people = try model.people(in: image, at: [DetectedPerson(box: box, score: 1)])
        case .boxes(let file):
            let found = try file.boxes(for: input, in: image.size)
            result.people = try model.people(in: image, at: found.boxes.map { DetectedPerson(box: $0, score: 1) })
            result.problems = found.problems.map(\.description)
        }
        return result
    }
}

/// What inference found in one frame of a video.
public struct VideoFrameResult: Sendable {
    /// From 0.
    public let index: Int
    /// Seconds from the start of the video.
    public let time: Double
    public let result: InferenceResult
}

/// A config or a model that inference cannot use.
public struct PipelineError: Error, Sendable, CustomStringConvertible {
    public let description: String
}
