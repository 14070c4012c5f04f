import Foundation
import PoseCore
public import PoseEngine
import PoseModels
import PyConfig
import Torch

/// How a model compares with the real one.
public struct ZooComparison: Sendable {
    public let config: String
    /// Whether state-dict keys, shapes, types and their order are the same.
    public let keysAgree: Bool
    /// The largest difference of a sampled output value, over the mean magnitude of that output; nil for models without a
    /// forward pass of their own, such as distillers.
    public let worstDeviation: Double?
}

/// Compares models with formula weights with what the real MMPose computes.
public enum ZooCheck {
    /// Builds the model of a record's config, fills it by formula, runs it on the formula's image and compares.
    ///
    /// - Parameter engine: OpenVINO runs the exported model in float32.
    /// - Throws: whatever building, loading, exporting and running throw.
    public static func compare(
        _ record: ZooRecord, locations: ConfigLocations, engine: NetworkEngine = .torch
    ) throws -> ZooComparison {
        let model = try formulaModel(record.config, locations: locations)
        let store = model.estimator.store
        let lines = store.entries.map { "\($0.name) \($0.parameter.shape) \($0.parameter.dtype.rawValue)" }
        let keysAgree =
            lines.count == record.entries && FormulaWeights.hash(lines.joined(separator: "\n")) == record.entries_fnv
            && store.parameterCount == record.parameters
        if record.outputs.isEmpty {
            return ZooComparison(config: record.config, keysAgree: keysAgree, worstDeviation: nil)
        }
        let values = input(of: model, shape: record.input)
        let outputs = try model.outputs(for: NDArray(values, shape: record.input), engine: engine)
        return ZooComparison(
            config: record.config, keysAgree: keysAgree, worstDeviation: deviation(outputs, from: record))
    }

    /// The formula's input: lifters take keypoints, everything else images.
    static func input(of model: LoadedModel, shape: [Int]) -> [Float] {
        model.estimator is PoseLifter ? FormulaWeights.keypoints(shape: shape) : FormulaWeights.image(shape: shape)
    }

    /// The largest difference of a sampled value, over the mean magnitude of its output.
    static func deviation(_ outputs: [(name: String, array: NDArray<Float>)], from record: ZooRecord) -> Double {
        var worst = outputs.map(\.name) == record.outputs.map(\.name) ? 0 : Double.infinity
        for (output, expected) in zip(outputs, record.outputs) {
            guard output.array.shape == expected.shape else {
                worst = .infinity
                continue
            }
            let values = output.array.elements
            for (position, value) in zip(expected.at, expected.values) {
                let deviation = abs(Double(values[position]) - value) / expected.absmean
                worst = max(worst, deviation.isNaN ? .infinity : deviation)
            }
        }
        return worst
    }

    /// The model of a zoo config with weights by formula.
    ///
    /// - Parameter keeps: more entries that keep the model's own values.
    public static func formulaModel(
        _ config: String, locations: ConfigLocations, keeping keeps: (String) -> Bool = { _ in false }
    ) throws -> LoadedModel {
        let model = try LoadedModel(contentsOf: locations.url(of: config), locations: locations)
        let tensors: [(name: String, tensor: Tensor)] = try model.estimator.store.entries.compactMap { entry in
            guard entry.parameter.dtype.isFloatingPoint, !FormulaWeights.keepsOwnValue(entry.name),
                !keeps(entry.name)
            else { return nil }
            let shape = entry.parameter.shape
            return (entry.name, try Tensor(FormulaWeights.values(name: entry.name, shape: shape), shape: shape))
        }
        try model.estimator.store.load(tensors)
        return model
    }

    /// The model of a zoo config with weights by formula, ready to be trained without dropping anything.
    ///
    /// - Parameter keeps: more entries that keep the model's own values, besides the distribution of a flow.
    /// - Throws: `ModelError.invalidInput` for a model that has no losses; whatever building throws.
    static func trainableFormulaModel(
        _ config: String, locations: ConfigLocations, keeping keeps: @escaping (String) -> Bool = { _ in false }
    ) throws -> (config: Config, model: any TrainableEstimator) {
        let loaded = try formulaModel(config, locations: locations) {
            $0.contains("flow_model.loc") || $0.contains("flow_model.cov") || $0.contains("flow_model.mask")
                || keeps($0)
        }
        guard let model = loaded.estimator as? any TrainableEstimator else {
            throw ModelError.invalidInput("\(config): the model cannot be trained")
        }
        model.store.isTraining = true
        model.store.drops = false
        return (loaded.config, model)
    }
}
