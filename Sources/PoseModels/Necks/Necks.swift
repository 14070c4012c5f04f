public import PyConfig
public import Torch

/// The part of a model between backbone and head: maps a list of feature maps to another.
public protocol Neck: AnyObject, Sendable {
    /// Shapes: see each neck; maps are `(B, Cᵢ, Hᵢ, Wᵢ)`.
    func callAsFunction(_ features: [Tensor]) throws -> [Tensor]
}

/// Every neck, by the name configs use. A new neck is a file in this folder and a line here.
public enum Necks {
    typealias Builder = @Sendable (ParameterPath, Arguments) throws -> any Neck

    static let table: [String: Builder] = [
        "CSPNeXtPAFPN": { try PathAggregation($1, at: $0, variant: .next) },
        "ChannelMapper": { try ChannelMapper($1, at: $0) },
        "FPN": { try FPN($1, at: $0) },
        "FeatureMapProcessor": { try FeatureMapProcessor($1, at: $0) },
        "GlobalAveragePooling": { try GlobalAveragePooling($1, at: $0) },
        "HybridEncoder": { try HybridEncoder($1, at: $0) },
        "PoseWarperNeck": { try PoseWarperNeck($1, at: $0) },
        "YOLOXPAFPN": { try PathAggregation($1, at: $0, variant: .yolox) },
    ]

    /// Builds the neck that `arguments` describe, with its parameters at `path`.
    ///
    /// - Throws: `ModelError.unknownType`, or `ConfigError` when an argument is missing, unknown or of the wrong type.
    public static func build(at path: ParameterPath, _ arguments: Arguments) throws -> any Neck {
        try Registry.build(table, at: path, arguments)
    }
}
