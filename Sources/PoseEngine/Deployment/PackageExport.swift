public import Foundation
public import PoseCore
import PoseExport
import PoseModels
import PoseRuntime
import PyConfig
import Torch

/// Writes a loaded model as a package that `PosePackage` runs: `model.onnx` and `pipeline.json`.
public struct PackageExport {
    /// The folder.
    public let folder: URL
    /// Largest deviation of the network from LibTorch on a test input, as a part of the mean magnitude of its outputs.
    public let deviation: Double
    /// The only size of batches it takes; nil for all.
    public let batchSize: Int?
    /// Why it does not take all; nil when it does.
    public let limitation: String?

    /// Exports a model and compares it with LibTorch. The folder appears when everything in it is whole.
    ///
    /// - Parameters:
    ///   - checkpoint: where the weights came from, for the record.
    ///   - version: of this package, for the record.
    /// - Throws: `PipelineError` for a model that has no package and for a folder that holds something else,
    ///   `TraceError` when the model has no translation, `ExportMismatch` when the network computes something else.
    public init(_ model: LoadedModel, checkpoint: URL, version: String, to folder: URL) throws {
        let manager = FileManager.default
        let exists = manager.fileExists(atPath: folder.path)
        if exists, !PosePackage.isPackage(folder), try !manager.contentsOfDirectory(atPath: folder.path).isEmpty {
            throw PipelineError(description: "\(folder.path): holds something that is no package; give another --out")
        }
        let partial = folder.deletingLastPathComponent()
            .appendingPathComponent(".\(folder.lastPathComponent).\(UUID().uuidString)")
        try manager.createDirectory(at: partial, withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: partial) }
        var description = try PackageDescription(model)
        let size = description.inputSize
        let url = partial.appendingPathComponent(PackageDescription.networkName)
        let hash = try Checksum.sha256(of: checkpoint)
        let network = try ExportedNetwork(
            model, shape: [3, size.height, size.width], outputs: .decodable,
            metadata: [(key: "checkpoint_sha256", value: hash)], to: url,
            options: InferenceOptions(precision: .float32))
        description.batchSize = network.batchSize
        description.networkHash = try Checksum.sha256(of: url)
        description.source = [
            "config": model.url.lastPathComponent, "checkpoint": checkpoint.lastPathComponent,
            "checkpoint_sha256": hash, "swift_pose": version,
        ]
        try Data(description.json().utf8).write(to: partial.appendingPathComponent(PackageDescription.fileName))
        if exists { try manager.removeItem(at: folder) }
        try manager.moveItem(at: partial, to: folder)
        self.folder = folder
        (deviation, batchSize, limitation) = (network.deviation, network.batchSize, network.limitation)
    }
}

extension LoadedModel {
    /// The size of images that the test pipeline makes for the network.
    ///
    /// - Throws: `PipelineError` for a pipeline that names none, as a lifter's does.
    public func networkInputSize() throws -> ImageSize {
        guard let size = try imageSteps().compactMap({ try $0.optionalInts("input_size") }).last, size.count == 2 else {
            throw PipelineError(description: "\(url.path): the test pipeline has no TopdownAffine with an input_size")
        }
        return ImageSize(width: size[0], height: size[1])
    }
}

extension PackageDescription {
    /// What a loaded model's package says, but for its network's file.
    ///
    /// - Throws: `PipelineError` naming what of the model a package cannot hold.
    init(_ model: LoadedModel) throws {
        let path = model.url.path
        guard let estimator = model.estimator as? any CropEstimator, let codec = estimator.decoder else {
            throw PipelineError(
                description:
                    "\(path): model.type \(model.type): packages hold top-down models; run others from their config")
        }
        let steps = try model.imageSteps()
        let inputSize = try model.networkInputSize()
        let size = [inputSize.width, inputSize.height]
        let preprocessor = model.config["model.data_preprocessor"]?.dictValue ?? ConfigDict()
        let normalization = Arguments(preprocessor, at: "model.data_preprocessor")
        let divisor = try normalization.int("pad_size_divisor", default: 1)
        guard divisor > 0, size.allSatisfy({ $0 % divisor == 0 }) else {
            throw normalization.invalid("pad_size_divisor", "\(divisor) would pad inputs of \(size[0])×\(size[1])")
        }
        self.init(
            name: model.url.deletingPathExtension().lastPathComponent, source: [:], networkHash: "",
            output: try Self.output(estimator, size), batchSize: nil,
            inputSize: inputSize,
            mean: try normalization.doubles("mean", default: []),
            deviation: try normalization.doubles("std", default: []),
            reversesChannels: try normalization.bool("bgr_to_rgb", default: false)
                || normalization.bool("rgb_to_bgr", default: false),
            transforms: steps.map(\.all), codec: codec,
            flipTest: estimator.flipTest.map { flip in
                FlipTest(
                    mode: flip.mode.rawValue, shiftsHeatmap: flip.shiftsHeatmap,
                    shiftsCoordinates: flip.shiftsCoordinates)
            },
            outputIndices: estimator.outputKeypointIndices,
            skeleton: try model.skeleton(
                flips: estimator.flipTest != nil, selecting: estimator.outputKeypointIndices))
    }

    /// What the model gives, by trying it.
    private static func output(_ model: any CropEstimator, _ size: [Int]) throws -> Output {
        let tensors = try inferenceMode { try model.forward(Tensor.zeros([1, 3, size[1], size[0]])).decodable() }
        switch tensors {
        case .heatmaps: return .heatmaps
        case .simcc: return .simcc
        case .regression: return .regression
        default:
            throw PipelineError(description: "packages hold heatmaps, SimCC and regression, not this head's outputs")
        }
    }
}
