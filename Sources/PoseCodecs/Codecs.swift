public import PoseCore
public import PyConfig

/// The codecs by the name a config's `codec = dict(type=…)` gives them. A new codec is one file and one line here.
public enum Codecs {
    private typealias Constructor = @Sendable (Arguments) throws -> any KeypointCodec

    private static let table: [String: Constructor] = [
        "AssociativeEmbedding": { try AssociativeEmbedding($0) },
        "DecoupledHeatmap": { try DecoupledHeatmap($0) },
        "EDPoseLabel": { try EDPoseLabel($0) },
        "Hand3DHeatmap": { try Hand3DHeatmap($0) },
        "ImagePoseLifting": { try ImagePoseLifting($0) },
        "IntegralRegressionLabel": { try IntegralRegressionLabel($0) },
        "MSRAHeatmap": { try MSRAHeatmap($0) },
        "MegviiHeatmap": { try MegviiHeatmap($0) },
        "MotionBERTLabel": { try MotionBERTLabel($0) },
        "RegressionLabel": { try RegressionLabel($0) },
        "SPR": { try SPR($0) },
        "SimCCLabel": { try SimCCLabel($0) },
        "UDPHeatmap": { try UDPHeatmap($0) },
        "VideoPoseLifting": { try VideoPoseLifting($0) },
        "YOLOXPoseAnnotationProcessor": { try YOLOXPoseAnnotationProcessor($0) },
    ]

    /// All type names, sorted.
    public static var names: [String] { table.keys.sorted() }

    /// The codec that a config describes.
    ///
    /// - Throws: `ConfigError`, for an unknown type with the nearest names.
    public static func make(_ arguments: Arguments) throws -> any KeypointCodec {
        let type = try arguments.type()
        // A registry's scope ("mmpose.MSRAHeatmap") or a class's module may stand in front.
        let name = type.split(separator: ".").last.map(String.init) ?? type
        guard let constructor = table[name] else {
            let hint = nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
            throw arguments.invalid(
                "type", "unknown codec '\(type)'\(hint) (known codecs: \(names.joined(separator: ", ")))")
        }
        let codec = try constructor(arguments)
        try arguments.finish()
        return codec
    }
}
