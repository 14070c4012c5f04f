import PyConfig
public import Torch

/// HRNet (Sun et al. 2019): parallel branches at strides 4, 8, 16 and 32 that exchange features again and again.
///
/// Shapes: input `(B, inChannels, H, W)`; outputs `(B, C₁, H/4, W/4)` and, with `multiscale_output` in the last
/// stage, one map for each coarser branch too.
public final class HRNet: Backbone {
    /// What a network of this frame has of its own.
    struct Design {
        /// Builds the blocks of one branch of a module.
        typealias Branch = (ParameterPath, HRStageConfiguration, _ module: Int, _ branch: Int) throws -> any Layer

        /// How messages call it.
        var name = "HRNet"
        /// The blocks a config may name, and their output channels over `num_channels`.
        var expansions = ["BASIC": 1, "BOTTLENECK": 4]
        /// How maps are enlarged if the config does not say.
        var upsampling = Interpolation.nearest
        /// The convolutions by which branches are brought to one size.
        var exchange = HRExchange.dense
        /// From `extra` and the style to what builds branches.
        var branches: (_ extra: Arguments, ResidualStyle) throws -> Branch = { _, style in
            { try $1.residualStage(at: $0, branch: $3, style: style) }
        }
    }

    private let stem: [any Layer]
    private let firstStage: Sequential
    private let stages: [Stage]

    init(at path: ParameterPath, _ arguments: Arguments, _ design: Design = Design()) throws {
        guard let extra = try arguments.child("extra") else {
            throw arguments.invalid("extra", "\(design.name) needs its stages here")
        }
        let normalization = try arguments.normalization(default: Normalization()) ?? Normalization()
        let style = ResidualStyle(normalization: normalization)
        let name = normalization.keyName
        stem = [
            try Conv2d(
                at: path / "conv1", inChannels: arguments.int("in_channels", default: 3), outChannels: 64, kernel: 3,
                stride: 2, padding: 1, bias: false),
            try normalization.layer(at: path / "\(name)1", channels: 64),
            ActivationLayer(.relu),
            try Conv2d(
                at: path / "conv2", inChannels: 64, outChannels: 64, kernel: 3, stride: 2, padding: 1, bias: false),
            try normalization.layer(at: path / "\(name)2", channels: 64),
            ActivationLayer(.relu),
        ]
        let parts = HRModule.Parts(
            branch: try design.branches(extra, style),
            upsampling: try Upsampling(extra.child("upsample"), default: design.upsampling), exchange: design.exchange,
            normalization: normalization)
        let first = try HRStageConfiguration(extra, "stage1", design.expansions)
        var channels = [first.channels[0]]
        firstStage = try first.residualStage(at: path / "layer1", inChannels: 64, branch: 0, style: style)
        first.arguments.ignore("num_heads", "mlp_ratios", "num_mlp_ratios", "window_sizes")
        var stages: [Stage] = []
        for index in 2...4 {
            let configuration = try HRStageConfiguration(extra, "stage\(index)", design.expansions)
            let transition = try HRTransition(
                at: path / "transition\(index - 1)", from: channels, to: configuration.channels,
                normalization: normalization)
            let keepsAll = try index < 4 || configuration.arguments.bool("multiscale_output", default: false)
            let modules = try (0..<configuration.modules).map { module in
                try HRModule(
                    at: path / "stage\(index)" / module, configuration, index: module,
                    keepsAllBranches: keepsAll || module < configuration.modules - 1, parts)
            }
            try configuration.arguments.finish()
            channels = configuration.channels
            stages.append(Stage(transition: transition, modules: modules))
        }
        self.stages = stages
        try first.arguments.finish()
        try extra.finish()
        try arguments.requirePlainConvolution()
        try TrainingPolicy(arguments).apply(
            to: path,
            stages: [
                ["conv1", "\(name)1", "conv2", "\(name)2"], ["layer1", "transition1"], ["stage2", "transition2"],
                ["stage3", "transition3"], ["stage4"],
            ].map { $0.map { path / $0 } })
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        let y = try firstStage(stem.reduce(x) { try $1($0) })
        return try stages.reduce([y]) { try $1($0) }
    }

    /// A transition that adds a branch, then modules that exchange between branches.
    private struct Stage: Sendable {
        let transition: HRTransition
        let modules: [HRModule]

        func callAsFunction(_ branches: [Tensor]) throws -> [Tensor] {
            try modules.reduce(transition(branches)) { try $1($0) }
        }
    }
}

/// One `stageN` dictionary of an HRNet's `extra`.
struct HRStageConfiguration {
    let name: String
    let arguments: Arguments
    let block: String
    let modules: Int
    let blocks: [Int]
    /// Output channels of each branch, the block's expansion included.
    let channels: [Int]

    /// - Parameter expansions: the blocks there are, with their output channels over `num_channels`.
    init(_ extra: Arguments, _ name: String, _ expansions: [String: Int]) throws {
        guard let arguments = try extra.child(name) else { throw extra.invalid(name, "this stage is missing") }
        self.name = name
        self.arguments = arguments
        block = try arguments.string("block")
        guard let expansion = expansions[block] else {
            throw ModelError.unknownType(block, at: "\(arguments.path).block", known: Array(expansions.keys))
        }
        modules = try arguments.int("num_modules", in: 1...1024)
        blocks = try arguments.ints("num_blocks")
        let widths = try arguments.ints("num_channels")
        guard (blocks + widths).allSatisfy({ (1...65536).contains($0) }) else {
            throw arguments.invalid("num_channels", "num_channels and num_blocks must be positive")
        }
        channels = widths.map { $0 * expansion }
        let branches = try arguments.int("num_branches")
        guard branches == blocks.count, branches == channels.count, branches > 0 else {
            throw ConfigError.invalidArgument(
                path: arguments.path,
                reason: "num_branches is \(branches), but num_blocks has \(blocks.count) and num_channels"
                    + " \(channels.count) entries")
        }
    }

    /// Residual blocks on one branch.
    func residualStage(
        at path: ParameterPath, inChannels: Int? = nil, branch: Int, style: ResidualStyle
    ) throws -> Sequential {
        guard let kind = ["BASIC": ResidualKind.basic, "BOTTLENECK": .bottleneck][block] else {
            throw ModelError.unknownType(block, at: "\(arguments.path).block", known: ["BASIC", "BOTTLENECK"])
        }
        return try kind.stage(
            at: path, count: blocks[branch], inChannels: inChannels ?? channels[branch], outChannels: channels[branch],
            stride: 1, style: style)
    }
}

/// How a coarser branch is enlarged before it is added to a finer one.
struct Upsampling: Sendable {
    let mode: Interpolation

    /// - Parameter fallback: what holds without a dictionary.
    init(_ arguments: Arguments?, default fallback: Interpolation) throws {
        guard let arguments else {
            mode = fallback
            return
        }
        let name = try arguments.string("mode", default: "nearest")
        let alignCorners = try arguments.optionalBool("align_corners") ?? false
        switch name {
        case "nearest": mode = .nearest
        case "bilinear": mode = .bilinear(alignCorners: alignCorners)
        default:
            throw ModelError.unknownType(name, at: "\(arguments.path).mode", known: ["nearest", "bilinear"])
        }
        try arguments.finish()
    }
}
