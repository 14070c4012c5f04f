import PoseCore
import PyConfig
import Torch

/// How far annotators' clicks on each keypoint spread, which a loss by object keypoint similarity keeps in the state dict.
///
/// Keys: buffer `sigmas`.
final class OKSSpread: Sendable {
    private let sigmas: Parameter

    /// Nil when the config names no such loss, or one without a keypoint definition.
    init?(at path: ParameterPath, _ arguments: Arguments?) throws {
        guard let metainfo = arguments?.value("metainfo"), !metainfo.isNone else { return nil }
        guard let definition = metainfo.dictValue else {
            throw ConfigError.invalidArgument(
                path: arguments?.path(of: "metainfo") ?? "", reason: "the keypoint definition has not been read")
        }
        let values = try Skeleton(metainfo: definition, at: arguments?.path(of: "metainfo") ?? "").sigmas
        guard !values.isEmpty else { return nil }
        sigmas = try path.buffer(
            "sigmas", shape: [values.count], initializer: .values(Tensor(values.map(Float.init))))
    }
}
