public import PoseCore
import PyConfig

/// Several datasets as one, their key points brought to one definition by each one's own pipeline; then one more pipeline
/// over all.
///
/// With sampling ratios a dataset counts as `round(ratio × its size)` samples: stretched, a number stands for one of the
/// samples around its place, drawn anew every time; so all of them are visited in the long run.
public struct CombinedDataset: PoseDataset {
    public let type = "CombinedDataset"
    public let datasets: [any PoseDataset]
    public let skeleton: Skeleton
    public let pipeline: [any Transform]
    public let maxRefetch: Int
    /// How many samples each dataset counts as.
    public let lengths: [Int]
    private let isResampled: Bool

    /// - Parameter ratios: how often each dataset counts; nil for once.
    /// - Throws: `DatasetError.arguments` for ratios that are negative, not finite or not as many as datasets.
    public init(
        _ datasets: [any PoseDataset], skeleton: Skeleton, pipeline: [any Transform] = [], ratios: [Double]? = nil,
        maxRefetch: Int = 1000
    ) throws {
        if let ratios {
            guard ratios.count == datasets.count, ratios.allSatisfy({ $0 >= 0 && $0.isFinite && $0 < 1e9 }) else {
                throw DatasetError.arguments(
                    dataset: "CombinedDataset",
                    reason: "sample_ratio_factor must have one number from 0 for each of \(datasets.count) datasets")
            }
        }
        self.datasets = datasets
        self.skeleton = skeleton
        self.pipeline = pipeline
        self.maxRefetch = maxRefetch
        isResampled = ratios != nil
        // Half to even, as Python rounds.
        lengths = datasets.indices.map { index in
            let count = Double(datasets[index].count)
            return Int((count * (ratios?[index] ?? 1)).rounded(.toNearestOrEven))
        }
        for (dataset, length) in zip(datasets, lengths) where dataset.count == 0 && length > 0 {
            throw DatasetError.empty(dataset: dataset.type, reason: "none to draw from")
        }
    }

    public var count: Int { lengths.reduce(0, +) }

    public var dropped: DroppedInstances {
        datasets.reduce(into: DroppedInstances()) { $0.add($1.dropped) }
    }

    /// Dataset and place in it of a number.
    private func locate(_ index: Int) throws -> (dataset: Int, offset: Int) {
        var offset = index
        guard index >= 0 else { throw DatasetError.index(index, count: count) }
        for (dataset, length) in lengths.enumerated() {
            if offset < length { return (dataset, offset) }
            offset -= length
        }
        throw DatasetError.index(index, count: count)
    }

    /// The number of the sample that stands for a place; `draw` is from 0 to 1.
    func resampled(_ offset: Int, dataset: Int, draw: Double) -> Int {
        guard isResampled else { return offset }
        let count = datasets[dataset].count
        let gap = (Double(count) - 1e-4) / Double(lengths[dataset])
        let place = (gap * Double(offset) + draw * gap - 0.5).rounded(.toNearestOrEven)
        return min(max(Int(place), 0), count - 1)
    }

    public func annotation(at index: Int, using generator: inout SeededGenerator) throws -> PoseSample {
        let (number, offset) = try locate(index)
        let draw = isResampled ? generator.uniform() : 0
        let dataset = datasets[number]
        var sample = try dataset.sample(at: resampled(offset, dataset: number, draw: draw), using: &generator)
        sample.setDataset(skeleton, name: sample.datasetName)
        return sample
    }

    public func origin(at index: Int) -> SampleOrigin {
        guard let (number, offset) = try? locate(index) else { return SampleOrigin(file: "sample \(index)", ids: []) }
        return datasets[number].origin(at: resampled(offset, dataset: number, draw: 0.5))
    }
}

extension Datasets {
    func combined(_ arguments: Arguments) throws -> any PoseDataset {
        let datasets = try arguments.children("datasets").map(make)
        guard !datasets.isEmpty else { throw arguments.invalid("datasets", "is empty") }
        let ratios = try arguments.optionalDoubles("sample_ratio_factor")
        let skeleton = try skeleton(arguments)
        let pipeline = try pipeline(arguments)
        let maxRefetch = try arguments.int("max_refetch", default: 1000)
        // Arguments of MMEngine's base class that the members decide for themselves.
        arguments.ignore(
            "metainfo", "test_mode", "serialize_data", "lazy_init", "data_root", "data_prefix", "ann_file", "data_mode",
            "filter_cfg", "indices")
        try arguments.finish()
        return try CombinedDataset(
            datasets, skeleton: skeleton, pipeline: pipeline, ratios: ratios, maxRefetch: maxRefetch)
    }
}
