public import PyConfig
import Torch

/// SimCC (Li et al. 2022): two linear layers classify the column and the row of each keypoint from its flattened map.
///
/// Shapes: reads the last feature map `(B, inChannels, H, W)`, gives `(B, K, inputWidth·r)` and `(B, K, inputHeight·r)`.
public final class SimCCHead: DistributionHead {
    private let deconvolution: DeconvolutionLayers?
    private let hiddenLayers: Int
    private let final: Conv2d?
    private let column, row: Linear
    let criterion: DistributionCriterion
    public let keypointCount: Int
    public let decoder: ConfigDict?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let type = try arguments.string("deconv_type", default: "heatmap")
        let types: [String: DeconvolutionConfiguration.Defaults] = ["heatmap": .simpleBaseline, "vipnas": .simCCViPNAS]
        guard let defaults = types[type] else {
            throw ModelError.unknownType(type, at: "\(arguments.path).deconv_type", known: Array(types.keys))
        }
        let bins = try SimCCBins(arguments)
        var mapSize = try arguments.ints("in_featuremap_size")
        let configuration = try DeconvolutionConfiguration(arguments, defaults: defaults)
        if configuration.deconvolutions.isEmpty {
            deconvolution = nil
            final = try DeconvolutionLayers(
                at: path, inChannels: arguments.singleInChannels(), outChannels: arguments.int("out_channels"),
                configuration.withoutConvolutions()
            ).final
        } else {
            deconvolution = try DeconvolutionLayers(
                at: path / "deconv_head", inChannels: arguments.singleInChannels(),
                outChannels: arguments.int("out_channels"), configuration)
            final = nil
            mapSize = mapSize.map { $0 << configuration.deconvolutions.count }
        }
        hiddenLayers = 3 * configuration.convolutions.count
        let pixels = mapSize.reduce(1, *)
        column = try Linear(at: path / "mlp_head_x", in: pixels, out: bins.columns)
        row = try Linear(at: path / "mlp_head_y", in: pixels, out: bins.rows)
        keypointCount = try arguments.int("out_channels")
        decoder = arguments.decoder()
        criterion = try DistributionCriterion(at: path, arguments)
        arguments.ignore("deconv_num_groups", "init_cfg", "_scope_")
    }

    func axes(_ features: [Tensor]) throws -> [Tensor] {
        var maps = try features.element(at: -1)
        if let deconvolution { maps = try deconvolution(maps) }
        if let final { maps = try final(maps) }
        let flat = try maps.flatten(from: 2)
        return [try column(flat), try row(flat)]
    }

    public var conversions: [any StateDictRule] {
        guard deconvolution != nil else { return [] }
        return [NestedRule(module: "deconv_head", rule: SplitFinalLayer(hiddenLayers: hiddenLayers))]
    }
}

extension DeconvolutionConfiguration.Defaults {
    /// SimCC's own widths also with the grouped layers of ViPNAS.
    fileprivate static let simCCViPNAS = Self(
        deconvolutions: Array(repeating: .init(channels: 256, kernel: 4, groups: 16), count: 3), readsGroups: true)
}

/// How many columns and rows a SimCC representation distinguishes.
struct SimCCBins {
    let columns, rows: Int

    init(_ arguments: Arguments) throws {
        let size = try arguments.ints("input_size")
        let ratio = try arguments.double("simcc_split_ratio", default: 2)
        guard size.count == 2, size.allSatisfy({ (1...65536).contains($0) }), ratio > 0, ratio < 100 else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).input_size",
                reason: "must be [width, height] in pixels, with a positive simcc_split_ratio")
        }
        columns = Int(Double(size[0]) * ratio)
        rows = Int(Double(size[1]) * ratio)
    }
}
