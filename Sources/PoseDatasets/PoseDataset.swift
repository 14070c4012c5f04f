public import PoseCore

/// Samples by number.
///
/// A dataset holds where its samples stand, not the samples: each is read when asked for. Everything random is drawn from
/// the generator that comes with the question.
public protocol PoseDataset: Sendable {
    /// The class of the dataset, for messages: "CocoDataset".
    var type: String { get }
    /// What the key points of its samples mean.
    var skeleton: Skeleton { get }
    /// Number of samples.
    var count: Int { get }
    /// How many other samples a loader may try in place of one that cannot be made.
    var maxRefetch: Int { get }
    /// The transforms that make a training or test sample out of an annotation.
    var pipeline: [any Transform] { get }
    /// What did not become a sample while reading.
    var dropped: DroppedInstances { get }

    /// An annotation as the first transform gets it.
    ///
    /// - Throws: `DatasetError.index`, and what reading the annotation throws.
    func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample

    /// File and annotation ids of a sample, for messages.
    func origin(at index: Int) -> SampleOrigin
}

/// Where a sample comes from.
public struct SampleOrigin: Hashable, Sendable, CustomStringConvertible {
    public var file: String
    public var ids: [Int]

    public init(file: String, ids: [Int]) {
        self.file = file
        self.ids = ids
    }

    public var description: String {
        ids.isEmpty ? file : "\(file), annotation \(ids.map(String.init).joined(separator: ", "))"
    }
}

extension PoseDataset {
    /// A sample after the pipeline; its `rejection` is set when a transform found nothing to learn from in it.
    ///
    /// - Throws: what reading the annotation or a transform throws.
    public func sample(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        var sample = try annotation(at: index, using: &generator)
        for transform in pipeline {
            if sample.rejection != nil { break }
            try transform(&sample, using: &generator)
        }
        return sample
    }

    /// The same with a generator that follows from seed, epoch and index.
    public func sample(at index: Int, seed: UInt64 = 0, epoch: Int = 0) throws -> PoseSample {
        var generator = SeededGenerator(seed: seed, epoch: epoch, index: index)
        return try sample(at: index, using: &generator)
    }

    public var dropped: DroppedInstances { DroppedInstances() }
}
