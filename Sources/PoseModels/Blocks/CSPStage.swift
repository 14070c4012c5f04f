import PyConfig
import Torch

/// One stage of a cross-stage partial backbone (CSPDarknet, CSPNeXt).
struct CSPStage: Sendable {
    var inChannels, outChannels, blocks: Int
    var addsIdentity: Bool
    var usesSPP: Bool

    init(_ inChannels: Int, _ outChannels: Int, _ blocks: Int, addsIdentity: Bool = true, usesSPP: Bool = false) {
        self.inChannels = inChannels
        self.outChannels = outChannels
        self.blocks = blocks
        self.addsIdentity = addsIdentity
        self.usesSPP = usesSPP
    }

    /// The stages of the architecture a config names or spells out (`arch_ovewrite`, MMPose's spelling), with its
    /// width and depth factors applied.
    static func configured(_ arguments: Arguments, architectures: [String: [CSPStage]]) throws -> [CSPStage] {
        let name = try arguments.string("arch", default: "P5")
        guard var stages = architectures[name] else {
            throw ModelError.unknownType(name, at: "\(arguments.path).arch", known: Array(architectures.keys))
        }
        if let rows = arguments.value("arch_ovewrite")?.arrayValue, !rows.isEmpty {
            stages = try rows.map { try CSPStage(row: $0, at: "\(arguments.path).arch_ovewrite") }
        }
        let width = try arguments.double("widen_factor", default: 1)
        let depth = try arguments.double("deepen_factor", default: 1)
        guard width > 0, depth > 0, width < 100, depth < 100 else {
            throw ConfigError.invalidArgument(
                path: "\(arguments.path).widen_factor", reason: "widen_factor and deepen_factor must be positive")
        }
        return stages.map { stage in
            var scaled = stage
            scaled.inChannels = Int(Double(stage.inChannels) * width)
            scaled.outChannels = Int(Double(stage.outChannels) * width)
            // Python rounds halves to even.
            scaled.blocks = max(Int((Double(stage.blocks) * depth).rounded(.toNearestOrEven)), 1)
            return scaled
        }
    }

    private init(row: ConfigValue, at path: String) throws {
        guard let cells = row.arrayValue, cells.count == 5, let inChannels = cells[0].intValue,
            let outChannels = cells[1].intValue, let blocks = cells[2].intValue, let identity = cells[3].boolValue,
            let spp = cells[4].boolValue
        else {
            throw ConfigError.invalidArgument(
                path: path, reason: "each stage is [in_channels, out_channels, num_blocks, add_identity, use_spp]")
        }
        self.init(inChannels, outChannels, blocks, addsIdentity: identity, usesSPP: spp)
    }

    /// Halves the resolution, pools over several windows if the stage asks for it, then runs the partial stage.
    func layers(at path: ParameterPath, style: CSPStyle, sppKernels: [Int]) throws -> Sequential {
        var layers: [any Layer] = [
            try style.convolution(at: path / 0, inChannels: inChannels, outChannels: outChannels, kernel: 3, stride: 2)
        ]
        if usesSPP {
            layers.append(
                try SPPBottleneck(
                    at: path / 1, inChannels: outChannels, outChannels: outChannels, kernels: sppKernels, style: style))
        }
        layers.append(
            try CSPLayer(
                at: path / layers.count, inChannels: outChannels, outChannels: outChannels, blocks: blocks,
                addsIdentity: addsIdentity, style: style))
        return Sequential(layers)
    }
}
