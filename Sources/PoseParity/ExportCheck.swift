import Foundation
import PoseCore
public import PoseEngine
import PoseRuntime

/// How an exported model compares with the model it was made from.
public struct ExportComparison: Sendable {
    public let config: String
    /// Whether the file takes batches of any size; otherwise of one.
    public let takesAnyBatch: Bool
    /// As `ExportedNetwork.deviation`.
    public let fromTorch: Double
    /// The largest difference of a sampled value from MMPose's, likewise; nil where MMPose gives nothing to compare with.
    public let fromMMPose: Double?

    /// Both within 2e-2.
    public var agrees: Bool { fromTorch <= 2e-2 && fromMMPose ?? 0 <= 2e-2 }
}

/// Exports models with formula weights, runs them on OpenVINO and compares.
public enum ExportCheck {
    /// Exports the model of a config for the input of its record, or for the one its test pipeline makes.
    ///
    /// - Throws: what building, exporting and running throw.
    public static func compare(
        _ config: String, record: ZooRecord?, locations: ConfigLocations
    ) throws -> ExportComparison {
        let model = try ZooCheck.formulaModel(config, locations: locations)
        // Distillers have a record without outputs.
        let record = record.flatMap { $0.outputs.isEmpty ? nil : $0 }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pose-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let network = try ExportedNetwork(
            model, shape: record.map { Array($0.input.dropFirst()) } ?? shape(of: model),
            to: folder.appendingPathComponent("model.onnx"), options: InferenceOptions(precision: .float32))
        let fromMMPose = try record.map { record in
            let values = ZooCheck.input(of: model, shape: record.input)
            return ZooCheck.deviation(try network.forward(NDArray(values, shape: record.input)), from: record)
        }
        return ExportComparison(
            config: config, takesAnyBatch: network.batchSize == nil, fromTorch: network.deviation,
            fromMMPose: fromMMPose)
    }

    private static func shape(of model: LoadedModel) throws -> [Int] {
        let size = try model.networkInputSize()
        return [3, size.height, size.width]
    }

    /// Every config of the zoo, by its path below the `configs` folder, sorted.
    public static func configs(_ locations: ConfigLocations) -> [String] {
        guard let zoo = locations.zooFolders.first?.standardizedFileURL,
            let files = FileManager.default.enumerator(atPath: zoo.path)
        else { return [] }
        return files.compactMap { $0 as? String }
            .filter { $0.hasSuffix(".py") && !$0.hasPrefix("_base_/") }.sorted()
    }
}
