import PoseCore
public import PoseEngine
import PoseModels
import PoseTransforms
import PyConfig
import Torch

/// The losses of one config and their gradients in the real MMPose; a line of `Tests/Fixtures/losses.jsonl`, made by
/// `Tools/oracle/zoo_losses.py`.
public struct LossRecord: Codable, Sendable {
    /// Path below the zoo's `configs` folder.
    public let config: String
    /// `[B, 3, H, W]`
    public let input: [Int]
    /// How many people an image has.
    public let instances: Int
    /// How many keypoints a person has.
    public let keypoints: Int
    /// Losses and measures by their names in the log, `loss` their total.
    public let losses: [String: Double]
    /// The norm of the gradients of all parameters together; nil when MMPose's is no number.
    public let gradient: Double?

    /// Whether people are pairs of hands, in space.
    var isHand: Bool { config.hasPrefix("hand_3d") }
}

/// How a config's losses compare with MMPose's.
public struct LossComparison: Sendable {
    /// The largest relative differences.
    public let losses, gradient: Deviation

    /// Losses within 1e-4, the gradient within 1e-3.
    public var agrees: Bool { losses.worst <= 1e-4 && gradient.worst <= 1e-3 }
}

/// Compares losses of models with formula weights, on formula images with formula annotations, with the real MMPose's.
public enum LossCheck {
    /// Makes the targets of a record with the codec of its config and compares losses and gradient.
    ///
    /// - Throws: whatever building, making targets and training throw.
    public static func compare(_ record: LossRecord, locations: ConfigLocations) throws -> LossComparison {
        // With wavelengths by formula, below two pixels, even MMPose's own gradients are off by 4 % in single precision.
        let loaded = try ZooCheck.trainableFormulaModel(record.config, locations: locations) { $0.contains("dim_t") }
        let steps = try steps(of: loaded.config)
        let batch = try (0..<record.input[0]).map { index in
            var sample = try FormulaAnnotation.sample(record, index: index)
            var generator = MiddleGenerator()
            for step in steps { try step(&sample, using: &generator) }
            guard let packed = sample.packed else {
                throw ModelError.invalidInput("\(record.config): PackPoseInputs is not in the training pipeline")
            }
            return packed
        }
        let images = try Tensor(FormulaWeights.image(shape: record.input), shape: record.input)
        let losses = try loaded.model.loss(images, TrainingBatch(batch))
        let total = try losses.total()
        try total.backward()
        var (difference, gradient) = (Deviation(), Deviation())
        for (name, expected) in record.losses {
            let value = name == "loss" ? total : losses[name]
            difference.add(try value.map { Double(try $0.mean().item()) }, expected, floor: 1e-6, name)
        }
        guard let expectedGradient = record.gradient else {
            return LossComparison(losses: difference, gradient: gradient)
        }
        let squares = try loaded.model.store.parameters.compactMap { parameter in
            try parameter.tensor.grad.map { try $0.to(.float64).square().sum().item() }
        }
        gradient.add(squares.reduce(0, +).squareRoot(), expectedGradient, floor: 1e-12, "gradient")
        return LossComparison(losses: difference, gradient: gradient)
    }

    /// The steps of the training pipeline that make and pack targets.
    private static func steps(of config: Config) throws -> [any Transform] {
        for name in ["train_pipeline", "train_pipeline_stage2"] {
            let all = try Arguments(config.root, at: "").children(name)
            if all.isEmpty { continue }
            return try ["GenerateTarget", "BottomupGetHeatmapMask", "PackPoseInputs"].compactMap { type in
                try all.last { try $0.type().split(separator: ".").last.map(String.init) == type }.map(Transforms.make)
            }
        }
        throw ConfigError.missingArgument(path: "config", name: "train_pipeline")
    }
}

/// Draws the middle of every range.
private struct MiddleGenerator: RandomNumberGenerator {
    func next() -> UInt64 { 1 << 63 }
}
