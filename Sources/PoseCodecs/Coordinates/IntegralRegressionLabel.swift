public import PoseCore
public import PyConfig

/// Coordinates, and Gaussian maps to guide them (integral regression, Sun et al. 2018; DSNT, Nibali et al. 2018).
///
/// Targets: those of `RegressionLabel`, and field `heatmaps` of `MSRAHeatmap`, which with `normalize` sum to one. Decodes
/// `.regression` as `RegressionLabel` does.
public struct IntegralRegressionLabel: KeypointCodec {
    /// Whether every map sums to one.
    public let normalize: Bool
    private let heatmaps: MSRAHeatmap
    private let regression: RegressionLabel

    /// Arguments: those of `MSRAHeatmap`, and `normalize=True`.
    ///
    /// - Throws: `ConfigError`.
    public init(_ arguments: Arguments) throws {
        heatmaps = try MSRAHeatmap(arguments)
        regression = RegressionLabel(inputSize: heatmaps.inputSize)
        normalize = try arguments.bool("normalize", default: true)
    }

    public func encode(
        _ annotation: KeypointAnnotation, using generator: inout some RandomNumberGenerator
    ) throws -> EncodedTargets {
        var targets = try regression.encode(annotation, using: &generator)
        targets.fields = try heatmaps.encode(annotation, using: &generator).fields
        if normalize, case .float32(var maps) = targets.fields["heatmaps"] {
            let plane = heatmaps.heatmapSize.area
            for start in stride(from: 0, to: maps.count, by: plane) {
                let map = start..<start + plane
                let sum = Float(maps.elements[map].reduce(0) { $0 + Double($1) }) + 1e-24
                for index in map { maps.elements[index] /= sum }
            }
            targets.fields["heatmaps"] = .float32(maps)
        }
        return targets
    }

    public func decode(_ output: HeadOutput, image index: Int, context: DecodingContext) throws -> [DecodedPose] {
        try regression.decode(output, image: index, context: context)
    }
}
