public import PoseCore
import PyConfig

/// Datasets of one definition of key points, one after another.
public struct ConcatDataset: PoseDataset {
    public let type = "ConcatDataset"
    public let datasets: [any PoseDataset]
    public let skeleton: Skeleton
    public let pipeline: [any Transform] = []
    public let maxRefetch: Int
    /// Where each dataset ends.
    private let ends: [Int]

    /// - Throws: `DatasetError.arguments` without datasets, or when their key points differ.
    public init(_ datasets: [any PoseDataset]) throws {
        guard let first = datasets.first else {
            throw DatasetError.arguments(dataset: "ConcatDataset", reason: "no datasets")
        }
        for other in datasets where other.skeleton.names != first.skeleton.names {
            throw DatasetError.arguments(
                dataset: "ConcatDataset",
                reason: """
                    the key points of \(other.skeleton.name) (\(other.skeleton.count)) are not those of \
                    \(first.skeleton.name) (\(first.skeleton.count)); CombinedDataset can convert them
                    """)
        }
        self.datasets = datasets
        skeleton = first.skeleton
        maxRefetch = datasets.map(\.maxRefetch).max() ?? 0
        var total = 0
        ends = datasets.map { dataset in
            total += dataset.count
            return total
        }
    }

    public var count: Int { ends.last ?? 0 }

    public var dropped: DroppedInstances {
        datasets.reduce(into: DroppedInstances()) { $0.add($1.dropped) }
    }

    private func locate(_ index: Int) throws -> (any PoseDataset, Int) {
        guard index >= 0, let position = ends.firstIndex(where: { index < $0 }) else {
            throw DatasetError.index(index, count: count)
        }
        return (datasets[position], position == 0 ? index : index - ends[position - 1])
    }

    public func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        let (dataset, offset) = try locate(index)
        return try dataset.sample(at: offset, using: &generator)
    }

    public func origin(at index: Int) -> SampleOrigin {
        guard let (dataset, offset) = try? locate(index) else {
            return SampleOrigin(file: "sample \(index)", ids: [])
        }
        return dataset.origin(at: offset)
    }
}

extension Datasets {
    func concatenated(_ arguments: Arguments) throws -> any PoseDataset {
        let datasets = try arguments.children("datasets").map(make)
        arguments.ignore("lazy_init", "ignore_keys")
        try arguments.finish()
        return try ConcatDataset(datasets)
    }
}
