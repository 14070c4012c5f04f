public import Foundation
import PoseCore
import PoseDatasets
public import PoseEngine
import PoseModels
import PyConfig
import Torch

/// How a training step compares with MMPose's.
public struct TrainingComparison: Sendable {
    public let config: String
    /// The largest relative differences, and where they are.
    public let losses, gradients, totalGradient, weights, statistics: Deviation
    /// Parameters whose gradient is rounding noise in MMPose too (below a millionth of the whole), whose step therefore
    /// goes either way.
    public let noise: Int

    /// Everything within 1e-4.
    public var agrees: Bool { [losses, gradients, totalGradient, weights, statistics].allSatisfy { $0.worst <= 1e-4 } }
}

/// Compares the first training step of models with formula weights with the real MMPose's.
public enum TrainingCheck {
    /// Makes the batch of a record with our own pipeline, takes the step and compares.
    ///
    /// - Parameter testdata: the folder that records call `testdata`.
    /// - Throws: whatever building, reading and training throw.
    public static func compare(
        _ record: TrainingRecord, testdata: URL, locations: ConfigLocations
    ) throws -> TrainingComparison {
        let model = try ZooCheck.trainableFormulaModel(record.config, locations: locations).model
        let batch = try samples(record, testdata: testdata, locations: locations)
        let inputs = try Tensor.stack(batch.map { try Tensor($0.inputs, name: "inputs") })
        let losses = try model.loss(model.prepare(inputs), TrainingBatch(batch))
        let total = try losses.total()
        try total.backward()
        let parameters = model.store.parameters
        let norms = try Dictionary(
            uniqueKeysWithValues: parameters.compactMap { parameter in
                try parameter.tensor.grad.map { (parameter.name, Double(try $0.norm().item())) }
            })
        let optimizer = Optimizer(.adamW(), [ParameterGroup(parameters, learningRate: 1e-3, weightDecay: 0.05)])
        try optimizer.step()
        return try compare(record, losses, total, norms, model.store)
    }

    private static func compare(
        _ record: TrainingRecord, _ losses: TrainingLosses, _ total: Tensor, _ norms: [String: Double],
        _ store: ParameterStore
    ) throws -> TrainingComparison {
        var (lossDeviation, gradients, whole, weights, statistics) = (
            Deviation(), Deviation(), Deviation(), Deviation(), Deviation()
        )
        for (name, expected) in record.losses {
            let value = name == "loss" ? total : losses[name]
            lossDeviation.add(try value.map { Double(try $0.mean().item()) }, expected, floor: 1e-6, name)
        }
        let floor = record.totalGradientNorm * 1e-6
        for (name, expected) in record.gradientNorms { gradients.add(norms[name], expected, floor: floor, name) }
        for name in norms.keys where record.gradientNorms[name] == nil { gradients.add(nil, 0, floor: 1, name) }
        whole.add(norms.values.reduce(0) { $0 + $1 * $1 }.squareRoot(), record.totalGradientNorm, floor: 0, "")
        var noise = 0
        for (name, expected) in record.weights {
            if let norm = record.gradientNorms[name], norm < floor {
                noise += 1
                continue
            }
            let tensor = try store[name]?.tensor.detach().to(.float64)
            let magnitude = expected.last ?? 0
            weights.add(try tensor.map { try $0.mean().item() }, expected[0], floor: magnitude, name)
            weights.add(try tensor.map { try $0.abs().mean().item() }, magnitude, floor: 1e-12, name)
        }
        for (name, expected) in record.statistics {
            let tensor = try store[name]?.tensor.to(.float64)
            let magnitude = try tensor.map { try $0.abs().mean().item() } ?? 0
            statistics.add(try tensor.map { try $0.mean().item() }, expected, floor: magnitude, name)
        }
        return TrainingComparison(
            config: record.config, losses: lossDeviation, gradients: gradients, totalGradient: whole, weights: weights,
            statistics: statistics, noise: noise)
    }

    private static func samples(
        _ record: TrainingRecord, testdata: URL, locations: ConfigLocations
    ) throws -> [PackedSample] {
        let recorded = try record.dataset.arguments(at: "dataset").string("data_root")
        let root = testdata.path + recorded.dropFirst("testdata".count)
        let dictionary = try DatasetSelection.dataset(in: record.dataset, key: "dataset", root: root)
        let datasets = Datasets(
            metainfo: DatasetMetainfo(zooFolders: locations.zooFolders), config: locations.url(of: record.config))
        let dataset = try datasets.make(Arguments(dictionary, at: "dataset"))
        return try record.indices.map { index in
            guard let packed = try dataset.sample(at: index).packed else {
                throw ModelError.invalidInput("sample \(index) of \(record.config) is rejected by its pipeline")
            }
            return packed
        }
    }
}
