public import PyConfig
public import Torch

/// The part of a model that turns feature maps into keypoint predictions.
public protocol Head: AnyObject, Sendable {
    /// Runs the head without decoding.
    func callAsFunction(_ features: [Tensor]) throws -> HeadTensors

    /// Number of keypoints it predicts.
    var keypointCount: Int { get }

    /// The codec that turns this head's outputs into coordinates, as the config gives it; `nil` if it gives none.
    var decoder: ConfigDict? { get }

    /// How state dicts of older versions become this head's.
    var conversions: [any StateDictRule] { get }
}

extension Head {
    public var conversions: [any StateDictRule] { [] }
}

/// Every head, by the name configs use. A new head is a file in this folder and a line here.
public enum Heads {
    typealias Builder = @Sendable (ParameterPath, Arguments) throws -> any Head

    static let table: [String: Builder] = [
        "AssociativeEmbeddingHead": { try AssociativeEmbeddingHead(at: $0, $1) },
        "CIDHead": { try CIDHead(at: $0, $1) },
        "CPMHead": { try CPMHead(at: $0, $1) },
        "DEKRHead": { try DEKRHead(at: $0, $1) },
        "DSNTHead": { try IntegralRegressionHead(at: $0, $1, learnsHeatmaps: true) },
        "EDPoseHead": { try EDPoseHead(at: $0, $1) },
        "HeatmapHead": { try HeatmapHead(at: $0, $1) },
        "IntegralRegressionHead": { try IntegralRegressionHead(at: $0, $1) },
        "InternetHead": { try InternetHead(at: $0, $1) },
        "MSPNHead": { try MSPNHead(at: $0, $1) },
        "MotionRegressionHead": { try MotionRegressionHead(at: $0, $1) },
        "RLEHead": { try RLEHead(at: $0, $1) },
        "RTMCCHead": { try RTMCCHead(at: $0, $1) },
        "RTMOHead": { try RTMOHead(at: $0, $1) },
        "RTMWHead": { try RTMWHead(at: $0, $1) },
        "RegressionHead": { try RegressionHead(at: $0, $1) },
        "SimCCHead": { try SimCCHead(at: $0, $1) },
        "TemporalRegressionHead": { try TemporalRegressionHead(at: $0, $1) },
        "TrajectoryRegressionHead": { try TemporalRegressionHead(at: $0, $1, target: .trajectory) },
        "ViPNASHead": { try HeatmapHead(at: $0, $1, defaults: .viPNAS) },
        "VisPredictHead": { try VisPredictHead(at: $0, $1) },
        "YOLOXPoseHead": { try YOLOXPoseHead(at: $0, $1) },
    ]

    /// Builds the head that `arguments` describe, with its parameters at `path`.
    ///
    /// - Throws: `ModelError.unknownType`, or `ConfigError` when an argument is missing, unknown or of the wrong type.
    public static func build(at path: ParameterPath, _ arguments: Arguments) throws -> any Head {
        try Registry.build(table, at: path, arguments)
    }
}

extension Arguments {
    /// The `decoder` of a head, kept as a dictionary: the codec is built once by whoever owns the model.
    func decoder() -> ConfigDict? {
        value("decoder")?.dictValue
    }

    /// The channels of the one map a head reads; a list of channels is for heads that read several.
    func singleInChannels() throws -> Int {
        guard let channels = value("in_channels")?.arrayValue else { return try int("in_channels") }
        throw ConfigError.invalidArgument(
            path: "\(path).in_channels",
            reason: "this head reads one feature map, but \(channels.count) are given; select or join them with a neck")
    }
}
