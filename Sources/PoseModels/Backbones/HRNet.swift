import PyConfig
public import Torch

/// HRNet (Sun et al. 2019): parallel branches at strides 4, 8, 16 and 32 that exchange features again and again.
///
/// Shapes: input `(B, inChannels, H, W)`; outputs `(B, C₁, H/4, W/4)` and, with `multiscale_output` in the last
/// stage, one map for each coarser branch too.
public final class HRNet: Backbone {
    private let stem: [any Layer]
    private let firstStage: Sequential
    private let stages: [Stage]

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        guard let extra = try arguments.child("extra") else {
            throw ConfigError.invalidArgument(path: "\(arguments.path).extra", reason: "HRNet needs its stages here")
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
        let upsampling = try Upsampling(extra.child("upsample"))
        let first = try HRStageConfiguration(extra, "stage1")
        var channels = [first.channels[0]]
        firstStage = try first.kind.stage(
            at: path / "layer1", count: first.blocks[0], inChannels: 64, outChannels: channels[0], stride: 1,
            style: style)
        var stages: [Stage] = []
        for index in 2...4 {
            let configuration = try HRStageConfiguration(extra, "stage\(index)")
            let transition = try HRTransition(
                at: path / "transition\(index - 1)", from: channels, to: configuration.channels,
                normalization: normalization)
            let keepsAll = try index < 4 || configuration.arguments.bool("multiscale_output", default: false)
            let modules = try (0..<configuration.modules).map { module in
                try HRModule(
                    at: path / "stage\(index)" / module, kind: configuration.kind, blocks: configuration.blocks,
                    channels: configuration.channels, keepsAllBranches: keepsAll || module < configuration.modules - 1,
                    upsampling: upsampling, style: style)
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
    let arguments: Arguments
    let kind: ResidualKind
    let modules: Int
    let blocks: [Int]
    /// Output channels of each branch, the block's expansion included.
    let channels: [Int]

    init(_ extra: Arguments, _ name: String) throws {
        guard let arguments = try extra.child(name) else {
            throw ConfigError.invalidArgument(path: "\(extra.path).\(name)", reason: "this stage is missing")
        }
        self.arguments = arguments
        let block = try arguments.string("block")
        switch block {
        case "BASIC": kind = .basic
        case "BOTTLENECK": kind = .bottleneck
        default:
            throw ModelError.unknownType(block, at: "\(arguments.path).block", known: ["BASIC", "BOTTLENECK"])
        }
        modules = try arguments.int("num_modules")
        blocks = try arguments.ints("num_blocks")
        let expansion = kind.expansion
        channels = try arguments.ints("num_channels").map { $0 * expansion }
        let branches = try arguments.int("num_branches")
        guard branches == blocks.count, branches == channels.count, branches > 0, modules > 0 else {
            throw ConfigError.invalidArgument(
                path: arguments.path,
                reason: "num_branches is \(branches), but num_blocks has \(blocks.count) and num_channels"
                    + " \(channels.count) entries")
        }
    }
}

/// How a coarser branch is enlarged before it is added to a finer one.
struct Upsampling: Sendable {
    let mode: Interpolation

    /// Nearest neighbour unless the config says otherwise.
    init(_ arguments: Arguments?) throws {
        guard let arguments else {
            mode = .nearest
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
