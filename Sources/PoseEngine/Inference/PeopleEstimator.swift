public import Foundation
public import PoseCore
public import PoseRuntime

/// A model that gives the poses of the people in an image.
public protocol PeopleEstimator: Sendable {
    /// What predictions say they come from.
    var name: String { get }
    /// The keypoints it reports.
    var skeleton: Skeleton { get }

    /// The people it finds itself, best first; empty when there is nobody.
    func people(in image: Image) throws -> [Person]

    /// Whether it poses people in boxes somebody else found; a bottom-up model does not.
    var takesBoxes: Bool { get }

    /// The people in boxes somebody else found, in their order.
    func people(in image: Image, at detections: [DetectedPerson]) throws -> [Person]
}

extension PeopleEstimator {
    public var takesBoxes: Bool { true }
}

/// The built-in model for photos: BlazePose's detector and landmark model on OpenVINO.
public struct BuiltInModel: PeopleEstimator {
    /// The name `--model` takes.
    public static let builtInName = "blazepose"

    /// Which of BlazePose's landmarks to report.
    public enum Landmarks: Sendable {
        /// All 33.
        case all
        /// Those that COCO annotates.
        case coco17
    }

    public var name: String { Self.builtInName }
    private let model: BlazePose
    private let thresholds: DetectionThresholds
    private let landmarks: Landmarks

    /// - Throws: `ModelLocationError` when the weights are missing, `OpenVINOError` when they are damaged.
    public init(
        _ landmarks: Landmarks = .all, thresholds: DetectionThresholds = DetectionThresholds(),
        locations: ModelLocations = ModelLocations()
    ) throws {
        model = try BlazePose(locations: locations, options: .init(detectionThreshold: thresholds.score))
        self.thresholds = thresholds
        self.landmarks = landmarks
    }

    public var skeleton: Skeleton { landmarks == .all ? .blazePose : .coco }

    public func people(in image: Image) throws -> [Person] {
        var thresholds = thresholds
        // The score of a person is detection times presence; the detector has applied the threshold to its part.
        thresholds.score = 0
        return try thresholds.apply(to: model.people(in: image).map(person), box: \.box, score: \.boxScore)
    }

    public func people(in image: Image, at detections: [DetectedPerson]) throws -> [Person] {
        try zip(detections, model.people(in: image, boxes: detections.map(\.box))).compactMap { detection, found in
            guard let found else { return nil }
            var person = person(found)
            person.box = detection.box
            person.boxScore = detection.score
            return person
        }
    }

    private func person(_ found: BlazePosePerson) -> Person {
        let keypoints = landmarks == .all ? found.keypoints : found.coco17
        // The scores are visibilities, probabilities already.
        return Person(box: found.box, boxScore: found.score, keypoints: keypoints, confidence: keypoints.scores)
    }
}

/// A top-down model of a config, with a detector for images that come without boxes.
public final class TopdownModel: PeopleEstimator {
    public let name: String
    private let pipeline: PosePipeline
    private let detector: LazyDetector

    /// - Parameter batchSize: people in one run of the network.
    /// - Throws: `PipelineError` when the config lacks what inference needs, `ConfigError` where it is broken.
    public init(
        _ model: LoadedModel, batchSize: Int = 8, thresholds: DetectionThresholds = DetectionThresholds(),
        locations: ModelLocations = ModelLocations()
    ) throws {
        name = model.url.deletingPathExtension().lastPathComponent
        pipeline = try PosePipeline(model, batchSize: batchSize)
        detector = LazyDetector(thresholds, locations)
    }

    public var skeleton: Skeleton { pipeline.outputSkeleton }

    public func people(in image: Image) throws -> [Person] {
        try people(in: image, at: detector.people(in: image))
    }

    public func people(in image: Image, at detections: [DetectedPerson]) throws -> [Person] {
        try pipeline(image, at: detections)
    }
}

/// A package, with a detector for images that come without boxes.
public final class PackagedModel: PeopleEstimator {
    public let name: String
    private let package: PosePackage
    private let detector: LazyDetector

    /// - Parameter batchSize: people in one run of the network.
    /// - Throws: what `PosePackage` throws for a folder that is none.
    public init(
        contentsOf folder: URL, options: InferenceOptions = PackagedModel.options, batchSize: Int = 8,
        thresholds: DetectionThresholds = DetectionThresholds(), locations: ModelLocations = ModelLocations()
    ) throws {
        package = try PosePackage(contentsOf: folder, options: options, batchSize: batchSize)
        name = package.description.name
        detector = LazyDetector(thresholds, locations)
    }

    /// The same numbers on every machine.
    public static let options = InferenceOptions(precision: .float32)

    /// Whether a folder holds a package.
    public static func isPackage(_ folder: URL) -> Bool { PosePackage.isPackage(folder) }

    /// Compiles a package's network for this machine, beside it.
    public static func compile(_ folder: URL) throws { try PosePackage.compile(folder, options: options) }

    public var skeleton: Skeleton { package.skeleton }

    public func people(in image: Image) throws -> [Person] {
        try people(in: image, at: detector.people(in: image))
    }

    public func people(in image: Image, at detections: [DetectedPerson]) throws -> [Person] {
        try package(image, at: detections)
    }
}
