public import Foundation
public import PyConfig

/// The first training step of the real MMPose on real images, from weights by formula: a line of JSON.
public struct TrainingRecord: Sendable {
    /// Path below the zoo's `configs` folder.
    public let config: String
    /// The dataset with a pipeline without chance, and the samples of the batch.
    public let dataset: Config
    public let indices: [Int]
    /// Losses and measures by their names in the log, `loss` their total.
    public let losses: [String: Double]
    /// Norms of the gradients of each parameter that has one.
    public let gradientNorms: [String: Double]
    public let totalGradientNorm: Double
    /// Of each parameter, after a step of AdamW with a rate of 1e-3 and a decay of 0.05: the mean, and the mean magnitude.
    public let weights: [String: [Double]]
    /// Means of the running statistics after the step.
    public let statistics: [String: Double]
    /// What went wrong in MMPose.
    public let error: String?

    private struct Line: Decodable {
        let config: String
        let indices: [Int]?
        let losses: [String: Double]?
        let grad_norms: [String: Double]?
        let grad_norm_total: Double?
        let weights: [String: [Double]]?
        let running_stats: [String: Double]?
        let error: String?

        enum CodingKeys: String, CodingKey {
            case config, indices, losses, grad_norms, grad_norm_total, running_stats, error
            case weights = "after_adamw_1e-3_wd_0.05"
        }
    }

    /// The records of a file of JSON objects, one a line.
    ///
    /// - Throws: `DecodingError` or `ConfigError` for a line that is none, and what reading throws.
    public static func read(from url: URL) throws -> [TrainingRecord] {
        try Data(contentsOf: url).split(separator: UInt8(ascii: "\n")).map { data in
            let line = try JSONDecoder().decode(Line.self, from: data)
            return TrainingRecord(
                config: line.config, dataset: try Config.parse(String(decoding: data, as: UTF8.self), path: "row.json"),
                indices: line.indices ?? [], losses: line.losses ?? [:], gradientNorms: line.grad_norms ?? [:],
                totalGradientNorm: line.grad_norm_total ?? .nan, weights: line.weights ?? [:],
                statistics: line.running_stats ?? [:], error: line.error)
        }
    }
}
