public import PoseCore
import PyConfig

/// A dataset several times over: longer epochs of a small one.
public struct RepeatDataset: PoseDataset {
    public let type = "RepeatDataset"
    public let dataset: any PoseDataset
    public let times: Int

    /// - Throws: `DatasetError.arguments` when `times` is not positive.
    public init(_ dataset: any PoseDataset, times: Int) throws {
        guard times > 0, !dataset.count.multipliedReportingOverflow(by: times).overflow else {
            throw DatasetError.arguments(dataset: "RepeatDataset", reason: "times=\(times) is not usable")
        }
        self.dataset = dataset
        self.times = times
    }

    public var skeleton: Skeleton { dataset.skeleton }
    public var pipeline: [any Transform] { [] }
    public var maxRefetch: Int { dataset.maxRefetch }
    public var dropped: DroppedInstances { dataset.dropped }
    public var count: Int { dataset.count * times }

    public func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        guard (0..<count).contains(index) else { throw DatasetError.index(index, count: count) }
        return try dataset.sample(at: index % dataset.count, using: &generator)
    }

    public func origin(at index: Int) -> SampleOrigin {
        guard (0..<count).contains(index) else { return SampleOrigin(file: "sample \(index)", ids: []) }
        return dataset.origin(at: index % dataset.count)
    }
}

extension Datasets {
    func repeated(_ arguments: Arguments) throws -> any PoseDataset {
        let dataset = try make(try arguments.requiredChild("dataset"))
        let times = try arguments.int("times")
        arguments.ignore("lazy_init")
        try arguments.finish()
        return try RepeatDataset(dataset, times: times)
    }
}
