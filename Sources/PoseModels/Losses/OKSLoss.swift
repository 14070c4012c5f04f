import PoseCore
import PyConfig
public import Torch

/// Object keypoint similarity as a loss (YOLO-Pose, Maji et al. 2022).
///
/// Keys: buffer `sigmas`, when the config names a dataset.
public struct OKSLoss: Loss {
    private let sigmas: Parameter?
    private let reduction: LossReduction
    private let mode: SimilarityMode
    private let epsilon: Double
    private let normalizesWeights: Bool
    private let weight: Double

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        reduction = try arguments.reduction()
        mode = try arguments.similarityMode(default: .linear)
        epsilon = try arguments.double("eps", default: 1e-8)
        normalizesWeights = try arguments.bool("norm_target_weight", default: false)
        weight = try arguments.lossWeight()
        sigmas = try arguments.sigmas().map {
            try path.buffer("sigmas", shape: [$0.count], initializer: .values(Tensor($0)))
        }
    }

    /// - Parameters:
    ///   - output: keypoints `(N, K, 2)`.
    ///   - target: keypoints `(N, K, 2)`.
    ///   - weights: `(N, K)`.
    ///   - areas: of the instances in square pixels, `(N)`.
    /// - Returns: one value, or `(N)` with the reduction "none".
    public func callAsFunction(
        _ output: Tensor, _ target: Tensor, weights: Tensor? = nil, areas: Tensor? = nil
    ) throws -> Tensor {
        var distance = try (output - target).norm(dim: -1)
        if let areas { distance = try distance / areas.pow(0.5).clamp(min: epsilon).unsqueeze(-1) }
        if let sigmas { distance = try distance / (sigmas.tensor * 2) }
        var similarity = try (distance.pow(2) * -0.5).exp()
        if let weights {
            let total = try normalizesWeights ? weights.sum(dim: -1, keepDim: true).clamp(min: epsilon) : nil
            similarity = try similarity * (total.map { try weights / $0 } ?? weights / weights.size(-1))
        }
        return try mode.loss(similarity.sum(dim: -1)).reduced(reduction) * weight
    }
}

extension Arguments {
    /// The sigmas of the keypoint definition that `metainfo` holds; nil when there is no such argument.
    ///
    /// - Throws: `ConfigError.invalidArgument` for a path: whoever reads the config puts the file's content in its place,
    ///   see `ConfigDict.resolvingMetainfo`.
    func sigmas() throws -> [Float]? {
        guard let metainfo = value("metainfo"), !metainfo.isNone else { return nil }
        guard let definition = metainfo.dictValue else {
            throw invalid("metainfo", "the keypoint definition \(metainfo.stringValue ?? "") has not been read")
        }
        let sigmas = try Skeleton(metainfo: definition, at: path(of: "metainfo")).sigmas
        return sigmas.isEmpty ? nil : sigmas.map(Float.init)
    }
}
