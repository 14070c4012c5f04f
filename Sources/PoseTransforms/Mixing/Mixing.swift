import PoseCore
import PyConfig

/// What transforms that mix several samples have in common.
struct Mixing: Sendable {
    /// Steps that the other samples go through first.
    let preparation: [any Transform]
    let probability: Double

    /// Arguments: `pre_transform=None`, `prob=1.0`.
    init(_ arguments: Arguments) throws {
        preparation = try Transforms.pipeline(arguments.children("pre_transform"))
        probability = try arguments.probability("prob", default: 1)
    }

    /// Other samples of the dataset, prepared; nil if this sample is to stay as it is.
    ///
    /// - Throws: `PoseSampleError.missing` for a sample that knows no dataset, or none in it that can be used.
    func draw(
        _ count: Int, for sample: PoseSample, using generator: inout some RandomNumberGenerator
    ) throws -> [PoseSample]? {
        guard generator.chance(probability) else { return nil }
        guard let source = sample.source, source.count > 0 else {
            throw PoseSampleError.missing("dataset to take other samples from")
        }
        return try (0..<count).map { _ in
            // A sample whose preparation rejects it is replaced; a dataset of such alone must not be searched forever.
            for _ in 0..<100 {
                var other = try source.sample(at: generator.integer(0, source.count))
                other.source = source
                try preparation.run(&other, using: &generator)
                if other.rejection == nil { return other }
            }
            throw PoseSampleError.missing("other sample that its preparation does not reject")
        }
    }
}

/// Instances of several samples on one image.
struct MixedInstances {
    private var boxes, boxScores, areas, keypoints, visible, weights: [RealArray]
    private var categories: [Int] = []
    private var ids: [Int] = []

    init() { (boxes, boxScores, areas, keypoints, visible, weights) = ([], [], [], [], [], []) }

    /// Adds the instances of a sample with every coordinate changed, and areas scaled.
    mutating func add(
        _ sample: PoseSample, areaFactor: Double = 1, move: (RealArray) throws -> RealArray
    ) throws {
        if let array = sample.boxes { boxes.append(try move(array)) }
        if let array = sample.boxScores { boxScores.append(array) }
        if let array = sample.areas {
            let factor = array.precision.round(areaFactor)
            areas.append(array.map { $0 * factor })
        }
        if sample.keypoints != nil {
            let (points, seen) = try sample.requiredKeypoints()
            keypoints.append(try move(points))
            visible.append(seen)
            weights.append(try sample.keypointsVisibleWeights ?? RealArray(repeating: 1, shape: seen.shape))
        }
        categories += sample.categories
        ids += sample.ids
    }

    /// Gives the instances to a sample whose image they are on.
    ///
    /// - Parameter size: boxes are cut to it, and key points outside become invisible.
    func store(in sample: inout PoseSample, size: ImageSize) throws {
        func joined(_ arrays: [RealArray]) throws -> RealArray? {
            arrays.isEmpty ? nil : try RealArray.concatenated(arrays)
        }
        sample.boxes = try joined(boxes)?.clipped(to: size)
        sample.boxScores = try joined(boxScores)
        sample.areas = try joined(areas)
        sample.categories = categories
        sample.ids = ids
        guard let points = try joined(keypoints), let seen = try joined(visible) else { return }
        sample.keypoints = points
        sample.keypointsVisible = seen.hiding(points, outside: size)
        if sample.keypointsVisibleWeights != nil { sample.keypointsVisibleWeights = try joined(weights) }
    }
}
