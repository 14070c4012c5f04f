import Checkpoint
public import Foundation
import PoseCodecs
import PoseCore
import PoseMigration
import PoseModels
import PyConfig
import Torch

/// Runs a migrated model and says whether its numbers are those of MMPose 0.x.
///
/// The network is the same layers in both versions; what differs is how outputs become keypoints. So the network runs
/// once on a seeded input, and its output is decoded twice: as the new config says, and with the arithmetic of 0.x, which
/// is that of the options `--keep-0x-behaviour` writes.
public struct MigrationVerification: Sendable {
    /// The model's type and number of parameters.
    public let model: String
    /// Largest distance between the two decodings, in pixels of the network's input.
    public let distance: Double
    /// How many of the seeded input's keypoints differ, and of how many.
    public let differing, keypoints: Int
    /// Names of the known differences that concern this config.
    public let causes: [String]
    /// For a checkpoint: the largest difference between the outputs of the old file and of the converted one.
    public let weights: Double?

    /// Whether everything equals 0.x.
    public var isEqual: Bool { differing == 0 && (weights ?? 0) == 0 }

    /// The result as text.
    public var text: String {
        var lines = ["verified on a seeded input: \(model)"]
        if let weights {
            lines.append(
                weights == 0
                    ? "  network: the converted weights give exactly the outputs of the old ones"
                    : "  network: outputs of the converted weights differ by up to \(weights)")
        }
        if differing == 0 {
            lines.append("  decoding: \(keypoints) keypoints, all equal to those of the 0.x arithmetic")
        } else {
            let pixels = (distance * 1000).rounded() / 1000
            lines.append(
                "  decoding: \(differing) of \(keypoints) keypoints differ from the 0.x arithmetic, by up to \(pixels) pixels "
                    + "of the input (\(causes.joined(separator: ", "))); --keep-0x-behaviour keeps the 0.x numbers")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension MigrationVerification {
    /// Verifies a 0.x config as it was migrated.
    ///
    /// - Parameters:
    ///   - old: the 0.x config.
    ///   - keepsBehaviour: whether it was migrated with the options that keep 0.x numbers.
    ///   - checkpoint: a checkpoint of the old model; without one the model's seeded initial weights are used.
    /// - Throws: errors of loading and building, `WeightsDoNotFit`.
    public init(of old: URL, keepsBehaviour: Bool, checkpoint: URL? = nil) throws {
        let migrated = try ConfigMigration(keepsBehaviour: keepsBehaviour).migrate(old)
        let reference = try ConfigMigration(keepsBehaviour: true).migrate(old)
        let model = try LoadedModel(config: migrated.config, url: old)
        var weights: Double?
        if let checkpoint {
            try model.load(checkpoint)
            weights = try Self.difference(model, migrated, old, checkpoint)
        }
        let output = try inferenceMode { try model.estimator.forward(Self.input(of: migrated.config)) }
        let codecs = try [migrated, reference].map { try Self.codec($0.config) }
        let points = try codecs.map { codec in
            try codec.map { try Self.points(output, $0) } ?? []
        }
        let distances = zip(points[0], points[1]).map { ($0 - $1).length }
        let parameters = model.estimator.store.entries.count
        self.model = "\(model.type), \(parameters) tensors"
        self.weights = weights
        keypoints = distances.count
        differing = distances.filter { $0 > 0 }.count
        distance = distances.max() ?? 0
        causes = migrated.report.changes.map(\.name).filter {
            ["quarter-offset", "no-refinement", "udp-decode", "combined-target"].contains($0)
        }
    }

    /// The network's outputs with the old file, whose keys the model converts itself, and with the migrated one.
    private static func difference(
        _ model: LoadedModel, _ migrated: MigratedConfig, _ old: URL, _ checkpoint: URL
    ) throws -> Double {
        let other = try LoadedModel(config: migrated.config, url: old)
        let converted = try CheckpointMigration.migrate(checkpoint, config: old)
        let report = try other.estimator.load(converted.stateDict)
        guard report.fitsExactly else {
            throw WeightsDoNotFit(checkpoint: checkpoint.path, config: old.path, report: report)
        }
        let input = try input(of: migrated.config)
        let outputs = try inferenceMode {
            try [model, other].map { try $0.estimator.forward(input).named.map { try $0.tensor.toArray(Float.self) } }
        }
        return zip(outputs[0], outputs[1]).flatMap { zip($0, $1).map { Double(abs($0 - $1)) } }.max() ?? 0
    }

    /// A network-ready input of the config's size, always the same.
    private static func input(of config: Config) throws -> Tensor {
        var generator = SeededGenerator(seed: 29)
        func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -2...2, using: &generator) } }
        let codec = config["codec"]?.arrayValue?.first ?? config["codec"]
        if let size = (codec?["input_size"] ?? codec?["image_size"])?.arrayValue?.compactMap(\.intValue),
            size.count == 2,
            size.allSatisfy({ (1...4096).contains($0) })
        {
            return try Tensor(values(3 * size[0] * size[1]), shape: [1, 3, size[1], size[0]])
        }
        let channels = config["model.backbone.in_channels"]?.intValue ?? 34
        let frames = config["val_dataloader.dataset.seq_len"]?.intValue ?? 1
        guard (1...4096).contains(channels), (1...4096).contains(frames) else {
            throw ConfigError.invalidArgument(path: "model.backbone.in_channels", reason: "cannot be run")
        }
        return try Tensor(values(channels * frames), shape: [1, channels, frames])
    }

    /// The decoder when its arithmetic may differ between the versions: codecs of heatmaps of one person.
    private static func codec(_ config: Config) throws -> (any KeypointCodec)? {
        guard let decoder = config["model.head.decoder"]?.dictValue,
            ["MSRAHeatmap", "UDPHeatmap", "MegviiHeatmap"].contains(decoder["type"]?.stringValue ?? "")
        else { return nil }
        return try Codecs.make(Arguments(decoder, at: "model.head.decoder"))
    }

    private static func points(_ output: HeadTensors, _ codec: any KeypointCodec) throws -> [SIMD2<Double>] {
        var last = output
        if case .stages(let maps) = output, let map = maps.last { last = .heatmaps(map) }
        return try last.withOutput { try codec.decode($0, image: 0, context: DecodingContext()) }
            .flatMap(\.keypoints.points)
    }
}

extension SIMD2<Double> {
    fileprivate var length: Double { (x * x + y * y).squareRoot() }
}
