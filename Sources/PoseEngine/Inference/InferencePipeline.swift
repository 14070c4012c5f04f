import PoseCore
import PoseRuntime

/// Runs a model on image files: decode, find people, estimate their poses.
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
        let image = try Image.decode(contentsOf: input.url)
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

/// A config or a model that inference cannot use.
public struct PipelineError: Error, Sendable, CustomStringConvertible {
    public let description: String
}
