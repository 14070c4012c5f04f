import PyConfig
public import Torch

/// The mobile network that ViPNAS found for video poses (Xu et al. 2021).
///
/// Shapes: input `(B, 3, H, W)`; one output `(B, wid.last, H/s, W/s)`, `s` the product of the strides: `(B, 160, H/32,
/// W/32)` by default.
public final class ViPNASMobileNetV3: Backbone {
    private let layers: [any Layer]

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let widths = try arguments.ints("wid", default: [16, 16, 24, 40, 80, 112, 160])
        let kernels = try arguments.ints("ks", default: [3, 3, 7, 7, 5, 7, 5])
        let strides = try arguments.ints("stride", default: [2, 1, 2, 2, 2, 1, 2])
        let names = try arguments.strings(
            "act", default: ["HSwish", "ReLU", "ReLU", "ReLU", "HSwish", "HSwish", "HSwish"])
        let search = try SearchedStages(
            arguments, expansions: [1, 5, 4, 5, 5, 6], depths: [1, 4, 4, 4, 4, 4],
            groups: [8, 120, 20, 100, 280, 240], attention: [true, true, false, true, true, true])
        try search.require(widths, named: "wid", arguments)
        try search.require(kernels, named: "ks", arguments)
        try search.require(strides, named: "stride", arguments)
        let activations = try names.map { try Activation(named: $0) }
        guard activations.count == widths.count else {
            throw arguments.invalid("act", "needs \(widths.count) entries, not \(activations.count)")
        }
        let normalization = try arguments.normalization(default: Normalization())
        try arguments.requirePlainConvolution()
        var layers: [any Layer] = [
            try ConvModule(
                at: path / "conv1", inChannels: 3, outChannels: widths[0], kernel: kernels[0], stride: strides[0],
                padding: kernels[0] / 2, normalization: normalization, activation: activations[0])
        ]
        for (index, depth) in search.depths.enumerated() {
            let stage = index + 1
            guard search.expansions[index] > 1 || widths[index] == widths[stage] else {
                throw arguments.invalid("expan", "a stage with 1 has the channels of the one before it")
            }
            for block in 0..<depth {
                layers.append(
                    try InvertedResidual(
                        at: path / "layer\(layers.count)",
                        InvertedResidual.Configuration(
                            inChannels: widths[block == 0 ? index : stage],
                            middleChannels: widths[stage] * search.expansions[index], outChannels: widths[stage],
                            kernel: kernels[stage], stride: block == 0 ? strides[stage] : 1,
                            groups: search.groups[index], expands: search.expansions[index] != 1,
                            weighsChannels: search.attention[index], activation: activations[stage]), normalization))
            }
        }
        self.layers = layers
        let stages = ["conv1"] + (1..<max(layers.count, 1)).map { "layer\($0)" }
        try TrainingPolicy(arguments).apply(to: path, stages: stages.map { [path / $0] }, stemFollowsBatches: true)
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        [try layers.reduce(x) { try $1($0) }]
    }
}

/// What the search chose for each stage after the stem. In the config these lists begin with `None` for the stem.
struct SearchedStages {
    let expansions, depths, groups: [Int]
    let attention: [Bool]

    init(
        _ arguments: Arguments, expansions: [Int], depths: [Int], groups: [Int], attention: [Bool]
    ) throws {
        self.expansions = try arguments.afterStem("expan", default: expansions) { try $0.ints($1) }
        self.depths = try arguments.afterStem("dep", default: depths) { try $0.ints($1) }
        self.groups = try arguments.afterStem("group", default: groups) { try $0.ints($1) }
        self.attention = try arguments.afterStem("att", default: attention) { try $0.bools($1) }
        let lists = [("expan", self.expansions), ("dep", self.depths), ("group", self.groups)]
        for (name, list) in lists {
            guard list.allSatisfy({ (1...4096).contains($0) }) else {
                throw arguments.invalid(name, "must be None and then numbers from 1, not \(list)")
            }
        }
        let counts = lists.map(\.1.count) + [self.attention.count]
        guard !self.depths.isEmpty, counts.allSatisfy({ $0 == self.depths.count }) else {
            throw arguments.invalid("dep", "expan, dep, group and att need one entry for the stem and one each stage")
        }
    }

    /// Checks a list that has an entry for the stem, too.
    func require(_ list: [Int], named name: String, _ arguments: Arguments) throws {
        guard list.count == depths.count + 1, list.allSatisfy({ (1...4096).contains($0) }) else {
            throw arguments.invalid(name, "needs \(depths.count + 1) numbers from 1, not \(list)")
        }
    }
}

extension Arguments {
    /// A list without its first entry, which stands for the stem and may be `None`.
    fileprivate func afterStem<Element>(
        _ name: String, default value: [Element], _ read: (Arguments, String) throws -> [Element]
    ) throws -> [Element] {
        guard has(name) else { return value }
        guard let list = self.value(name)?.arrayValue, !list.isEmpty else {
            throw invalid(name, "must be a list with one entry for the stem, which may be None, and one each stage")
        }
        return try read(Arguments([.string(name): .list(Array(list.dropFirst()))], at: path), name)
    }
}
