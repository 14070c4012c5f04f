import Foundation
public import PoseCore
public import PoseRuntime

/// A bottom-up model of a config: it finds the people in an image itself.
public final class BottomupModel: PeopleEstimator {
    public let name: String
    private let pipeline: BottomupPipeline
    private let thresholds: BottomupThresholds

    /// - Parameter thresholds: what counts, where it shall differ from the config.
    /// - Throws: `PipelineError` when the config lacks what inference needs, `ConfigError` where it is broken.
    public init(_ model: LoadedModel, thresholds: BottomupThresholds = BottomupThresholds()) throws {
        name = model.url.deletingPathExtension().lastPathComponent
        pipeline = try BottomupPipeline(model, thresholds: thresholds)
        self.thresholds = thresholds
    }

    public var skeleton: Skeleton { pipeline.outputSkeleton }
    public var takesBoxes: Bool { false }

    public func people(in image: Image) throws -> [Person] { thresholds.apply(to: try pipeline(image)) }

    public func people(in _: Image, at _: [DetectedPerson]) throws -> [Person] {
        throw PipelineError(description: "\(name) is a bottom-up model: it finds the people itself and takes no boxes")
    }
}
