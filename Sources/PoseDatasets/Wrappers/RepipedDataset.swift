public import PoseCore

/// A dataset whose samples go through another pipeline than its config's, as from some epoch of a training run on.
public struct RepipedDataset: PoseDataset {
    private let base: any PoseDataset
    public let pipeline: [any Transform]
    public var type: String { base.type }
    public var skeleton: Skeleton { base.skeleton }
    public var count: Int { base.count }
    public var maxRefetch: Int { base.maxRefetch }
    public var dropped: DroppedInstances { base.dropped }

    /// - Throws: `DatasetError.arguments` for a wrapper that has no pipeline of its own.
    public init(_ base: any PoseDataset, pipeline: [any Transform]) throws {
        guard !(base is RepeatDataset), !(base is ConcatDataset) else {
            throw DatasetError.arguments(
                dataset: base.type, reason: "has no pipeline of its own that another could take the place of")
        }
        self.base = base
        self.pipeline = pipeline
    }

    public func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        try base.annotation(at: index, using: &generator)
    }

    public func origin(at index: Int) -> SampleOrigin { base.origin(at: index) }
}
