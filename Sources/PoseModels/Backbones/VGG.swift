import PyConfig
public import Torch

/// VGG (Simonyan & Zisserman 2015): stages of 3×3 convolutions, each ended by a max-pooling.
///
/// Shapes: input `(B, 3, H, W)`; output `i` of `out_indices` is `(B, 64·2ⁱ (at most 512), H/2ⁱ⁺¹, W/2ⁱ⁺¹)`, and with
/// `num_classes` and an input of 224×224 their logits `(B, num_classes)` last.
public final class VGG: Backbone {
    private let stages: [Sequential]
    private let outputs: Set<Int>
    private let classifier: Sequential?

    init(at path: ParameterPath, _ arguments: Arguments) throws {
        let depth = try arguments.int("depth")
        guard let blocks = Self.blocks[depth] else {
            throw arguments.invalid("depth", "VGG has depths \(Self.blocks.keys.sorted()), not \(depth)")
        }
        let count = try arguments.int("num_stages", default: 5, in: 1...5)
        let dilations = try arguments.ints("dilations", default: [1, 1, 1, 1, 1])
        guard dilations.count == count else {
            throw arguments.invalid("dilations", "needs one entry for each of the \(count) stages")
        }
        let classes = try arguments.int("num_classes", default: -1)
        outputs = try arguments.has("out_indices") ? arguments.outIndices([], in: 0...count) : [classes > 0 ? 5 : 4]
        let normalization = try arguments.normalization(default: nil)
        let activation = try arguments.activation(default: .relu)
        let ceilMode = try arguments.bool("ceil_mode", default: false)
        let endsWithPooling = try arguments.bool("with_last_pool", default: true)
        try arguments.requirePlainConvolution()
        // Convolutions and poolings of all stages are numbered through.
        let features = path / "features"
        var position = 0
        var inChannels = 3
        var modules: [[ParameterPath]] = [[]]
        stages = try (0..<count).map { stage in
            let outChannels = min(64 << stage, 512)
            var layers: [any Layer] = []
            var paths: [ParameterPath] = []
            for _ in 0..<blocks[stage] {
                paths.append(features / position)
                layers.append(
                    try ConvModule(
                        at: features / position, inChannels: inChannels, outChannels: outChannels, kernel: 3,
                        padding: dilations[stage], dilation: dilations[stage], bias: true,
                        normalization: normalization, activation: activation))
                inChannels = outChannels
                position += 1
            }
            if stage < count - 1 || endsWithPooling { layers.append(MaxPool2d(kernel: 2, ceilMode: ceilMode)) }
            position += 1
            modules.append(paths)
            return Sequential(layers)
        }
        classifier = try classes > 0 ? Self.classifier(at: path / "classifier", classes: classes) : nil
        try TrainingPolicy(arguments).apply(to: path, stages: modules)
    }

    public func callAsFunction(_ x: Tensor) throws -> [Tensor] {
        guard let classifier else { return try features(of: stages, x, at: outputs) }
        let all = try features(of: stages, x, at: outputs.union([stages.count - 1]))
        let logits = try classifier(all.element(at: -1).flatten(from: 1))
        return (outputs.contains(stages.count - 1) ? all : all.dropLast()) + [logits]
    }

    /// Convolutions of each stage, by depth.
    private static let blocks = [
        11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4],
    ]

    private static func classifier(at path: ParameterPath, classes: Int) throws -> Sequential {
        Sequential([
            try Linear(at: path / 0, in: 512 * 7 * 7, out: 4096), ActivationLayer(.relu), Dropout(at: path / 2),
            try Linear(at: path / 3, in: 4096, out: 4096), ActivationLayer(.relu), Dropout(at: path / 5),
            try Linear(at: path / 6, in: 4096, out: classes),
        ])
    }
}
