import Checkpoint
public import Foundation
public import PoseCore
import PoseDatasets
public import PoseModels
import PoseRuntime
public import PyConfig
public import Torch

/// A config's model with, after `load`, its weights and the keypoints it predicts.
public final class LoadedModel {
    public let config: Config
    /// Where the config was read.
    public let url: URL
    public let estimator: any PoseEstimator
    /// The `type` of the model in the config.
    public let type: String
    private let locations: ConfigLocations
    /// The dataset definition inside the checkpoint, if it has one.
    private var checkpointSkeleton: Skeleton?

    /// Builds the model that `config` describes. Its parameters are allocated when they are loaded or first used.
    ///
    /// - Throws: `ConfigError` or `ModelError` naming the place in the config.
    public init(config: Config, url: URL, locations: ConfigLocations = ConfigLocations()) throws {
        guard let model = config.root["model"]?.dictValue else {
            throw ConfigError.file(path: url.path, reason: "defines no model")
        }
        self.config = config
        self.url = url
        self.locations = locations
        let definitions = ModelDefinitions(
            metainfo: DatasetMetainfo(zooFolders: locations.zooFolders), url: url)
        let whole = try DistillerModels.resolved(model, locations: locations, config: url)
        let arguments = Arguments(try definitions.resolved(whole), at: "model")
        type = try arguments.type()
        estimator = try PoseEstimators.build(arguments)
        estimator.store.isTraining = false
    }

    /// Reads the config file at `url` and builds its model.
    public convenience init(
        contentsOf url: URL, overrides: [String] = [], locations: ConfigLocations = ConfigLocations()
    ) throws {
        try self.init(config: locations.load(url, overrides: overrides), url: url, locations: locations)
    }

    /// Fills the model from a checkpoint, converting keys of older versions.
    ///
    /// - Throws: `CheckpointError` when the file cannot be read, `WeightsDoNotFit` when it does not fill the model and
    ///   `allowPartial` is false.
    @discardableResult
    public func load(_ checkpoint: URL, allowPartial: Bool = false) throws -> LoadingReport {
        let file = try CheckpointFile.open(checkpoint)
        let report = try estimator.load(file.stateDict())
        guard report.fitsExactly || allowPartial else {
            throw WeightsDoNotFit(checkpoint: checkpoint.path, config: url.path, report: report)
        }
        checkpointSkeleton = file.meta?.dictValue?["dataset_meta"].flatMap(Skeleton.init(checkpoint:))
        return report
    }

    /// The keypoints the model predicts.
    ///
    /// - Parameter count: how many there are, where it is not the number the head gives.
    /// - Throws: `SkeletonError` or `ConfigError` when a definition that is named is broken.
    func skeleton(keypoints count: Int? = nil) throws -> Skeleton {
        try ModelSkeleton(config: config, url: url, metainfo: DatasetMetainfo(zooFolders: locations.zooFolders))
            .skeleton(keypoints: count ?? estimator.keypointCount, checkpoint: checkpointSkeleton)
    }

    /// Runs the network on the array in `input` and writes the head's raw outputs to `output`.
    ///
    /// - Parameter engine: OpenVINO runs the exported model in float32.
    /// - Throws: `ArrayFileError` for files, `ModelError.invalidInput` for an array of another kind or shape, and what
    ///   exporting throws.
    public func forward(input: URL, output: URL, engine: NetworkEngine = .torch) throws {
        let array = try NPYFile.read(input)
        guard case .float32(let values) = array else {
            throw ModelError.invalidInput("\(input.path): holds \(array.typeName), but the network reads float32")
        }
        let outputs = try outputs(for: values, engine: engine)
        try NPZFile.write(outputs.map { ($0.name, .float32($0.array)) }, to: output)
    }

    /// The head's raw outputs for a network-ready input, with their names.
    ///
    /// - Parameter engine: OpenVINO runs the exported model in float32.
    /// - Throws: `ModelError.invalidInput` for an array of another shape, and what exporting throws.
    public func outputs(
        for values: NDArray<Float>, engine: NetworkEngine = .torch
    ) throws -> [(name: String, array: NDArray<Float>)] {
        try engine == .torch ? torchOutputs(values) : openVINOOutputs(values)
    }

    private func torchOutputs(_ values: NDArray<Float>) throws -> [(name: String, array: NDArray<Float>)] {
        let outputs = try inferenceMode { try estimator.forward(Tensor(values.elements, shape: values.shape)) }
        return try outputs.named.map { name, tensor in
            (name, try NDArray(tensor.toArray(Float.self), shape: tensor.shape))
        }
    }

    private func openVINOOutputs(_ values: NDArray<Float>) throws -> [(name: String, array: NDArray<Float>)] {
        guard let batch = values.shape.first, batch > 0 else {
            throw ModelError.invalidInput("the input has shape \(values.shape), without a batch")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pose-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let network = try ExportedNetwork(
            self, shape: Array(values.shape.dropFirst()), batchSize: batch,
            to: folder.appendingPathComponent("model.onnx"), options: InferenceOptions(precision: .float32))
        return try network.forward(values)
    }
}

/// What runs a network.
public enum NetworkEngine: String, Sendable, CaseIterable {
    /// LibTorch: MMPose's numbers to the last bits.
    case torch
    /// OpenVINO, on the model exported to ONNX.
    case openvino
}

/// A checkpoint that does not fill a model.
public struct WeightsDoNotFit: Error, Sendable, CustomStringConvertible {
    public let checkpoint, config: String
    public let report: LoadingReport

    public var description: String {
        "\(checkpoint) does not fit the model of \(config): \(report.summary)"
            + "; --allow-partial loads what fits\n\(report.details)"
    }
}
